/** The door: what the page is, the territory at work, and the eight lessons. */
import { Clock } from "./clock.js";
import { button } from "./controls.js";
import { payload } from "./data.js";
import { calm, fresh, h } from "./dom.js";
import { Ground } from "./ground.js";
import { finished } from "./lesson_view.js";
import { MapCanvas } from "./map_canvas.js";
import { address } from "./state.js";
import { number, said, t, tn } from "./words.js";

/** The first view. */
export function homeView() {
  const run = payload().runs[0];
  return h(
    "div",
    { class: "home" },
    h(
      "section",
      { class: "hero" },
      h(
        "div",
        { class: "hero-text" },
        h("h1", { tabindex: -1 }, t("home.title")),
        h("p", { class: "lead" }, t("home.lead")),
        h(
          "p",
          {},
          h("a", { class: "primary", href: address(`lesson-${payload().lessons[0].id}`) }, t("home.begin")),
          " ",
          h("a", { class: "secondary", href: address("map") }, t("home.look")),
        ),
        h("p", { class: "hint" }, said(payload().about.invented)),
      ),
      heroMap(run),
    ),
    h(
      "section",
      { "aria-labelledby": "lessons" },
      h("h2", { id: "lessons" }, t("home.lessons")),
      h("p", { class: "hint" }, progress()),
      h("ol", { class: "cards" }, payload().lessons.map(card)),
    ),
    h(
      "section",
      { "aria-labelledby": "tools" },
      h("h2", { id: "tools" }, t("home.tools")),
      h(
        "ul",
        { class: "tools-list" },
        tools().map(([view, title, text]) =>
          h("li", {}, h("a", { href: address(view) }, h("strong", {}, title), h("span", {}, text))),
        ),
      ),
    ),
  );
}

function progress() {
  const done = finished().size;
  return done ? tn("home.done_one", "home.done_many", done) : t("home.ten_minutes");
}

function card(lesson) {
  const done = finished().has(String(lesson.number));
  return h(
    "li",
    { class: "card" },
    h(
      "a",
      { href: address(`lesson-${lesson.id}`) },
      h("span", { class: "numeral", "aria-hidden": "true" }, number(lesson.number)),
      h(
        "span",
        { class: "card-body" },
        h("strong", {}, said(lesson.title)),
        h("span", {}, said(lesson.aim)),
        h(
          "small",
          {},
          t("home.minutes", { minutes: number(lesson.minutes) }),
          done ? ` · ✓ ${t("home.finished")}` : "",
        ),
      ),
    ),
  );
}

function tools() {
  return [
    ["map", t("nav.map"), t("home.map")],
    ["compare", t("nav.compare"), t("home.compare")],
    ["statement", t("nav.statement"), t("home.statement")],
    ["story", t("nav.story"), t("home.story")],
  ];
}

/** The territory at work: it moves until it is told to stop, and not at all for who asked for little motion. */
function heroMap(run) {
  const clock = new Clock(run.weeks, 8);
  const ground = new Ground(run.territory);
  const hintId = fresh("hint");
  const title = t("map.of", { place: said(ground.territory.title), arm: said(payload().arms[run.arm].title) });
  const map = new MapCanvas(run, ground, clock, {
    title,
    hintId,
    tint: () => "apl",
    chosen: () => "",
    choose: () => {},
    picture: true,
  });
  const toggle = button(t("map.pause"), () => {
    if (clock.playing) clock.stop();
    else clock.play();
    toggle.textContent = clock.playing ? t("map.pause") : t("map.play");
  });
  if (calm()) toggle.hidden = true;
  else clock.play();
  clock.speed = 0.5;
  return h(
    "figure",
    { class: "hero-map" },
    map.canvas,
    h(
      "figcaption",
      {},
      h(
        "span",
        { id: hintId },
        t("home.caption", { place: said(ground.territory.title), people: number(ground.territory.people) }),
      ),
      toggle,
    ),
  );
}
