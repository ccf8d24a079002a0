/**
 * Estimates in rows: a mark for each arm with its interval as a line, on an axis of the row's own or one for all; what
 * differs beyond chance has a tinted row and a word beside it.
 */
import { label, lines, widthOf } from "./chart_text.js";
import { s } from "./dom.js";
import { bounded } from "./estimates.js";
import { MUTED, mark, RULE } from "./marks.js";
import { linear, spanOf, ticks } from "./scales.js";

const STEP = 19;
const LINE = 17;
const NARROW = 620;
const TINT = "#f3ecd9";

/**
 * @typedef {object} Row
 * @property {string} label what the row is about
 * @property {string} unit unit of its numbers, where they do not carry it
 * @property {(value: number) => string} write how its numbers are written
 * @property {Array<{colour: string, shape: string, estimate: number[], dots?: number[]}>} entries one an arm
 * @property {{text: string, words: string, clear: boolean}} [difference] what stands beside the row
 */

/** The drawing of rows, for a width. */
export function rowsChart(rows, width, { zero = false, shared = false, bare = false } = {}) {
  const narrow = width < NARROW;
  const beside = rows.some((row) => row.difference);
  const left = narrow ? 8 : Math.min(280, width * 0.3);
  const right = narrow || !beside ? 12 : 208;
  const strip = [left + 8, width - right - 10];
  const common = shared ? domain(rows, zero) : null;
  const parts = [];
  let top = 0;
  for (const row of rows) {
    const axis = !common || row === rows.at(-1);
    const span = common ?? domain([row], zero);
    const made = rowOf(row, { top, width, narrow, left, right, strip, bare, axis, span });
    parts.push(made.node);
    top += made.height;
  }
  return s("svg", { viewBox: `0 0 ${width} ${top + 4}`, width, height: top + 4 }, parts);
}

function domain(rows, zero) {
  const values = rows.flatMap((row) =>
    row.entries.flatMap(({ estimate, dots = [] }) => [...estimate.filter((v) => v !== null), ...dots]),
  );
  return spanOf(values, { zero });
}

function rowOf(row, place) {
  const { top, width, narrow, strip } = place;
  const texts = textsOf(row, place);
  const count = texts.told.length + texts.meant.length;
  const above = narrow ? 12 + (texts.name.length + count) * LINE : 12;
  const depth = row.entries.length * STEP;
  const beneath = place.axis ? 24 : 6;
  const height = above + Math.max(depth + beneath, narrow ? 0 : Math.max(texts.name.length, count) * LINE + 6) + 6;
  const node = s("g", {});
  if (row.difference?.clear) node.append(s("rect", { x: 0, y: top + 1, width, height: height - 2, fill: TINT, rx: 6 }));
  node.append(s("line", { x1: 0, x2: width, y1: top, y2: top, stroke: RULE, "stroke-width": 1 }));
  const first = top + (narrow ? 18 : above + 12);
  node.append(label(texts.name, 8, first, { weight: 600 }));
  if (row.difference) {
    const [x, y] = narrow ? [8, first + texts.name.length * LINE] : [width - place.right + 8, first];
    node.append(label(texts.told, x, y, { weight: row.difference.clear ? 700 : 400 }));
    node.append(label(texts.meant, x, y + texts.told.length * LINE, { size: 12, fill: MUTED }));
  }
  const scale = linear(place.span, strip);
  node.append(axisOf(row, place, scale, top + above - 2, depth));
  row.entries.forEach((entry, at) => {
    node.append(entryOf(entry, scale, top + above + at * STEP + STEP / 2 - 2, place.bare ? null : row.write, strip[1]));
  });
  return { node, height };
}

/** What stands beside a row, in lines: its name, its difference, what that means. */
function textsOf(row, { width, narrow, left, right }) {
  const [room, beside] = narrow ? [width - 16, width - 16] : [left - 16, right - 14];
  const name = lines(row.unit ? `${row.label} (${row.unit})` : row.label, room, 13, 600);
  if (!row.difference) return { name, told: [], meant: [] };
  const told = lines(row.difference.text, beside, 13, row.difference.clear ? 700 : 400);
  return { name, told, meant: lines(row.difference.words, beside, 12) };
}

function axisOf(row, { span, strip, axis }, scale, top, depth) {
  const group = s("g", {});
  const fits = Math.max(2, Math.floor((strip[1] - strip[0]) / 90));
  let before = "";
  for (const value of ticks(span[0], span[1], fits)) {
    const x = scale(value);
    const text = (row.plain ?? row.write)(value);
    if (text === before) continue; // a span finer than its numbers are written
    before = text;
    group.append(
      s("line", { x1: x, x2: x, y1: top, y2: top + depth, stroke: RULE, "stroke-width": value === 0 ? 1.6 : 0.8 }),
    );
    if (!axis) continue;
    const half = widthOf(text, 11) / 2;
    group.append(
      label(text, Math.max(strip[0] + half - 8, Math.min(strip[1] - half + 8, x)), top + depth + 13, {
        size: 11,
        fill: MUTED,
        anchor: "middle",
      }),
    );
  }
  return group;
}

function entryOf({ colour, shape, estimate, dots = [] }, scale, y, write, end) {
  const [mean, low, high] = estimate;
  const group = s("g", {});
  for (const dot of dots)
    group.append(s("circle", { cx: scale(dot), cy: y, r: 2.2, fill: colour, "fill-opacity": 0.28 }));
  if (!Number.isFinite(mean)) return group;
  if (bounded(estimate)) {
    group.append(
      s("line", {
        x1: scale(low),
        x2: scale(high),
        y1: y,
        y2: y,
        stroke: colour,
        "stroke-width": 2.4,
        "stroke-linecap": "round",
      }),
    );
    for (const edge of [low, high])
      group.append(
        s("line", { x1: scale(edge), x2: scale(edge), y1: y - 4, y2: y + 4, stroke: colour, "stroke-width": 1.6 }),
      );
  }
  group.append(mark(shape, scale(mean), y, 5.2, { fill: colour, stroke: "#ffffff", "stroke-width": 1.2 }));
  const edge = scale(bounded(estimate) ? high : mean) + 9;
  if (!write) return group;
  const text = write(mean);
  const room = edge + widthOf(text, 12) < end + 12;
  const x = room ? edge : scale(bounded(estimate) ? low : mean) - 9;
  group.append(label(text, x, y + 4, { size: 12, anchor: room ? "start" : "end", halo: true }));
  return group;
}
