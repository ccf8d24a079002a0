/** Text inside drawings: measured, and broken into lines. */
import { s } from "./dom.js";
import { FONT, INK } from "./marks.js";

const LINE = 1.25;
const ruler = document.createElement("canvas").getContext("2d");

/** Width of a text in pixels. */
export function widthOf(text, size = 13, weight = 400) {
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(text).width;
}

/** A text in lines of at most a width. */
export function lines(text, width, size = 13, weight = 400) {
  const found = [];
  let line = "";
  for (const word of String(text).split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer, size, weight) > width) {
      found.push(line);
      line = word;
    } else line = longer;
  }
  return [...found, line];
}

/** A text of a drawing, on one line or several; `y` is the base of the first. */
export function label(text, x, y, { size = 13, weight = 400, fill = INK, anchor = "start", halo = false } = {}) {
  const rows = Array.isArray(text) ? text : [text];
  const around = halo
    ? { stroke: "#ffffff", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" }
    : {};
  const node = s("text", {
    "font-family": FONT,
    "font-size": size,
    "font-weight": weight,
    fill,
    "text-anchor": anchor,
    ...around,
  });
  node.append(...rows.map((row, place) => s("tspan", { x, y: y + place * size * LINE }, row)));
  return node;
}
