/**
 * Parts of a view that follow the address. Parts lie inside parts: when one is made anew, what lay inside it is forgotten,
 * and stops what it had running.
 */
import { fill, h } from "./dom.js";
import { state } from "./state.js";

function scope() {
  return { parts: [], endings: [] };
}

let whole = scope();
let inner = whole;

function end(left) {
  for (const ending of left.endings) ending();
  for (const part of left.parts) if (part.scope) end(part.scope);
}

/** Forget the parts of the view that is left, and stop what they had running. */
export function leave() {
  end(whole);
  whole = scope();
  inner = whole;
}

/** Do this when the part that is being made goes away. */
export function onLeave(ending) {
  inner.endings.push(ending);
}

/** Call a function whenever one of these keys of the address changes. */
export function onChange(keys, react) {
  inner.parts.push({ keys, react, seen: seenNow(keys) });
}

/** A part of a view that is made anew whenever one of these keys of the address changes. */
export function live(keys, render, attributes = {}) {
  const box = h("div", attributes);
  const part = { keys, seen: seenNow(keys), scope: scope() };
  part.react = () => {
    end(part.scope);
    part.scope = scope();
    const outer = inner;
    inner = part.scope;
    try {
      fill(box, render(state()));
    } finally {
      inner = outer;
    }
  };
  inner.parts.push(part);
  part.react();
  return box;
}

function seenNow(keys) {
  return keys.map((key) => state()[key] ?? "").join("\n");
}

/** Bring the parts up to date with the address. */
export function refresh(within = whole) {
  for (const part of [...within.parts]) {
    const now = seenNow(part.keys);
    if (now !== part.seen) {
      part.seen = now;
      part.react();
    } else if (part.scope) refresh(part.scope);
  }
}

/** Say something to who listens to the page instead of looking at it. */
export function announce(text) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
