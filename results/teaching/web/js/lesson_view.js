/** A lesson in four steps: the question, the experiment, what came out and why, where it comes from. */
import { button } from "./controls.js";
import { payload } from "./data.js";
import { h } from "./dom.js";
import { experimentView } from "./experiment.js";
import { numbersFigure } from "./lesson_numbers.js";
import { live } from "./live.js";
import { questionForm, questionResult } from "./question.js";
import { address, change, state } from "./state.js";
import { number, said, t } from "./words.js";

const STEPS = ["question", "experiment", "result", "sources"];

function stepNames() {
  return {
    question: t("step.question"),
    experiment: t("step.experiment"),
    result: t("step.result"),
    sources: t("step.sources"),
  };
}

/** Lessons that the reader has finished, as the address says. */
export function finished() {
  return new Set((state().done ?? "").split(".").filter(Boolean));
}

/** The step that the address asks for; before the question is answered there is only the first. */
function currentStep() {
  if (!state().answer) return "question";
  return STEPS.includes(state().step) ? state().step : "experiment";
}

/** A lesson by its id. */
export function lessonView(lesson) {
  const head = h(
    "header",
    { class: "lesson-head" },
    h("p", { class: "eyebrow" }, t("lesson.number", { n: number(lesson.number), minutes: number(lesson.minutes) })),
    h("h1", { tabindex: -1 }, said(lesson.title)),
    h("p", { class: "aim" }, said(lesson.aim)),
  );
  const body = live(
    ["step", "answer", "print"],
    () => (state().print ? everything(lesson) : [steps(), parts(lesson)[currentStep()]()]),
    { class: "lesson-body" },
  );
  return h("article", { class: "lesson" }, head, body);
}

function steps() {
  const names = stepNames();
  const now = currentStep();
  const item = (step, place) => {
    const locked = place > 0 && !state().answer;
    const link = button(`${place + 1}. ${names[step]}`, () => go(step), {
      disabled: locked,
      "aria-current": step === now ? "step" : null,
    });
    return h("li", {}, link);
  };
  return h(
    "nav",
    { class: "steps-nav no-print", "aria-label": t("lesson.steps") },
    h("ol", {}, STEPS.map(item)),
    state().answer ? null : h("p", { class: "hint" }, t("lesson.locked")),
  );
}

function go(step, keys = {}) {
  change({ step, ...keys });
  const heading = document.querySelector(".lesson-body h2");
  heading?.focus();
  heading?.scrollIntoView({ block: "start" });
}

function parts(lesson) {
  return {
    question: () => questionPart(lesson),
    experiment: () => experimentPart(lesson),
    result: () => resultPart(lesson),
    sources: () => sourcesPart(lesson),
  };
}

function heading(step) {
  return h("h2", { tabindex: -1 }, stepNames()[step]);
}

function questionPart(lesson) {
  return h(
    "section",
    { class: "part" },
    heading("question"),
    h(
      "div",
      { class: "prose" },
      lesson.story.map((text) => h("p", {}, said(text))),
    ),
    questionForm(lesson.question, (answer) => go("experiment", { answer })),
  );
}

function experimentPart(lesson) {
  const { experiment } = lesson;
  return h(
    "section",
    { class: "part" },
    heading("experiment"),
    h(
      "div",
      { class: "prose" },
      h("p", {}, said(experiment.text)),
      h(
        "ol",
        { class: "todo" },
        experiment.steps.map((text) => h("li", {}, said(text))),
      ),
    ),
    experimentView(experiment.view),
    onwards("result", t("lesson.to_result")),
  );
}

function resultPart(lesson) {
  return h(
    "section",
    { class: "part" },
    heading("result"),
    questionResult(lesson.question, state().answer),
    h(
      "div",
      { class: "prose" },
      lesson.explanation.map((text) => h("p", {}, said(text))),
    ),
    numbersFigure(lesson),
    h("p", { class: "takeaway" }, said(lesson.takeaway)),
    onwards("sources", t("lesson.to_sources")),
  );
}

function onwards(step, text) {
  return h(
    "p",
    { class: "onwards no-print" },
    button(text, () => go(step), { class: "primary" }),
  );
}

function sourcesPart(lesson) {
  const sources = lesson.sources.map((id) => sourceItem(id)).filter(Boolean);
  return h(
    "section",
    { class: "part" },
    heading("sources"),
    h("h3", {}, t("lesson.discussion")),
    h(
      "ol",
      { class: "discussion" },
      lesson.discussion.map((text) => h("li", {}, said(text))),
    ),
    h("h3", {}, t("lesson.sources")),
    h("ul", { class: "sources" }, sources),
    h("h3", {}, t("about.limits")),
    h(
      "ul",
      { class: "sources" },
      payload().about.limits.map((text) => h("li", {}, said(text))),
    ),
    h(
      "p",
      { class: "onwards no-print" },
      button(t("lesson.finish"), () => finish(lesson), { class: "primary" }),
    ),
  );
}

function sourceItem(id) {
  const source = payload().sources[id];
  if (!source) return null;
  const reference = source.url
    ? h(
        "a",
        { href: source.url, rel: "noreferrer", target: "_blank" },
        source.reference,
        h("span", { class: "unseen" }, ` ${t("lesson.new_tab")}`),
      )
    : source.reference;
  return h("li", {}, h("strong", {}, said(source.title)), " ", reference, " ", h("code", {}, id));
}

function finish(lesson) {
  const done = finished();
  done.add(String(lesson.number));
  const next = payload().lessons.find((one) => one.number === lesson.number + 1);
  const keys = { done: [...done].sort().join(".") };
  location.hash = next ? address(`lesson-${next.id}`, keys) : address("home", keys);
}

/** A lesson on paper, one part after the other: a worksheet while the question is open, with the result afterwards. */
function everything(lesson) {
  const tools = h(
    "p",
    { class: "no-print" },
    button(t("print.now"), () => window.print(), { class: "primary" }),
    " ",
    button(t("print.leave"), () => change({ print: "" })),
  );
  const after = state().answer
    ? [resultPart(lesson), sourcesPart(lesson)]
    : [h("p", { class: "notice no-print" }, t("print.worksheet"))];
  return [tools, questionPart(lesson), experimentPart(lesson), ...after];
}
