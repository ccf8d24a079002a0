/** The question of a lesson: answered before any result is shown, and compared with what came out afterwards. */
import { button } from "./controls.js";
import { fresh, h } from "./dom.js";
import { spoken } from "./estimates.js";
import { state } from "./state.js";
import { number, said, t } from "./words.js";

/** The question as a form; `then` is called with the answer. */
export function questionForm(question, then) {
  return question.kind === "estimate" ? estimateForm(question, then) : choiceForm(question, then);
}

function choiceForm(question, then) {
  const name = fresh("answer");
  const warning = h("p", { class: "warning", role: "alert" });
  const options = question.options.map((option) => {
    const input = h("input", { type: "radio", name, value: option.id, checked: state().answer === option.id });
    return h("label", { class: "option" }, input, h("span", {}, said(option.text)));
  });
  const submit = (event) => {
    event.preventDefault();
    const picked = event.target.querySelector("input:checked");
    if (picked) {
      then(picked.value);
    } else {
      warning.textContent = t("question.choose_first");
      options[0].firstChild.focus();
    }
  };
  return h(
    "form",
    { class: "question", onsubmit: submit },
    h("fieldset", {}, h("legend", {}, said(question.text)), options),
    warning,
    button(t("question.commit"), null, { type: "submit", class: "primary" }),
  );
}

function estimateForm(question, then) {
  const id = fresh("guess");
  const write = (value) => `${number(Number(value), question.decimals ?? 0)} ${said(question.unit)}`.trim();
  const middle = question.low + Math.round((question.high - question.low) / 2 / question.step) * question.step;
  const start = Number(state().answer ?? middle);
  const shown = h("output", { for: id, class: "guess" }, write(start));
  const slider = h("input", {
    type: "range",
    id,
    min: question.low,
    max: question.high,
    step: question.step,
    value: start,
    "aria-valuetext": write(start),
  });
  slider.addEventListener("input", () => {
    shown.textContent = write(slider.value);
    slider.setAttribute("aria-valuetext", write(slider.value));
  });
  const submit = (event) => {
    event.preventDefault();
    then(slider.value);
  };
  return h(
    "form",
    { class: "question", onsubmit: submit },
    h("label", { for: id, class: "asked" }, said(question.text)),
    h("div", { class: "slider" }, h("span", {}, write(question.low)), slider, h("span", {}, write(question.high))),
    shown,
    button(t("question.commit"), null, { type: "submit", class: "primary" }),
  );
}

/** The answer beside what came out. */
export function questionResult(question, answer) {
  return h(
    "div",
    { class: "result" },
    h("p", { class: "asked" }, said(question.text)),
    question.kind === "estimate" ? estimateResult(question, answer) : choiceResult(question, answer),
    h("p", { class: "verdict" }, said(question.verdict)),
  );
}

function choiceResult(question, answer) {
  const item = (option) => answerItem(option, question.right.includes(option.id), option.id === answer);
  return h("ul", { class: "answers" }, question.options.map(item));
}

function answerItem(option, right, mine) {
  const tags = [mine && t("question.yours"), right && t("question.found")].filter(Boolean).join(" · ");
  const sign = right ? "✓" : mine ? "✗" : "·";
  return h(
    "li",
    { class: [right && "right", mine && "mine"].filter(Boolean).join(" ") },
    h("span", { class: "mark", "aria-hidden": "true" }, sign),
    h(
      "div",
      {},
      h("strong", {}, said(option.text)),
      tags && h("span", { class: "tag" }, tags),
      tags && said(option.comment) && h("p", {}, said(option.comment)),
    ),
  );
}

function estimateResult(question, answer) {
  const write = (value) => `${number(Number(value), question.decimals ?? 0)} ${said(question.unit)}`.trim();
  const [, low, high] = question.answer;
  const within = low !== null && Number(answer) >= low && Number(answer) <= high;
  const rows = [
    [t("question.yours"), answer === undefined ? "–" : write(answer)],
    [t("question.found"), spoken(question.answer, write)],
  ];
  return [
    h(
      "dl",
      { class: "facts" },
      rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    low !== null && answer !== undefined ? h("p", {}, within ? t("question.within") : t("question.outside")) : null,
  ];
}
