/** Years on the way: a line for each arm, its interval as a band, its own dash and mark. */
import { label, widthOf } from "./chart_text.js";
import { s } from "./dom.js";
import { bounded } from "./estimates.js";
import { MUTED, mark, RULE } from "./marks.js";
import { linear, spanOf, ticks } from "./scales.js";

/**
 * The drawing of series, for a width.
 *
 * @param {Array<{colour: string, shape: string, dash: string, points: number[][]}>} series estimates in order
 * @param {string[]} names what stands under the points
 * @param {{write: (value: number) => string, zero?: boolean, height?: number}} how numbers and their axis
 */
export function linesChart(series, names, width, { write, zero = false, height = 260 }) {
  const values = series.flatMap((one) => one.points.flat()).filter((value) => value !== null);
  const span = spanOf(values, { zero });
  const marks = ticks(span[0], span[1], 5);
  const left = Math.max(...marks.map((value) => widthOf(write(value), 12))) + 16;
  const down = linear(span, [height - 30, 12]);
  const across = linear([0, Math.max(names.length - 1, 1)], [left + 18, width - 22]);
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  for (const value of marks) {
    drawing.append(
      s("line", {
        x1: left,
        x2: width - 4,
        y1: down(value),
        y2: down(value),
        stroke: RULE,
        "stroke-width": value === 0 ? 1.6 : 0.8,
      }),
      label(write(value), left - 8, down(value) + 4, { size: 12, fill: MUTED, anchor: "end" }),
    );
  }
  names.forEach((name, place) => {
    drawing.append(label(name, across(place), height - 8, { size: 12, fill: MUTED, anchor: "middle" }));
  });
  drawing.append(...series.map((one, place) => band(one, shifted(across, place, series.length), down)));
  drawing.append(...series.map((one, place) => line(one, shifted(across, place, series.length), down)));
  return drawing;
}

/** Series stand side by side at a year, so that intervals can be told apart. */
function shifted(across, place, count) {
  return (at) => across(at) + (place - (count - 1) / 2) * 7;
}

function band({ colour, points }, across, down) {
  const known = points.map((estimate, place) => [estimate, place]).filter(([estimate]) => bounded(estimate));
  const there = known.map(([[, , high], place]) => `${across(place)},${down(high)}`);
  const back = known.reverse().map(([[, low], place]) => `${across(place)},${down(low)}`);
  return s("polygon", { points: [...there, ...back].join(" "), fill: colour, "fill-opacity": 0.12 });
}

function line({ colour, shape, dash, points }, across, down) {
  const known = points.map(([mean], place) => [across(place), down(mean)]).filter(([, y]) => Number.isFinite(y));
  const group = s("g", {});
  group.append(
    s("polyline", {
      points: known.map((at) => at.join(",")).join(" "),
      fill: "none",
      stroke: colour,
      "stroke-width": 2.2,
      "stroke-dasharray": dash || null,
    }),
  );
  points.forEach((estimate, place) => {
    if (!bounded(estimate)) return;
    const x = across(place);
    group.append(
      s("line", { x1: x, x2: x, y1: down(estimate[1]), y2: down(estimate[2]), stroke: colour, "stroke-width": 1.4 }),
    );
  });
  group.append(
    ...known.map(([x, y]) => mark(shape, x, y, 4.6, { fill: colour, stroke: "#ffffff", "stroke-width": 1.2 })),
  );
  return group;
}

/** A small line of weeks without axes, with a cursor at a week; for panels beside the map. */
export function spark(values, week, { width = 260, height = 44, colour = "#0072b2" } = {}) {
  const most = Math.max(1, ...values);
  const across = linear([0, Math.max(values.length - 1, 1)], [3, width - 3]);
  const down = linear([0, most], [height - 4, 4]);
  const path = Array.from(values, (value, place) => `${across(place).toFixed(1)},${down(value).toFixed(1)}`);
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "spark", "aria-hidden": "true", preserveAspectRatio: "none" },
    s("line", { x1: 0, x2: width, y1: height - 4, y2: height - 4, stroke: RULE }),
    s("polyline", { points: path.join(" "), fill: "none", stroke: colour, "stroke-width": 1.4 }),
    s("line", { x1: across(week), x2: across(week), y1: 0, y2: height, stroke: "#1f262b", "stroke-width": 1.2 }),
  );
}
