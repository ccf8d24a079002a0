/** What fills the weeks of a team: hours by use, person by person, in a recorded year. */
import { label, lines } from "./chart_text.js";
import { payload } from "./data.js";
import { s } from "./dom.js";
import { figure, legendOf } from "./figure.js";
import { MUTED, PAPER, RULE } from "./marks.js";
import { linear, ticks } from "./scales.js";
import { number, said, t } from "./words.js";

const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#56b4e9", "#cc79a7", "#c44e00", "#8a6d00", "#5b4a9e"];
const [IDLE, REST] = ["#e6e1d6", "#9aa0a6"];
const LEAST_SHARE = 0.008;
const MINUTES_A_WEEK = 52 * 60;
const [BAR, GAP, NARROW] = [22, 12, 620];

/** The weeks of the members of a place in the last recorded year of a run. */
export function weekFigure(run, site) {
  const staff = payload().territories[run.territory].staff;
  const members = staff
    .map((one, place) => ({ ...one, minutes: run.staff[place].minutes.at(-1) }))
    .filter((one) => one.site === site && one.minutes.some((minutes) => minutes > 0));
  if (!members.length) return null;
  const uses = usesOf(members);
  const bars = members.map((one) => ({ name: said(one.name), hours: uses.map(({ of }) => of(one.minutes)) }));
  const head = [t("week.person"), ...uses.map(({ name }) => name), t("week.sum")];
  const rows = bars.map(({ name, hours }) => [name, ...hours, sum(hours)]);
  const shown = rows.map(([name, ...hours]) => [name, ...hours.map((value) => number(value, 1))]);
  const longest = rows.reduce((one, other) => (other.at(-1) > one.at(-1) ? other : one));
  const text = t("week.says", { name: longest[0], hours: number(longest.at(-1), 1) });
  const legend = legendOf(uses.map(({ name, letter, colour }) => [key(letter, colour), name]));
  const title = t("week.figure", { arm: said(payload().arms[run.arm].title) });
  const draw = (width) => drawn(bars, uses, width);
  return figure(
    `week-${run.id.replaceAll("/", "-")}`,
    title,
    text,
    draw,
    { head, rows, shown },
    { legend, note: t("week.note") },
  );
}

function sum(values) {
  return values.reduce((total, one) => total + one, 0);
}

/** Uses that take a part of somebody's time that can be seen, and the others together; each has a letter and a colour. */
function usesOf(members) {
  const all = sum(members.flatMap((one) => one.minutes));
  const places = payload().uses.map((_, place) => place);
  const large = places.filter((place) => sum(members.map((one) => one.minutes[place])) > LEAST_SHARE * all);
  const small = places.filter((place) => !large.includes(place));
  const named = large.map((place, at) => ({
    name: said(payload().uses[place].label),
    of: (minutes) => minutes[place] / MINUTES_A_WEEK,
    colour: payload().uses[place].id === "idle" ? IDLE : COLOURS[at % COLOURS.length],
  }));
  const together = (minutes) => sum(small.map((place) => minutes[place])) / MINUTES_A_WEEK;
  const rest = { name: t("week.rest"), of: together, colour: REST };
  return [...named, rest].map((use, place) => ({ ...use, letter: String.fromCharCode(97 + place) }));
}

function key(letter, colour) {
  const square = { x: 1, y: 1, width: 16, height: 16, rx: 3, fill: colour };
  const drawing = s("svg", { viewBox: "0 0 18 18", width: 18, height: 18, "aria-hidden": "true", class: "badge" });
  drawing.append(s("rect", square), label(letter, 9, 13, { size: 11, weight: 700, anchor: "middle", halo: true }));
  return drawing;
}

function drawn(bars, uses, width) {
  const narrow = width < NARROW;
  const left = narrow ? 8 : Math.min(220, width * 0.25);
  const most = Math.max(...bars.map(({ hours }) => sum(hours)));
  const scale = linear([0, most], [left, width - 54]);
  const above = narrow ? 18 : 0;
  const step = BAR + GAP + above;
  const bottom = bars.length * step + 4;
  const drawing = s("svg", { viewBox: `0 0 ${width} ${bottom + 22}`, width, height: bottom + 22 });
  for (const value of ticks(0, most, narrow ? 4 : 8)) {
    drawing.append(s("line", { x1: scale(value), x2: scale(value), y1: 0, y2: bottom, stroke: RULE }));
    drawing.append(label(number(value), scale(value), bottom + 15, { size: 12, fill: MUTED, anchor: "middle" }));
  }
  bars.forEach(({ name, hours }, place) => {
    const top = place * step + above + 4;
    const texts = narrow ? [name] : lines(name, left - 14, 13);
    drawing.append(label(texts, 4, narrow ? top - 5 : top + BAR / 2 + 5 - (texts.length - 1) * 8));
    drawing.append(...segmentsOf(hours, uses, scale, top));
    drawing.append(label(number(sum(hours), 1), scale(sum(hours)) + 6, top + BAR / 2 + 5, { size: 12, weight: 600 }));
  });
  return drawing;
}

function segmentsOf(hours, uses, scale, top) {
  let start = 0;
  return hours.flatMap((value, place) => {
    const [from, to] = [scale(start), scale(start + value)];
    start += value;
    const { colour, letter, name } = uses[place];
    const title = s("title", {}, `${name}: ${number(value, 1)}`);
    const box = {
      x: from,
      y: top,
      width: Math.max(to - from, 0),
      height: BAR,
      fill: colour,
      stroke: PAPER,
      "stroke-width": 1,
    };
    const text = { size: 11, weight: 700, anchor: "middle", halo: true };
    return [
      s("rect", box, title),
      to - from > 15 ? label(letter, (from + to) / 2, top + BAR / 2 + 4, text) : null,
    ].filter(Boolean);
  });
}
