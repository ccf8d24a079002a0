/** How to use the page, what the model must not be used for, what words mean, where things come from. */
import { payload } from "./data.js";
import { h } from "./dom.js";
import { said, t } from "./words.js";

/** The last view. */
export function aboutView() {
  const { about, glossary, sources } = payload();
  const keys = [
    ["Tab", t("keys.tab")],
    ["↑ ↓ ← →", t("keys.arrows")],
    ["Enter", t("keys.enter")],
    ["Esc", t("keys.escape")],
  ];
  return h(
    "div",
    { class: "about prose-page" },
    h("h1", { tabindex: -1 }, t("about.title")),
    h("p", { class: "lead" }, t("about.what")),
    h("h2", {}, t("about.limits")),
    h(
      "ul",
      {},
      about.limits.map((text) => h("li", {}, said(text))),
    ),
    h("h2", {}, t("about.uncertainty")),
    h("p", {}, t("about.intervals")),
    h("h2", {}, t("about.use")),
    h("p", {}, t("about.link")),
    h(
      "dl",
      { class: "keys" },
      keys.map(([key, text]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text))),
    ),
    h("h2", {}, t("about.glossary")),
    h(
      "dl",
      { class: "glossary" },
      glossary.map((entry) => h("div", {}, h("dt", {}, said(entry.term)), h("dd", {}, said(entry.meaning)))),
    ),
    h("h2", {}, t("lesson.sources")),
    h(
      "ul",
      { class: "sources" },
      Object.entries(sources).map(([id, source]) =>
        h("li", {}, h("strong", {}, said(source.title)), " ", source.reference, " ", h("code", {}, id)),
      ),
    ),
    h("h2", {}, t("about.licence")),
    h("p", {}, said(about.licence)),
    h("p", { class: "hint" }, t("about.version", { version: about.version, code: about.code })),
  );
}
