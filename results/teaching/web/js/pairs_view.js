/** Who hands what to whom: a square for each task and pair of a physician and a nurse, as large as the share handed over. */
import { label, lines, widthOf } from "./chart_text.js";
import { picker } from "./controls.js";
import { payload } from "./data.js";
import { h, s } from "./dom.js";
import { figure } from "./figure.js";
import { live } from "./live.js";
import { MUTED, RULE } from "./marks.js";
import { state } from "./state.js";
import { number, percent, said, t } from "./words.js";

const ROW = 24;
const HEAD = 50;

/** The pairs of a run of a view of the payload. */
export function pairsView(view = {}) {
  const runs = payload().runs.filter((run) => run.pairs?.length && (!view.runs?.length || view.runs.includes(run.id)));
  if (!runs.length) return h("p", { class: "hint" }, t("pairs.none"));
  const names = runs.map((run) => [run.id, said(payload().arms[run.arm].title)]);
  const choose = names.length > 1 ? picker(t("map.arm"), "run", names, names[0][0]) : null;
  const chosen = () => runs.find((run) => run.id === state().run) ?? runs[0];
  return h(
    "section",
    { class: "pairs-view", "aria-label": t("pairs.title") },
    h("div", { class: "no-print" }, choose),
    live(["run"], () => pairsFigure(chosen())),
  );
}

function pairsFigure(run) {
  const { staff } = payload().territories[run.territory];
  const site = staff[run.pairs[0].physician].site;
  const pairs = run.pairs
    .filter((pair) => staff[pair.physician].site === site)
    .sort((one, other) => one.physician - other.physician || one.nurse - other.nurse);
  const titles = Object.fromEntries(run.tasks.map((task) => [task.id, said(task.title)]));
  const tasks = [...new Set(pairs.flatMap((pair) => Object.keys(pair.tasks)))].sort();
  const columns = pairs.map((pair) => ({
    ...pair,
    doctor: said(staff[pair.physician].name),
    helper: said(staff[pair.nurse].name),
    letter: said(staff[pair.nurse].name).split(" ").at(-1),
  }));
  const names = tasks.map((id) => titles[id] ?? said(payload().outcomes[`task/${id}`]?.label) ?? id);
  const most = Math.max(...pairs.flatMap((pair) => Object.values(pair.tasks)));
  const helpers = [...new Map(columns.map(({ letter, helper }) => [letter, helper]))];
  const head = [t("pairs.task"), ...columns.map(({ doctor, helper }) => `${doctor} → ${helper}`)];
  const share = (id) => columns.map((pair) => pair.tasks[id] ?? 0);
  const rows = tasks.map((id, place) => [names[place], ...share(id)]);
  const extra = [
    [t("pairs.knowledge"), ...columns.map((pair) => pair.knowledge)],
    [t("pairs.trust"), ...columns.map((pair) => pair.trust)],
  ];
  const shown = [...rows, ...extra].map(([name, ...values]) => [name, ...values.map((value) => percent(value))]);
  const legend = h(
    "ul",
    { class: "legend letters" },
    helpers.map(([letter, helper]) => h("li", {}, h("b", {}, letter), helper)),
  );
  const title = t("pairs.figure", { arm: said(payload().arms[run.arm].title) });
  const text = t("pairs.says", { pairs: number(columns.length), tasks: number(tasks.length), most: percent(most) });
  const draw = (width) => drawn(columns, tasks, names, most, width);
  const data = { head, rows: [...rows, ...extra], shown };
  return figure(`pairs-${run.id.replaceAll("/", "-")}`, title, text, draw, data, { legend, note: t("pairs.note") });
}

function drawn(columns, tasks, names, most, width) {
  const left = Math.min(260, width * 0.38);
  const step = (width - left - 6) / columns.length;
  const texts = names.map((name) => lines(name, left - 12, 12));
  const tops = texts.map((_, place) => HEAD + texts.slice(0, place).reduce((sum, one) => sum + heightOf(one), 0));
  const bottom = HEAD + texts.reduce((sum, one) => sum + heightOf(one), 0);
  const drawing = s("svg", { viewBox: `0 0 ${width} ${bottom + 4}`, width, height: bottom + 4 });
  drawing.append(...heads(columns, left, step, bottom));
  tasks.forEach((id, row) => {
    const middle = tops[row] + heightOf(texts[row]) / 2;
    drawing.append(s("line", { x1: 0, x2: width, y1: tops[row], y2: tops[row], stroke: RULE, "stroke-width": 0.8 }));
    drawing.append(label(texts[row], 4, middle + 4 - (texts[row].length - 1) * 7.5, { size: 12 }));
    columns.forEach((pair, column) => {
      const share = pair.tasks[id] ?? 0;
      const size = Math.sqrt(share / most) * Math.min(ROW - 5, step - 2);
      const x = left + (column + 0.5) * step;
      const title = s("title", {}, `${pair.doctor} → ${pair.helper}: ${names[row]}, ${percent(share)}`);
      if (share > 0)
        drawing.append(
          s(
            "rect",
            { x: x - size / 2, y: middle - size / 2, width: size, height: size, rx: 2, fill: "#00795a" },
            title,
          ),
        );
    });
  });
  return drawing;
}

function heightOf(texts) {
  return Math.max(ROW, texts.length * 15 + 8);
}

/** Physicians over their nurses; a name that finds no room is shortened to its last word. */
function heads(columns, left, step, bottom) {
  return columns.flatMap((pair, place) => {
    const x = left + place * step;
    const letter = label(pair.letter, x + step / 2, HEAD - 8, { size: 12, weight: 700, anchor: "middle" });
    if (place && columns[place - 1].doctor === pair.doctor) return [letter];
    const room = columns.filter(({ doctor }) => doctor === pair.doctor).length * step - 8;
    const name = widthOf(pair.doctor, 13, 600) <= room ? pair.doctor : pair.doctor.split(" ").at(-1);
    const line = s("line", { x1: x, x2: x, y1: 4, y2: bottom, stroke: MUTED, "stroke-width": 1 });
    return [line, label(name, x + 5, 20, { size: 13, weight: 600 }), letter];
  });
}
