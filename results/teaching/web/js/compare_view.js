/** Same patients, other payment: two arms side by side, each number with its interval, what differs beyond chance stands out. */
import { linesChart } from "./chart_lines.js";
import { rowsChart } from "./chart_rows.js";
import { picker, segments } from "./controls.js";
import { difference, level, payload, seeds, studyOf, yearly } from "./data.js";
import { h } from "./dom.js";
import { bounded, spoken, spokenDifference, unitOf, verdict, verdictWords, writer } from "./estimates.js";
import { figure, legendOf } from "./figure.js";
import { live } from "./live.js";
import { badge, looksOf } from "./marks.js";
import { state } from "./state.js";
import { number, said, t } from "./words.js";

const THEMES = ["task", "person", "access", "hospital", "spending", "work", "money", "people"];

function themeName(theme) {
  const names = {
    access: t("theme.access"),
    hospital: t("theme.hospital"),
    money: t("theme.money"),
    people: t("theme.people"),
    person: t("theme.person"),
    spending: t("theme.spending"),
    task: t("theme.task"),
    work: t("theme.work"),
  };
  return names[theme] ?? theme;
}

/** Two arms of a study of a view of the payload (`study`, `arms`, `outcomes` that come first). */
export function compareView(view = {}) {
  const studies = Object.entries(payload().studies).filter(([, one]) => one.arms.length > 1 && one.levels);
  const standard = { study: view.study ?? studies[0][0], a: view.arms?.[0], b: view.arms?.[1] };
  const titles = studies.map(([id, one]) => [id, said(one.title) || studyName(id, one)]);
  const choose = picker(t("compare.study"), "study", titles, standard.study);
  return h(
    "section",
    { class: "compare-view", "aria-label": t("compare.title") },
    h("div", { class: "no-print" }, choose),
    live(["study"], () => armsOf(studyOf(state().study ?? standard.study), standard, view.outcomes ?? [])),
  );
}

function studyName(id, study) {
  const names = {
    village: t("study.village"),
    ordinary: t("study.ordinary"),
    desert: t("study.desert"),
    factorial: t("study.factorial"),
  };
  return names[id] ?? `${said(payload().territories[study.territory]?.title)} (${id})`;
}

function armsOf(study, standard, first) {
  const names = study.arms.map((arm) => [arm, said(payload().arms[arm].title)]);
  const known = (arm, fallback) => (study.arms.includes(arm) ? arm : fallback);
  const a = known(standard.a, study.baseline);
  const b = known(
    standard.b,
    study.arms.find((arm) => arm !== a),
  );
  const chosen = () => [known(state().a, a), known(state().b, b)];
  const themes = THEMES.filter((theme) => study.outcomes.some((id) => payload().outcomes[id].theme === theme));
  const starts = first.length ? "first" : themes[0];
  const tabs = [
    ...(first.length ? [["first", t("compare.first")]] : []),
    ...themes.map((theme) => [theme, themeName(theme)]),
  ];
  return [
    h(
      "div",
      { class: "controls no-print" },
      picker(t("compare.a"), "a", names, a),
      picker(t("compare.b"), "b", names, b),
    ),
    live(["a", "b"], () =>
      h(
        "div",
        { class: "arms" },
        chosen().map((id, place) => armCard(id, badges(chosen())[place])),
      ),
    ),
    segments(t("compare.themes"), "theme", tabs, starts, { quiet: true }),
    live(["a", "b", "theme"], () => {
      const theme = tabs.some(([id]) => id === state().theme) ? state().theme : starts;
      const outcomes =
        theme === "first"
          ? first.filter((id) => study.outcomes.includes(id))
          : study.outcomes.filter((id) => payload().outcomes[id].theme === theme);
      return themed(study, chosen(), outcomes, theme === "first" ? t("compare.first") : themeName(theme), theme);
    }),
    live(["a", "b", "outcome"], () => years(study, chosen(), first[0])),
  ];
}

function armCard(id, mark) {
  const arm = payload().arms[id];
  return h(
    "article",
    { class: "arm" },
    h("h3", {}, mark, said(arm.title)),
    h("p", {}, said(arm.text)),
    h(
      "details",
      {},
      h("summary", {}, t("compare.rules")),
      h(
        "ul",
        {},
        arm.rules.map((rule) => h("li", {}, said(rule))),
      ),
      h("p", {}, t("compare.sharing", { rule: said(arm.sharing) })),
    ),
  );
}

