/** The same money under each sharing rule: who gets what. Arithmetic on one recorded year, so nothing here is chance. */
import { stripsChart } from "./chart_strips.js";
import { picker } from "./controls.js";
import { payload, runOf } from "./data.js";
import { h } from "./dom.js";
import { figure } from "./figure.js";
import { live } from "./live.js";
import { state } from "./state.js";
import { euros, number, said, t } from "./words.js";

const COLOURS = { physician: "#0072b2", nurse: "#00795a", secretary: "#8a6d00", coordinator: "#5b4a9e" };

/** Incomes of a team under each sharing rule, for a run of a view of the payload. */
export function sharingView(view = {}) {
  const runs = payload().runs.filter((run) => run.incomes_by_rule?.length);
  const standard = view.runs?.find((id) => runs.some((run) => run.id === id)) ?? runs[0]?.id;
  if (!standard) return h("p", { class: "hint" }, t("sharing.none"));
  const names = runs.map((run) => [
    run.id,
    `${said(payload().territories[run.territory].title)}: ${said(payload().arms[run.arm].title)}`,
  ]);
  return h(
    "section",
    { class: "sharing-view", "aria-label": t("sharing.title") },
    h(
      "div",
      { class: "controls no-print" },
      picker(t("sharing.run"), "run", names, standard),
      live(["run"], () => yearPicker(chosen(standard))),
    ),
    live(["run", "year"], () => shared(chosen(standard))),
  );
}

function chosen(standard) {
  const run = runOf(state().run ?? standard);
  return run.incomes_by_rule?.length ? run : runOf(standard);
}

function yearsOf(run) {
  return [...new Set(run.incomes_by_rule.map((one) => one.year))].sort((one, other) => one - other);
}

function yearPicker(run) {
  const years = yearsOf(run);
  return picker(
    t("table.year"),
    "year",
    years.map((year) => [String(year), t("year.long", { year: number(year) })]),
    String(years.at(-1)),
  );
}

function shared(run) {
  const years = yearsOf(run);
  const year = years.includes(Number(state().year)) ? Number(state().year) : years.at(-1);
  const people = run.incomes_by_rule.filter((one) => one.year === year);
  const staff = payload().territories[run.territory].staff;
  const rules = Object.keys(people[0].income).filter((rule) => rule in payload().sharing_rules);
  const letters = lettersOf(people.map((one) => staff[one.staff]));
  const own = said(payload().arms[run.arm].sharing);
  const strips = rules.map((rule) => ({
    label: said(payload().sharing_rules[rule].title),
    strong: said(payload().sharing_rules[rule].title) === own,
    dots: people.flatMap((one, at) =>
      !Number.isFinite(one.income[rule])
        ? []
        : {
            value: one.income[rule],
            letter: letters[at],
            colour: COLOURS[staff[one.staff].profession] ?? "#333333",
          },
    ),
  }));
  const gaps = strips.map(
    (strip) => Math.max(...strip.dots.map(({ value }) => value)) - Math.min(...strip.dots.map(({ value }) => value)),
  );
  const [wide, close] = [gaps.indexOf(Math.max(...gaps)), gaps.indexOf(Math.min(...gaps))];
  const text = t("sharing.says", {
    wide: strips[wide].label,
    most: euros(gaps[wide]),
    close: strips[close].label,
    least: euros(gaps[close]),
  });
  const names = people.map((one) => said(staff[one.staff].name));
  const rows = rules.map((rule, at) => [strips[at].label, ...people.map((one) => one.income[rule])]);
  const shown = rows.map(([name, ...amounts]) => [name, ...amounts.map((amount) => euros(amount))]);
  const legend = h(
    "ul",
    { class: "legend letters" },
    names.map((name, at) => h("li", {}, h("b", {}, letters[at]), name)),
  );
  return [
    figure(
      `sharing-${run.id.replaceAll("/", "-")}`,
      t("sharing.figure"),
      text,
      (width) => stripsChart(strips, width, { write: (value) => euros(value) }),
      { head: [t("sharing.rule"), ...names], rows, shown },
      { legend, note: t("sharing.note") },
    ),
    h("dl", { class: "rules" }, rules.map(ruleOf)),
  ];
}

/** What a rule says, where it says more than its name. */
function ruleOf(rule) {
  const { title, text } = payload().sharing_rules[rule];
  return said(text) === said(title) ? null : h("div", {}, h("dt", {}, said(title)), h("dd", {}, said(text)));
}

/** A letter for each person: that of their name where it ends with one, else figures. */
function lettersOf(people) {
  let counted = 0;
  const used = new Set();
  return people.map((one) => {
    const last = said(one.name).split(" ").at(-1);
    counted += 1;
    const letter = /^[A-Z]$/.test(last) && !used.has(last) ? last : String(counted);
    used.add(letter);
    return letter;
  });
}
