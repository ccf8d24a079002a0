/** All designs on two goals at once, each with its intervals; the one that was chosen stands out. */
import { label, lines, widthOf } from "./chart_text.js";
import { s } from "./dom.js";
import { bounded } from "./estimates.js";
import { INK, MUTED, mark, RULE } from "./marks.js";
import { linear, spanOf, ticks } from "./scales.js";

/**
 * The drawing of designs, for a width.
 *
 * @param {Array<{x: number[], y: number[], name: string, chosen?: boolean, reference?: boolean, pick?: () => void}>} dots
 * @param {{title: string, write: (value: number) => string}} across the first goal
 * @param {{title: string, write: (value: number) => string}} up the second goal
 */
export function planeChart(dots, across, up, width) {
  const height = Math.round(Math.min(460, Math.max(300, width * 0.6)));
  const spans = [spanOf(dots.flatMap(({ x }) => x)), spanOf(dots.flatMap(({ y }) => y))];
  const marks = [ticks(...spans[0], Math.max(2, Math.floor(width / 150))), ticks(...spans[1], 5)];
  const left = Math.max(...marks[1].map((value) => widthOf(up.write(value), 12))) + 14;
  const title = lines(`↑ ${up.title}`, width - 12, 13, 600);
  const top = title.length * 17 + 12;
  const x = linear(spans[0], [left + 6, width - 14]);
  const y = linear(spans[1], [height - 44, top]);
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  for (const value of marks[0]) {
    drawing.append(
      s("line", { x1: x(value), x2: x(value), y1: top, y2: height - 44, stroke: RULE, "stroke-width": 0.8 }),
    );
    drawing.append(label(across.write(value), x(value), height - 28, { size: 12, fill: MUTED, anchor: "middle" }));
  }
  for (const value of marks[1]) {
    drawing.append(
      s("line", { x1: left, x2: width - 6, y1: y(value), y2: y(value), stroke: RULE, "stroke-width": 0.8 }),
    );
    drawing.append(label(up.write(value), left - 6, y(value) + 4, { size: 12, fill: MUTED, anchor: "end" }));
  }
  drawing.append(
    label(title, 4, 15, { weight: 600 }),
    label(`${across.title} →`, width - 8, height - 8, { weight: 600, anchor: "end" }),
  );
  const ordered = [...dots].sort((one, other) => Number(Boolean(one.chosen)) - Number(Boolean(other.chosen)));
  drawing.append(...ordered.map((dot) => dotOf(dot, x, y)));
  return drawing;
}

function dotOf(dot, x, y) {
  const group = s("g", dot.pick ? { onclick: dot.pick, cursor: "pointer" } : {}, s("title", {}, dot.name));
  const colour = dot.chosen ? "#c44e00" : dot.reference ? INK : "#0072b2";
  const faint = { stroke: colour, "stroke-width": dot.chosen ? 2 : 1, "stroke-opacity": dot.chosen ? 0.9 : 0.3 };
  if (bounded(dot.x))
    group.append(s("line", { x1: x(dot.x[1]), x2: x(dot.x[2]), y1: y(dot.y[0]), y2: y(dot.y[0]), ...faint }));
  if (bounded(dot.y))
    group.append(s("line", { x1: x(dot.x[0]), x2: x(dot.x[0]), y1: y(dot.y[1]), y2: y(dot.y[2]), ...faint }));
  const shape = dot.chosen ? "diamond" : dot.reference ? "square" : "circle";
  group.append(
    mark(shape, x(dot.x[0]), y(dot.y[0]), dot.chosen ? 8 : 5, { fill: colour, stroke: "#ffffff", "stroke-width": 1.4 }),
  );
  return group;
}