function themed(study, [a, b], ids, name, theme) {
  if (a === b) return h("p", { class: "hint" }, t("compare.same"));
  const rows = ids.map((id) => rowOf(study, [a, b], id));
  const clear = rows.filter((row) => row.difference.clear).length;
  const unit = commonUnit(rows);
  const title = `${t("compare.figure", { theme: name, a: armName(a), b: armName(b) })}${unit && ` (${unit})`}`;
  const text = t("compare.says", { clear: number(clear), all: number(rows.length), seeds: number(study.seeds.length) });
  const shared = theme === "person" || theme === "task";
  const data = dataOf(study, [a, b], ids);
  const legend = legendOf([
    [badges([a, b])[0], armName(a)],
    [badges([a, b])[1], armName(b)],
  ]);
  return figure(
    `compare-${study.territory}-${theme}`,
    title,
    text,
    (width) => rowsChart(rows, width, { shared, zero: theme === "task" }),
    data,
    { legend, note: t("compare.note") },
  );
}

/** The unit that all rows share, which is then said once. */
function commonUnit(rows) {
  const [first, ...others] = rows;
  if (!others.length || others.some((row) => row.unit !== first.unit)) return "";
  for (const row of others) row.unit = "";
  const { unit } = first;
  first.unit = "";
  return unit;
}

function badges(arms) {
  return looksOf(arms.map((arm) => payload().arms[arm])).map(({ shape, colour }) => badge(shape, colour));
}

function armName(id) {
  return said(payload().arms[id].title);
}

function rowOf(study, arms, id) {
  const outcome = payload().outcomes[id];
  const write = writer(outcome);
  const found = difference(study, arms[1], arms[0], id);
  const side = verdict(found);
  const looks = looksOf(arms.map((arm) => payload().arms[arm]));
  const entries = arms.map((arm, place) => ({
    ...looks[place],
    estimate: level(study, arm, id),
    dots: seeds(study, arm, id).filter(Number.isFinite),
  }));
  return {
    label: said(outcome.label),
    unit: unitOf(outcome),
    write,
    entries,
    difference: { text: spokenDifference(found, write), words: judged(side, outcome.good), clear: side !== "unclear" },
  };
}

/** More or less, and whether people would call it better. */
function judged(side, good) {
  if (side === "unclear" || !good) return verdictWords(side);
  const better = (side === "more") === good > 0;
  return `${verdictWords(side)} ${better ? t("verdict.better") : t("verdict.worse")}`;
}

function dataOf(study, [a, b], ids) {
  const head = [
    t("table.outcome"),
    t("table.unit"),
    ...[a, b].flatMap((arm) => [armName(arm), t("table.low"), t("table.high")]),
    t("table.difference"),
    t("table.low"),
    t("table.high"),
  ];
  const numbers = (id) => [...level(study, a, id), ...level(study, b, id), ...difference(study, b, a, id)];
  const rows = ids.map((id) => [said(payload().outcomes[id].label), said(payload().outcomes[id].unit), ...numbers(id)]);
  const shown = ids.map((id) => {
    const write = writer(payload().outcomes[id]);
    return [
      said(payload().outcomes[id].label),
      said(payload().outcomes[id].unit),
      ...numbers(id).map((value) => (Number.isFinite(value) ? write(value) : "–")),
    ];
  });
  return { head, rows, shown };
}

function years(study, [a, b], first) {
  if (a === b || !study.by_year) return null;
  const options = study.outcomes.map((id) => [id, said(payload().outcomes[id].label)]);
  const id = study.outcomes.includes(state().outcome)
    ? state().outcome
    : study.outcomes.includes(first)
      ? first
      : options[0][0];
  const outcome = payload().outcomes[id];
  const write = writer(outcome);
  const names = Array.from({ length: study.years }, (_, year) => t("year.short", { year: number(year + 1) }));
  const series = looksOf([a, b].map((arm) => payload().arms[arm])).map((looks, place) => ({
    ...looks,
    points: yearly(study, [a, b][place], id),
  }));
  const title = t("years.title", {
    outcome: said(outcome.label),
    unit: unitOf(outcome) ? ` (${unitOf(outcome)})` : "",
  });
  const last = series.map((one) => one.points.at(-1));
  const text = t("years.says", {
    a: armName(a),
    b: armName(b),
    first: spoken(last[0], write),
    second: spoken(last[1], write),
  });
  const rows = names.map((name, year) => [name, ...series.flatMap((one) => one.points[year])]);
  const shown = names.map((name, year) => [
    name,
    ...series.flatMap((one) => one.points[year].map((value) => (Number.isFinite(value) ? write(value) : "–"))),
  ]);
  const head = [t("table.year"), ...[a, b].flatMap((arm) => [armName(arm), t("table.low"), t("table.high")])];
  return [
    h("div", { class: "no-print" }, picker(t("years.outcome"), "outcome", options, id)),
    series.some((one) => one.points.some(bounded) || one.points.some(([mean]) => Number.isFinite(mean)))
      ? figure(
          `years-${study.territory}`,
          title,
          text,
          (width) => linesChart(series, names, width, { write }),
          { head, rows, shown },
          { note: t("compare.note") },
        )
      : null,
  ];
}
