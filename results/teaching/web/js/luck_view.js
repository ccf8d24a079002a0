/** What is left when nobody changes anything: chance, seed by seed, in a small team and a large one. */
import { stripsChart } from "./chart_strips.js";
import { picker } from "./controls.js";
import { level, payload, seeds } from "./data.js";
import { h } from "./dom.js";
import { spoken, unitOf, writer } from "./estimates.js";
import { figure } from "./figure.js";
import { live } from "./live.js";
import { state } from "./state.js";
import { number, said, t } from "./words.js";

/** The lottery of a bonus, for a view of the payload (`outcomes` that can be drawn). */
export function luckView(view = {}) {
  const studies = ["luck_small", "luck_large"].filter((id) => payload().studies[id]);
  const common = studies
    .map((id) => payload().studies[id].outcomes)
    .reduce((one, other) => one.filter((id) => other.includes(id)));
  const wanted = (view.outcomes ?? []).filter((id) => common.includes(id));
  const outcomes = [...wanted, ...common.filter((id) => !wanted.includes(id))];
  const options = outcomes.map((id) => [id, said(payload().outcomes[id].label)]);
  return h(
    "section",
    { class: "luck-view", "aria-label": t("luck.title") },
    h("div", { class: "no-print" }, picker(t("luck.outcome"), "outcome", options, outcomes[0])),
    live(["outcome"], () => drawn(studies, outcomes.includes(state().outcome) ? state().outcome : outcomes[0])),
  );
}

function drawn(studies, id) {
  const outcome = payload().outcomes[id];
  const write = writer(outcome);
  const found = studies.flatMap((name) => {
    const study = payload().studies[name];
    return study.arms.map((arm) => ({
      name: nameOf(name, study, arm),
      values: seeds(study, arm, id).filter(Number.isFinite),
      estimate: level(study, arm, id),
    }));
  });
  const strips = found.map((one) => ({
    label: one.name,
    mean: one.estimate[0],
    dots: one.values.map((value) => ({ value })),
  }));
  const spreads = found.map((one) =>
    t("luck.spread", {
      name: one.name,
      low: write(Math.min(...one.values)),
      high: write(Math.max(...one.values)),
      mean: spoken(one.estimate, write),
    }),
  );
  const rows = found.flatMap((one) => one.values.map((value, seed) => [one.name, seed + 1, value]));
  const shown = rows.map(([name, seed, value]) => [name, number(seed), write(value)]);
  const title = t("luck.figure", {
    outcome: said(outcome.label),
    unit: unitOf(outcome) ? ` (${unitOf(outcome)})` : "",
  });
  return figure(
    `luck-${id.replaceAll("/", "-")}`,
    title,
    spreads.join(" "),
    (width) => stripsChart(strips, width, { write, size: 5 }),
    { head: [t("luck.team"), t("luck.seed"), said(outcome.label)], rows, shown },
    { note: t("luck.note") },
  );
}

function nameOf(name, study, arm) {
  const title = said(study.title) || (name === "luck_small" ? t("luck.small") : t("luck.large"));
  return study.arms.length > 1 ? `${title}: ${said(payload().arms[arm].title)}` : title;
}
