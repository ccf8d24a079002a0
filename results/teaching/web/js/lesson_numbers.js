/** The numbers that the explanation of a lesson rests on, each with its interval. */
import { rowsChart } from "./chart_rows.js";
import { payload } from "./data.js";
import { bounded, spoken, unitOf, verdict, withSign, writer } from "./estimates.js";
import { figure } from "./figure.js";
import { look } from "./marks.js";
import { said, t } from "./words.js";

/** The figure of a lesson's numbers: levels of arms, and differences between arms, which carry their sign. */
export function numbersFigure(lesson) {
  const found = lesson.numbers.filter((one) => one.outcome in payload().outcomes);
  if (!found.length) return null;
  const told = found.map(numberOf);
  const text = told.map((one) => `${one.label}: ${spoken(one.estimate, one.write)}${one.unit && ` ${one.unit}`}.`);
  const rows = told.map(({ label, unit, write, arm, estimate, difference, spread }) => ({
    label,
    unit,
    write,
    entries: [{ ...look(arm), estimate }],
    difference: {
      text: spoken(estimate, write),
      words: spread ? t("lesson.spread") : "",
      clear: difference && !spread && verdict(estimate) !== "unclear",
    },
  }));
  const data = {
    head: [t("table.outcome"), t("table.unit"), t("table.mean"), t("table.low"), t("table.high")],
    rows: told.map((one) => [one.label, one.unit, ...one.estimate]),
    shown: told.map((one) => [one.label, one.unit, ...one.estimate.map(one.write)]),
  };
  const note = told.some((one) => one.difference) ? t("lesson.numbers_note") : t("compare.note");
  const draw = (width) => rowsChart(rows, width, { zero: true, bare: true });
  return figure(`lesson-${lesson.number}`, t("lesson.numbers"), text.join(" "), draw, data, { note, quiet: true });
}

function numberOf(one) {
  const outcome = payload().outcomes[one.outcome];
  const difference = Boolean(one.versus);
  const write = difference ? withSign(writer(outcome)) : writer(outcome);
  const estimate = bounded(one.estimate) ? one.estimate : [one.estimate[0], null, null];
  return {
    label: said(one.label),
    unit: unitOf(outcome),
    write,
    arm: payload().arms[one.arm],
    estimate,
    difference,
    spread: one.spread,
  };
}
