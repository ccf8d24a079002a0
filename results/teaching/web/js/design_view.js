/** Design your own payment: choose among designs that were run, see what they bring, defend them, take them away. */
import { planeChart } from "./chart_plane.js";
import { rowsChart } from "./chart_rows.js";
import { button, picker, segments } from "./controls.js";
import { difference, level, payload } from "./data.js";
import { fresh, h } from "./dom.js";
import { spoken, spokenDifference, unitOf, verdict, verdictWords, writer } from "./estimates.js";
import { download } from "./export.js";
import { figure, legendOf } from "./figure.js";
import { announce, live, onChange } from "./live.js";
import { badge } from "./marks.js";
import { change, state } from "./state.js";
import { number, said, t } from "./words.js";

/** The workshop of lesson 8. */
export function designView() {
  const { factorial } = payload();
  const study = payload().studies[factorial.study];
  const [one, other] = factorial.goals;
  const goals = factorial.goals.map((goal) => [goal.id, said(goal.title)]);
  const keys = factorial.factors.map(({ id }) => id);
  return h(
    "section",
    { class: "design-view", "aria-label": t("design.title") },
    h(
      "div",
      { class: "factors no-print" },
      factorial.factors.map((factor) => factorPicker(factor, factorial)),
    ),
    live(keys, () => designed(factorial, study)),
    h(
      "div",
      { class: "controls no-print" },
      picker(t("design.goal_one"), "goal", goals, one.id),
      picker(t("design.goal_two"), "goal2", goals, (other ?? one).id),
    ),
    live([...keys, "goal", "goal2"], () => plane(factorial, study)),
    defence(),
  );
}

/** What is chosen at first: a design in which every factor has its part. */
function standardOf(factorial) {
  const { length } = factorial.factors;
  return (factorial.designs.find(({ levels }) => Object.keys(levels).length === length) ?? factorial.designs[0]).levels;
}

function factorPicker(factor, factorial) {
  const options = factor.levels.map((one) => [
    one.id,
    [h("strong", {}, said(one.title)), h("small", {}, said(one.text))],
  ]);
  const choice = segments(said(factor.title), factor.id, options, standardOf(factorial)[factor.id], { quiet: true });
  const show = () => {
    choice.disabled = !(factor.id in chosen(factorial).design.levels);
  };
  show();
  onChange(
    factorial.factors.map(({ id }) => id),
    show,
  );
  return choice;
}

/** The design that was chosen; when that combination makes no sense, the nearest that does. */
function chosen(factorial) {
  const wanted = Object.fromEntries(factorial.factors.map(({ id }) => [id, state()[id] ?? standardOf(factorial)[id]]));
  const [first] = factorial.factors;
  const fits = (design, { id }) => !(id in design.levels) || design.levels[id] === wanted[id];
  const alike = (design) => factorial.factors.filter((factor) => fits(design, factor)).length + 9 * fits(design, first);
  const ranked = [...factorial.designs].sort((one, other) => alike(other) - alike(one));
  return { design: ranked[0], exact: factorial.factors.every((factor) => fits(ranked[0], factor)) };
}

function nameOf(design, factorial) {
  const titles = factorial.factors.map((factor) =>
    said(factor.levels.find(({ id }) => id === design.levels[factor.id])?.title),
  );
  return [...new Set(titles.filter(Boolean))].join(" · ");
}

function designed(factorial, study) {
  const { design, exact } = chosen(factorial);
  return [
    exact ? null : h("p", { class: "notice", role: "status" }, t("design.nearest")),
    designCard(design, factorial),
    design.arm === study.baseline
      ? h("p", { class: "hint" }, t("design.basis"))
      : goalsFigure(design, factorial, study),
  ];
}

/** A design in words, and its scenario file to take away. */
function designCard(design, factorial) {
  const arm = payload().arms[design.arm];
  const save = () => {
    download(design.file, new Blob([design.toml], { type: "application/toml" }));
    announce(t("design.saved", { file: design.file }));
  };
  const rules = arm.rules.map((rule) => h("li", {}, said(rule)));
  const run = h("code", {}, `careteams run ${design.file}`);
  return h(
    "article",
    { class: "arm wide" },
    h("h3", {}, badge("diamond", "#c44e00"), nameOf(design, factorial)),
    h("p", {}, said(arm.text)),
    h("ul", {}, rules),
    h("p", { class: "no-print" }, button(t("design.save"), save, { class: "primary" }), " ", run),
  );
}

/** What a design brings on each goal, beside the baseline. */
function goalsFigure(design, factorial, study) {
  const basis = said(payload().arms[study.baseline].title);
  const rows = factorial.goals.map((goal) => goalRow(goal, study, design));
  const won = factorial.goals.filter((goal) => reached(goal, study, design)).length;
  const title = t("design.figure", { design: nameOf(design, factorial), basis });
  const text = t("design.says", { won: number(won), all: number(rows.length), seeds: number(study.seeds.length) });
  const legend = legendOf([
    [badge("diamond", "#c44e00"), t("design.yours")],
    [badge("square", "#59626a"), basis],
  ]);
  const data = goalsTable(design, factorial, study, basis);
  const draw = (width) => rowsChart(rows, width);
  return figure(`design-${design.id}`, title, text, draw, data, { legend, note: t("compare.note") });
}

