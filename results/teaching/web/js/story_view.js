/** A team's years in sentences. */
import { picker } from "./controls.js";
import { payload, runOf } from "./data.js";
import { h } from "./dom.js";
import { live } from "./live.js";
import { state } from "./state.js";
import { number, said, t } from "./words.js";

/** A story of the payload (`story` of a view: its index; else that of its first run). */
export function storyView(view = {}) {
  const own = payload().stories.findIndex((story) => view.runs?.includes(story.run));
  const standard = String(view.story ?? Math.max(own, 0));
  const names = payload().stories.map((story, place) => [String(place), nameOf(story)]);
  return h(
    "section",
    { class: "story-view", "aria-label": t("story.title") },
    h("div", { class: "no-print" }, picker(t("story.choose"), "story", names, standard)),
    live(["story"], () => told(payload().stories[Number(state().story ?? standard)] ?? payload().stories[0])),
  );
}

function nameOf(story) {
  const run = runOf(story.run);
  const site = payload().territories[run.territory].sites[story.team];
  return t("story.of", { team: said(site.name), arm: said(payload().arms[run.arm].title) });
}

function told(story) {
  return h(
    "article",
    { class: "story" },
    h("h3", {}, nameOf(story)),
    h("p", { class: "opening" }, story.opening.map(said).join(" ")),
    story.chapters.map((chapter) =>
      h(
        "section",
        {},
        h("h4", {}, t("year.long", { year: number(chapter.year) })),
        chapter.sentences.map((sentence) => h("p", {}, said(sentence))),
      ),
    ),
    h("p", { class: "hint" }, t("story.note")),
  );
}
