/** Strips of lettered or plain dots on one axis: who gets what under each rule; what chance alone gives. */
import { label, lines, widthOf } from "./chart_text.js";
import { s } from "./dom.js";
import { INK, MUTED, RULE } from "./marks.js";
import { linear, spanOf, ticks } from "./scales.js";

const NARROW = 620;

/** Places of dots of a size that do not overlap: each goes to the first level where there is room. */
function stacked(xs, size) {
  const ends = [];
  return xs
    .map((x, place) => [x, place])
    .sort(([one], [other]) => one - other)
    .map(([x, place]) => {
      let at = ends.findIndex((end) => end + size <= x);
      if (at < 0) at = ends.push(0) - 1;
      ends[at] = x;
      return { x, place, at };
    });
}

/**
 * The drawing of strips, for a width.
 *
 * @param {Array<{label: string, strong?: boolean, dots: Array<{value: number, letter?: string, colour?: string}>, mean?: number}>} strips
 */
export function stripsChart(strips, width, { write, size = 9, zero = false }) {
  const narrow = width < NARROW;
  const left = narrow ? 10 : Math.min(280, width * 0.3);
  const values = strips.flatMap((strip) => strip.dots.map(({ value }) => value));
  const span = spanOf(values, { zero });
  const scale = linear(span, [left + size + 4, width - size - 10]);
  const placed = strips.map((strip) =>
    stacked(
      strip.dots.map(({ value }) => scale(value)),
      2 * size + 1,
    ),
  );
  const group = s("g", {});
  let top = 6;
  strips.forEach((strip, at) => {
    const name = lines(strip.label, narrow ? width - 20 : left - 16, 13, strip.strong ? 700 : 400);
    const deep = Math.max(...placed[at].map((dot) => dot.at), 0) + 1;
    const above = narrow ? name.length * 16 + 4 : 0;
    const height = Math.max(deep * (2 * size + 2) + 10, narrow ? 0 : name.length * 16 + 12);
    group.append(s("line", { x1: 0, x2: width, y1: top, y2: top, stroke: RULE, "stroke-width": 0.8 }));
    group.append(
      label(name, 6, top + (narrow ? 15 : height / 2 - (name.length - 1) * 8 + 4), {
        weight: strip.strong ? 700 : 400,
      }),
    );
    group.append(dotsOf(strip, placed[at], top + above + height - size - 5, size));
    if (Number.isFinite(strip.mean)) group.append(meanOf(scale(strip.mean), top + above, height));
    top += above + height;
  });
  const grid = gridOf(span, scale, top, width - left, write);
  return s("svg", { viewBox: `0 0 ${width} ${top + 24}`, width, height: top + 24 }, grid, group);
}

function gridOf(span, scale, bottom, room, write) {
  const grid = s("g", {});
  for (const value of ticks(span[0], span[1], Math.max(2, Math.floor(room / 110)))) {
    const x = scale(value);
    const half = widthOf(write(value), 12) / 2;
    grid.append(s("line", { x1: x, x2: x, y1: 4, y2: bottom, stroke: RULE, "stroke-width": value === 0 ? 1.6 : 0.8 }));
    grid.append(label(write(value), Math.max(half + 2, x), bottom + 17, { size: 12, fill: MUTED, anchor: "middle" }));
  }
  return grid;
}

function meanOf(x, top, height) {
  return s("line", {
    x1: x,
    x2: x,
    y1: top + 2,
    y2: top + height - 2,
    stroke: INK,
    "stroke-width": 2,
    "stroke-dasharray": "4 3",
  });
}

function dotsOf(strip, placed, base, size) {
  const group = s("g", {});
  for (const { x, place, at } of placed) {
    const { letter, colour = "#0072b2" } = strip.dots[place];
    const y = base - at * (2 * size + 2);
    group.append(
      s("circle", {
        cx: x,
        cy: y,
        r: size,
        fill: letter ? "#ffffff" : colour,
        "fill-opacity": letter ? 1 : 0.55,
        stroke: colour,
        "stroke-width": letter ? 2 : 1,
      }),
    );
    if (letter) group.append(label(letter, x, y + 4, { size: size + 1, weight: 700, anchor: "middle" }));
  }
  return group;
}
