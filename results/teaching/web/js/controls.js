/** Choosing: lists, rows of choices, and switches, each bound to one key of the address. */
import { fresh, h } from "./dom.js";
import { onChange } from "./live.js";
import { change, state } from "./state.js";

/** A list to choose from; `options` are `[value, text]`, or `[group, [[value, text], …]]`. */
export function picker(label, key, options, standard, { hint = "" } = {}) {
  const id = fresh("pick");
  const option = ([value, text]) => h("option", { value }, text);
  const select = h(
    "select",
    { id, onchange: () => change({ [key]: select.value }) },
    options.map(([head, rest]) =>
      Array.isArray(rest) ? h("optgroup", { label: head }, rest.map(option)) : option([head, rest]),
    ),
  );
  const show = () => {
    select.value = state()[key] ?? standard;
    if (select.selectedIndex < 0) select.value = standard;
  };
  show();
  onChange([key], show);
  return h("div", { class: "field" }, h("label", { for: id }, label), select, hint && h("p", { class: "hint" }, hint));
}

/** A row of choices of which one holds; `options` are `[value, content]`. */
export function segments(label, key, options, standard, { quiet = false } = {}) {
  const name = fresh("choice");
  const inputs = options.map(([value, content]) => {
    const input = h("input", { type: "radio", name, value, onchange: () => change({ [key]: value }, { quiet }) });
    return h("label", { class: "segment" }, input, h("span", {}, content));
  });
  const show = () => {
    for (const segment of inputs) segment.firstChild.checked = segment.firstChild.value === (state()[key] ?? standard);
  };
  show();
  onChange([key], show);
  return h("fieldset", { class: "segments" }, h("legend", {}, label), h("div", { class: "row" }, inputs));
}

/** A button with a text. */
export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}
