/** A figure: its drawing at the width there is, what it says in words, its numbers as a table, and ways to take it away. */
import { button } from "./controls.js";
import { fill, fresh, h, s } from "./dom.js";
import { saveCsv, savePng, saveSvg } from "./export.js";
import { onLeave } from "./live.js";
import { t } from "./words.js";

const WIDEST = 1180;
const NARROWEST = 260;

/**
 * A figure.
 *
 * @param {string} name name of the files that leave the page
 * @param {string} title what it shows
 * @param {string} text what it says, for who does not see it
 * @param {(width: number) => SVGElement} draw the drawing, for a width in pixels
 * @param {{head: string[], rows: Array<Array<string|number>>, shown?: string[][]}} data its numbers, and how they are written
 * @param {{note?: string, legend?: Node, extra?: Node}} more a note below, a legend above, something between
 */
export function figure(name, title, text, draw, data, { note = "", legend = null, level = "h3", quiet = false } = {}) {
  const stage = h("div", { class: "stage" });
  const titleId = fresh("figure");
  let drawn = null;
  const redraw = (width) => {
    const wide = Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
    if (drawn?.viewBox.baseVal.width === wide) return;
    drawn = named(draw(wide), title, text);
    fill(stage, drawn);
  };
  const watcher = new ResizeObserver((entries) => redraw(entries[0].contentRect.width));
  watcher.observe(stage);
  onLeave(() => watcher.disconnect());
  const tools = h(
    "div",
    { class: "tools no-print", role: "group", "aria-label": t("figure.tools", { title }) },
    button("PNG", () => savePng(name, drawn), { "aria-label": t("figure.png", { title }) }),
    button("SVG", () => saveSvg(name, drawn), { "aria-label": t("figure.svg", { title }) }),
    button("CSV", () => saveCsv(name, data.head, data.rows), { "aria-label": t("figure.csv", { title }) }),
  );
  return h(
    "figure",
    { class: "figure", "aria-labelledby": titleId },
    h("div", { class: "figure-head" }, h(level, { id: titleId }, title), tools),
    legend,
    stage,
    h("figcaption", {}, h("p", { class: quiet ? "unseen" : null }, text), note && h("p", { class: "hint" }, note)),
    numbersOf(data, title),
  );
}

/** The drawing with its name and what it says, which go with it when it is exported. */
function named(svg, title, text) {
  const [titleId, textId] = [fresh("title"), fresh("text")];
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-labelledby", titleId);
  svg.setAttribute("aria-describedby", textId);
  svg.prepend(s("title", { id: titleId }, title), s("desc", { id: textId }, text));
  return svg;
}

function numbersOf(data, title) {
  const rows = data.shown ?? data.rows;
  const line = (row) => row.map((value, place) => (place ? h("td", {}, value) : h("th", { scope: "row" }, value)));
  const table = h(
    "table",
    {},
    h("caption", { class: "unseen" }, title),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        data.head.map((text) => h("th", { scope: "col" }, text)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) => h("tr", {}, line(row))),
    ),
  );
  const scroll = h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": t("figure.table_of", { title }) },
    table,
  );
  return h("details", { class: "numbers" }, h("summary", {}, t("figure.table")), scroll);
}

/** A list of badges with what they stand for. */
export function legendOf(entries) {
  return h(
    "ul",
    { class: "legend" },
    entries.map(([badge, text]) => h("li", {}, badge, text)),
  );
}
