/** Estimates in words: a mean is never said without its interval, and a difference not without what chance could do. */
import { decimalsFor, euros, number, percent, said, t } from "./words.js";

/** How numbers of an outcome are written. */
export function writer(outcome) {
  const unit = said(outcome.unit);
  if (outcome.percent) return (value) => percent(value, outcome.decimals ?? 1);
  if (unit === "EUR" || unit === "€") return (value) => euros(value, outcome.decimals ?? 0);
  return (value) => number(value, outcome.decimals ?? decimalsFor(value));
}

/** Unit of an outcome, where its numbers do not carry it. */
export function unitOf(outcome) {
  const unit = said(outcome.unit);
  return ["%", "EUR", "€"].includes(unit) ? "" : unit;
}

/** Whether an estimate has an interval. */
export function bounded(estimate) {
  return estimate && Number.isFinite(estimate[1]) && estimate[1] !== null && estimate[2] !== null;
}

/** A mean with its interval. */
export function spoken(estimate, write) {
  const [mean, low, high] = estimate;
  return bounded(estimate)
    ? t("estimate.interval", { mean: write(mean), low: write(low), high: write(high) })
    : write(mean);
}

/** A way of writing that shows what is above nothing as such. */
export function withSign(write) {
  return (value) => (value > 0 && /[1-9]/.test(write(value)) ? `+${write(value)}` : write(value));
}

/** The same for a difference, with its sign. */
export function spokenDifference(estimate, write) {
  return spoken(estimate, withSign(write));
}

/** What a difference is: `more`, `less`, or `unclear` when its interval holds 0. */
export function verdict(estimate) {
  if (!bounded(estimate) || (estimate[1] <= 0 && estimate[2] >= 0)) return "unclear";
  return estimate[0] > 0 ? "more" : "less";
}

/** The verdict in a word or two. */
export function verdictWords(found) {
  if (found === "more") return t("verdict.more");
  return found === "less" ? t("verdict.less") : t("verdict.unclear");
}
