/** Where a value stands on an axis. */

const STEPS = [1, 2, 2.5, 5, 10];

/** Round values that cut a span in about `count` parts. */
export function ticks(low, high, count = 4) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * STEPS.find((one) => one * size >= rough);
  const first = Math.ceil(low / step - 1e-9) * step;
  const many = Math.floor((high - first) / step + 1e-9) + 1;
  return Array.from({ length: many }, (_, place) => Number((first + place * step).toPrecision(12)));
}

/** A straight axis from values to pixels. */
export function linear([low, high], [from, to]) {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

/** The span of numbers, with some air; `zero` keeps 0 in sight. */
export function spanOf(values, { zero = false, air = 0.06 } = {}) {
  const known = values.filter((value) => Number.isFinite(value));
  let [low, high] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  if (zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  if (low === high) [low, high] = [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
  const margin = (high - low) * air;
  return [zero && low === 0 ? 0 : low - margin, zero && high === 0 ? 0 : high + margin];
}