function goalsTable(design, factorial, study, basis) {
  const bounds = [t("table.low"), t("table.high")];
  const compared = [t("design.yours"), ...bounds, basis, ...bounds, t("table.difference"), ...bounds];
  const numbers = ({ outcome }) => [
    ...level(study, design.arm, outcome),
    ...level(study, study.baseline, outcome),
    ...difference(study, design.arm, study.baseline, outcome),
  ];
  const named = (goal) => [said(goal.title), said(payload().outcomes[goal.outcome].unit)];
  const written = (goal) => numbers(goal).map(writer(payload().outcomes[goal.outcome]));
  return {
    head: [t("table.outcome"), t("table.unit"), ...compared],
    rows: factorial.goals.map((goal) => [...named(goal), ...numbers(goal)]),
    shown: factorial.goals.map((goal) => [...named(goal), ...written(goal)]),
  };
}

function goalRow(goal, study, design) {
  const outcome = payload().outcomes[goal.outcome];
  const write = writer(outcome);
  const found = difference(study, design.arm, study.baseline, goal.outcome);
  const side = verdict(found);
  const own = { colour: "#c44e00", shape: "diamond", estimate: level(study, design.arm, goal.outcome) };
  const basis = { colour: "#59626a", shape: "square", estimate: level(study, study.baseline, goal.outcome) };
  const words =
    side === "unclear" ? verdictWords(side) : reached(goal, study, design) ? t("design.nearer") : t("design.farther");
  return {
    label: said(goal.title),
    unit: unitOf(outcome),
    write,
    entries: [own, basis],
    difference: { text: spokenDifference(found, write), words, clear: side !== "unclear" },
  };
}

/** Whether a design comes nearer to a goal beyond chance. */
function reached(goal, study, design) {
  const side = verdict(difference(study, design.arm, study.baseline, goal.outcome));
  return side !== "unclear" && (side === "more") === goal.sign > 0;
}

function plane(factorial, study) {
  const goalOf = (id, place) =>
    factorial.goals.find((goal) => goal.id === id) ?? factorial.goals[Math.min(place, factorial.goals.length - 1)];
  const goals = [goalOf(state().goal, 0), goalOf(state().goal2, 1)];
  const outcomes = goals.map((goal) => payload().outcomes[goal.outcome]);
  const writers = outcomes.map(writer);
  const own = chosen(factorial).design;
  const dots = factorial.designs.map((design) => ({
    x: level(study, design.arm, goals[0].outcome),
    y: level(study, design.arm, goals[1].outcome),
    name: nameOf(design, factorial),
    chosen: design === own,
    pick: () => change(design.levels, { quiet: true }),
  }));
  dots.push({
    x: level(study, study.baseline, goals[0].outcome),
    y: level(study, study.baseline, goals[1].outcome),
    name: said(payload().arms[study.baseline].title),
    reference: true,
  });
  const axes = goals.map((goal, at) => ({ title: axisTitle(goal, outcomes[at]), write: writers[at] }));
  const mine = dots.find((dot) => dot.chosen);
  const text = t("plane.says", {
    n: number(factorial.designs.length),
    x: spoken(mine.x, writers[0]),
    y: spoken(mine.y, writers[1]),
  });
  const head = [
    t("design.design"),
    said(goals[0].title),
    t("table.low"),
    t("table.high"),
    said(goals[1].title),
    t("table.low"),
    t("table.high"),
  ];
  const rows = dots.map((dot) => [dot.name, ...dot.x, ...dot.y]);
  const shown = dots.map((dot) => [dot.name, ...dot.x.map(writers[0]), ...dot.y.map(writers[1])]);
  const legend = legendOf([
    [badge("diamond", "#c44e00"), t("design.yours")],
    [badge("circle", "#0072b2"), t("plane.others")],
    [badge("square", "#1f262b"), said(payload().arms[study.baseline].title)],
  ]);
  return figure(
    `designs-${goals[0].id}-${goals[1].id}`,
    t("plane.title"),
    text,
    (width) => planeChart(dots, axes[0], axes[1], width),
    { head, rows, shown },
    { legend, note: t("plane.note") },
  );
}

function axisTitle(goal, outcome) {
  const unit = unitOf(outcome);
  return `${said(outcome.label)}${unit ? ` (${unit})` : ""}: ${goal.sign < 0 ? t("plane.less") : t("plane.more")}`;
}

/** What the group has to say for its design: kept in the address, printed with the page. */
function defence() {
  const id = fresh("defence");
  const printed = h("p", { class: "only-print written" }, state().defence ?? "");
  const area = h("textarea", {
    id,
    rows: 5,
    class: "no-print",
    oninput: () => {
      printed.textContent = area.value;
      change({ defence: area.value.slice(0, 1500) }, { quiet: true, silent: true });
    },
  });
  area.value = state().defence ?? "";
  return h(
    "div",
    { class: "defence" },
    h("label", { for: id }, t("design.defend")),
    h("p", { class: "hint no-print" }, t("design.defend_hint")),
    area,
    printed,
  );
}
