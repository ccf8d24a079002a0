/**
 * Where the reader is, kept in the address, so that a link brings a class to the same place.
 *
 * An address is `#view?key=value&…`; keys that have their default value are left out, and keys of another view are
 * dropped when the view changes, but for those that belong to the whole page.
 */

const KEPT = ["lang", "done"];

const listeners = new Set();
let current = parsed("");

function parsed(hash) {
  const [view, query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { view: view || "home", ...Object.fromEntries(new URLSearchParams(query)) };
}

function written(state) {
  const { view, ...rest } = state;
  const known = Object.entries(rest).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const query = new URLSearchParams(known).toString();
  return `#${view}${query ? `?${query}` : ""}`;
}

/** The state as it stands: `view`, and a text for each key. */
export function state() {
  return current;
}

/** The address of another view, with the keys given and those of the whole page. */
export function address(view, keys = {}) {
  const kept = Object.fromEntries(KEPT.map((key) => [key, current[key]]));
  return written({ view, ...kept, ...keys });
}

/** Change keys of this view; `quiet` changes leave no step in the history (a week that plays on, a slider). */
export function change(keys, { quiet = false, silent = false } = {}) {
  const next = { ...current, ...keys };
  const hash = written(next);
  if (hash === written(current)) return;
  current = parsed(hash);
  if (quiet) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  if (!silent) tell();
}

/** Call a function whenever the state changes. */
export function watch(listener) {
  listeners.add(listener);
}

function tell() {
  for (const listener of listeners) listener(current);
}

/** Read the address now, and whenever the reader goes back or follows a link. */
export function follow() {
  const read = () => {
    current = parsed(location.hash);
    tell();
  };
  window.addEventListener("hashchange", read);
  window.addEventListener("popstate", read);
  current = parsed(location.hash);
}
