/** A sum built up euro by euro: each line begins where the one before ends. */
import { label, lines, widthOf } from "./chart_text.js";
import { s } from "./dom.js";
import { INK, MUTED, RULE } from "./marks.js";
import { linear, spanOf, ticks } from "./scales.js";

const NARROW = 620;
const BAR = 20;

/**
 * The drawing of a sum, for a width.
 *
 * @param {Array<{label: string, amount: number, total?: boolean}>} lines_ what adds up, and totals in between
 */
export function moneyChart(lines_, width, write) {
  const narrow = width < NARROW;
  const left = narrow ? 8 : Math.min(340, width * 0.4);
  const starts = [];
  let sum = 0;
  for (const line of lines_) {
    starts.push(line.total ? 0 : sum);
    if (!line.total) sum += line.amount;
  }
  const span = spanOf([0, ...lines_.flatMap((line, at) => [starts[at], starts[at] + line.amount])], { zero: true });
  const room = Math.max(...lines_.map(({ amount }) => widthOf(write(amount), 12, 600))) + 12;
  const scale = linear(span, [left + 4, width - room]);
  const group = s("g", {});
  let top = 4;
  lines_.forEach((line, at) => {
    const name = lines(line.label, narrow ? width - 16 : left - 14, 13, line.total ? 700 : 400);
    const above = narrow ? name.length * 16 + 2 : 0;
    const height = Math.max(BAR + 10, narrow ? 0 : name.length * 16 + 8);
    group.append(barOf(line, starts[at], scale, top + above + (height - BAR) / 2, write));
    group.append(
      label(name, 6, top + (narrow ? 14 : height / 2 - (name.length - 1) * 8 + 5), { weight: line.total ? 700 : 400 }),
    );
    top += above + height;
  });
  const grid = ticks(span[0], span[1], 4).map((value) => [
    s("line", {
      x1: scale(value),
      x2: scale(value),
      y1: 0,
      y2: top,
      stroke: RULE,
      "stroke-width": value === 0 ? 1.6 : 0.8,
    }),
    label(write(value), scale(value), top + 16, {
      size: 12,
      fill: MUTED,
      anchor: value === span[0] ? "start" : "middle",
    }),
  ]);
  return s("svg", { viewBox: `0 0 ${width} ${top + 24}`, width, height: top + 24 }, grid.flat(), group);
}

function barOf({ amount, total }, start, scale, y, write) {
  const [from, to] = [scale(start), scale(start + amount)].sort((one, other) => one - other);
  const fill = total ? INK : amount < 0 ? "#c44e00" : "#0072b2";
  const group = s("g", {});
  group.append(s("rect", { x: from, y, width: Math.max(to - from, 1.5), height: BAR, fill, rx: 2 }));
  group.append(label(write(amount), to + 6, y + BAR / 2 + 4, { size: 12, weight: 600, halo: true }));
  return group;
}
