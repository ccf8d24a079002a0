/** What the page says, in the language of the reader: messages by key, numbers as they are written there. */

let catalogue = {};
let chosen = "en";

const NARROW = "\u202f";
const SPACE = "\u00a0";
const MISSING = "–";

/** Use a catalogue: messages by key for each language. */
export function teach(words) {
  catalogue = words;
}

/** Choose the language: the one asked for if the page has it, else that of the browser, else English. */
export function speak(asked) {
  const wishes = [asked, ...(navigator.languages ?? [navigator.language])].map((wish) => (wish ?? "").slice(0, 2));
  chosen = wishes.find((wish) => wish in catalogue) ?? "en";
  return chosen;
}

/** The language in use. */
export function language() {
  return chosen;
}

/** The message of a key, with its facts put in. */
export function t(key, facts = {}) {
  const text = catalogue[chosen][key];
  if (text === undefined) throw new Error(`no message ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? facts[name] : whole));
}

/** The message of one key or another for `n` things; in French, 0 and 1 are singular. */
export function tn(one, many, n, facts = {}) {
  const single = chosen === "fr" ? Math.abs(n) < 2 : n === 1;
  return t(single ? one : many, { n: number(n), ...facts });
}

/** A text that the payload gives in both languages. */
export function said(text) {
  if (text === null || text === undefined) return "";
  return typeof text === "string" ? text : (text[chosen] ?? text.en);
}

/** A number as it is written in the language in use. */
export function number(value, decimals = 0) {
  if (!Number.isFinite(value)) return MISSING;
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole, part] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, chosen === "fr" ? NARROW : ",");
  const sign = value < 0 && Number(fixed) !== 0 ? "−" : "";
  return sign + grouped + (part ? (chosen === "fr" ? "," : ".") + part : "");
}

/** An amount in euros. */
export function euros(value, decimals = 0) {
  if (!Number.isFinite(value)) return MISSING;
  const text = number(Math.abs(value), decimals);
  const sign = value < 0 && /[1-9]/.test(text) ? "−" : "";
  return chosen === "fr" ? `${sign}${text}${SPACE}€` : `${sign}€${text}`;
}

/** A share as a percentage. */
export function percent(share, decimals = 0) {
  if (!Number.isFinite(share)) return MISSING;
  return number(100 * share, decimals) + (chosen === "fr" ? `${SPACE}%` : "%");
}

/** How many decimals a number of this size needs to be read with three digits. */
export function decimalsFor(size) {
  const large = Math.abs(size);
  if (large === 0 || large >= 100) return 0;
  if (large >= 10) return 1;
  return large >= 1 ? 2 : 3;
}
