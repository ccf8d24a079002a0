/** A few outcomes of a few arms beside another view, each with its interval. */
import { rowsChart } from "./chart_rows.js";
import { level, payload, seeds } from "./data.js";
import { spoken, unitOf, writer } from "./estimates.js";
import { figure, legendOf } from "./figure.js";
import { badge, looksOf } from "./marks.js";
import { said, t } from "./words.js";

/** The figure of outcomes of a study in some of its arms. */
export function levelsFigure(study, arms, outcomes) {
  const known = outcomes.filter((id) => study.outcomes.includes(id));
  const shown = arms.filter((arm) => study.arms.includes(arm));
  if (!known.length || !shown.length) return null;
  const names = shown.map((arm) => said(payload().arms[arm].title));
  const looks = looksOf(shown.map((arm) => payload().arms[arm]));
  const rows = known.map((id) => rowOf(study, shown, looks, id));
  const text = known.map((id) => sentence(study, shown, names, id)).join(" ");
  const bounds = [t("table.low"), t("table.high")];
  const head = [t("table.outcome"), t("table.unit"), ...names.flatMap((name) => [name, ...bounds])];
  const numbers = (id) => shown.flatMap((arm) => level(study, arm, id));
  const named = (id) => [said(payload().outcomes[id].label), said(payload().outcomes[id].unit)];
  const data = {
    head,
    rows: known.map((id) => [...named(id), ...numbers(id)]),
    shown: known.map((id) => [...named(id), ...numbers(id).map(writer(payload().outcomes[id]))]),
  };
  const legend = legendOf(looks.map(({ shape, colour }, place) => [badge(shape, colour), names[place]]));
  const title = t("levels.title", { arms: names.join(", ") });
  const draw = (width) => rowsChart(rows, width);
  return figure(`levels-${study.territory}`, title, text, draw, data, { legend, note: t("compare.note"), quiet: true });
}

function rowOf(study, arms, looks, id) {
  const outcome = payload().outcomes[id];
  const entries = arms.map((arm, place) => ({
    ...looks[place],
    estimate: level(study, arm, id),
    dots: seeds(study, arm, id).filter(Number.isFinite),
  }));
  return { label: said(outcome.label), unit: unitOf(outcome), write: writer(outcome), entries };
}

function sentence(study, arms, names, id) {
  const write = writer(payload().outcomes[id]);
  const values = arms.map((arm, place) => `${names[place]} ${spoken(level(study, arm, id), write)}`);
  return `${said(payload().outcomes[id].label)}: ${values.join("; ")}.`;
}
