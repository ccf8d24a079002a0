/** A statement, euro by euro: what was paid to whom, and for each line the formula, its numbers, and where they come from. */
import { moneyChart } from "./chart_money.js";
import { picker } from "./controls.js";
import { payload, runOf } from "./data.js";
import { h } from "./dom.js";
import { figure } from "./figure.js";
import { live } from "./live.js";
import { state } from "./state.js";
import { euros, number, said, t } from "./words.js";

/** A statement of the payload (`statement` of a view: its index; else that of its first run). */
export function statementView(view = {}) {
  const own = payload().statements.findIndex((statement) => view.runs?.includes(statement.run));
  const standard = String(view.statement ?? Math.max(own, 0));
  const names = payload().statements.map((statement, place) => [String(place), nameOf(statement)]);
  return h(
    "section",
    { class: "statement-view", "aria-label": t("statement.title") },
    h("div", { class: "no-print" }, picker(t("statement.choose"), "statement", names, standard)),
    live(["statement"], () =>
      explained(payload().statements[Number(state().statement ?? standard)] ?? payload().statements[0]),
    ),
  );
}

function nameOf(statement) {
  const run = runOf(statement.run);
  const site = payload().territories[run.territory].sites[statement.team];
  return t("statement.of", {
    team: said(site.name),
    arm: said(payload().arms[run.arm].title),
    year: number(statement.year),
  });
}

function explained(statement) {
  const name = nameOf(statement);
  const sum = statement.lines.reduce((total, line) => total + line.amount, 0);
  const bars = [...bySystem(statement.lines), { label: t("statement.total"), amount: sum, total: true }];
  const text = t("statement.says", { total: euros(sum), n: number(statement.lines.length) });
  const head = [
    t("statement.payee"),
    t("statement.rule"),
    t("statement.component"),
    t("statement.amount"),
    t("statement.paid"),
  ];
  const rows = statement.lines.map((line) => [
    said(line.payee),
    said(line.title),
    said(line.component),
    line.amount,
    said(line.paid),
  ]);
  const shown = rows.map(([payee, title, component, amount, paid]) => [
    payee,
    title,
    component,
    euros(amount, 2),
    paid,
  ]);
  return [
    figure(
      `statement-${statement.run.replaceAll("/", "-")}-${statement.year}`,
      name,
      text,
      (width) => moneyChart(bars, width, (value) => euros(value)),
      { head, rows, shown },
      { note: t("statement.note") },
    ),
    h("h3", {}, t("statement.lines")),
    h("div", { class: "statement-lines" }, statement.lines.map(lineOf)),
  ];
}

function bySystem(lines) {
  const sums = new Map();
  for (const line of lines) sums.set(said(line.title), (sums.get(said(line.title)) ?? 0) + line.amount);
  return [...sums].map(([label, amount]) => ({ label, amount })).filter(({ amount }) => amount !== 0);
}

function lineOf(line) {
  return h(
    "details",
    { class: "line" },
    h(
      "summary",
      {},
      h(
        "span",
        { class: "line-name" },
        said(line.title),
        h("small", {}, `${said(line.component)} · ${said(line.payee)}`),
      ),
      h("span", { class: "amount" }, euros(line.amount, 2)),
    ),
    h("ol", { class: "steps" }, line.steps.map(stepOf)),
    line.facts.length ? h("h4", {}, t("statement.facts")) : null,
    line.facts.length ? h("dl", { class: "origins" }, line.facts.map(factOf)) : null,
    h("p", { class: "hint" }, t("statement.paid_when", { when: said(line.paid) })),
  );
}

function stepOf(step) {
  return h(
    "li",
    {},
    h("p", { class: "step-label" }, said(step.label)),
    h("p", { class: "formula" }, h("code", {}, `${step.name} = ${step.formula}`)),
    h("p", { class: "formula" }, `= ${said(step.numbers)}`),
    h("p", { class: "formula" }, "= ", h("strong", {}, said(step.value))),
  );
}

function factOf(fact) {
  return h(
    "div",
    {},
    h("dt", {}, said(fact.label), " ", h("code", {}, fact.name)),
    h("dd", {}, h("strong", {}, said(fact.value)), h("span", { class: "origin" }, said(fact.origin))),
  );
}
