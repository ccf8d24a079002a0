/** The page comes up: payload and words are read, the address says which view, and the view is shown. */
import { aboutView } from "./about_view.js";
import { compareView } from "./compare_view.js";
import { button } from "./controls.js";
import { load, payload } from "./data.js";
import { designView } from "./design_view.js";
import { fill, h } from "./dom.js";
import { homeView } from "./home_view.js";
import { lessonView } from "./lesson_view.js";
import { announce, leave, refresh } from "./live.js";
import { luckView } from "./luck_view.js";
import { mapView } from "./map_view.js";
import { pairsView } from "./pairs_view.js";
import { sharingView } from "./sharing_view.js";
import { address, change, follow, state, watch } from "./state.js";
import { statementView } from "./statement_view.js";
import { storyView } from "./story_view.js";
import { language, said, speak, t, teach } from "./words.js";

const LANGUAGES = { en: "English", fr: "Français" };
let shown = "";

/** Views that are no lesson: title and content. */
function views() {
  return {
    map: [t("map.title"), t("map.lead"), mapView],
    compare: [t("compare.title"), t("compare.lead"), compareView],
    sharing: [t("sharing.title"), t("sharing.lead"), sharingView],
    luck: [t("luck.title"), t("luck.lead"), luckView],
    statement: [t("statement.title"), t("statement.lead"), statementView],
    story: [t("story.title"), t("story.lead"), storyView],
    pairs: [t("pairs.title"), t("pairs.lead"), pairsView],
    design: [t("design.title"), t("design.lead"), designView],
  };
}

function content() {
  const { view } = state();
  const lesson = payload().lessons.find((one) => `lesson-${one.id}` === view);
  if (lesson) return [said(lesson.title), lessonView(lesson)];
  if (view === "about") return [t("about.title"), aboutView()];
  const found = views()[view];
  if (!found) return [t("home.title"), homeView()];
  const [title, lead, make] = found;
  return [
    title,
    h("div", { class: "tool-page" }, h("h1", { tabindex: -1 }, title), h("p", { class: "lead" }, lead), make()),
  ];
}

function header() {
  const links = [
    ["home", t("nav.lessons")],
    ["map", t("nav.map")],
    ["compare", t("nav.compare")],
    ["statement", t("nav.statement")],
    ["story", t("nav.story")],
    ["about", t("nav.about")],
  ];
  const here = state().view.startsWith("lesson-") ? "home" : state().view;
  const languages = Object.entries(LANGUAGES).map(([code, name]) =>
    button(name, () => change({ lang: code }), {
      id: `lang-${code}`,
      lang: code,
      "aria-pressed": String(language() === code),
    }),
  );
  return [
    h("a", { class: "wordmark", href: address("home") }, "careteams", h("span", {}, t("nav.page"))),
    h(
      "nav",
      { "aria-label": t("nav.label") },
      h(
        "ul",
        {},
        links.map(([view, text]) =>
          h("li", {}, h("a", { href: address(view), "aria-current": view === here ? "page" : null }, text)),
        ),
      ),
    ),
    h(
      "div",
      { class: "header-tools" },
      h("div", { role: "group", "aria-label": t("nav.language"), class: "languages" }, languages),
      button(t("nav.link"), copyLink),
      button(t("nav.print"), printed),
    ),
  ];
}

/** Lessons have a view for paper; other views print as they are. */
function printed() {
  if (state().view.startsWith("lesson-")) change({ print: "1" });
  else window.print();
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    announce(t("link.copied"));
    note(t("link.copied"));
  } catch {
    note(t("link.by_hand"));
  }
}

function note(text) {
  const bar = document.getElementById("note");
  bar.textContent = text;
  setTimeout(() => {
    bar.textContent = "";
  }, 6000);
}

function render() {
  leave();
  speak(state().lang);
  document.documentElement.lang = language();
  const [title, view] = content();
  document.title = `${title} · careteams`;
  document.getElementById("skip").textContent = t("nav.skip");
  fill(document.getElementById("header"), header());
  fill(
    document.getElementById("main"),
    payload().about.quick ? h("p", { class: "notice" }, t("about.quick")) : null,
    view,
  );
  fill(document.getElementById("footer"), h("p", {}, t("footer.text")), h("p", {}, said(payload().about.licence)));
}

function update() {
  const now = `${state().view} ${speak(state().lang)}`;
  if (now === shown) {
    refresh();
    return;
  }
  const [viewBefore, languageBefore] = shown.split(" ");
  shown = now;
  render();
  if (viewBefore === state().view && languageBefore !== language())
    document.getElementById(`lang-${language()}`).focus();
  else if (viewBefore) {
    window.scrollTo(0, 0);
    document.querySelector("h1")?.focus();
  }
}

/** The address belongs to the views, so that skipping to the content must not change it. */
function letSkip() {
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
}

/** Closed tables are opened for paper, and closed again. */
function unfoldForPaper() {
  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details:not([open])")) {
      details.open = true;
      folded.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded.splice(0)) details.open = false;
  });
}

async function begin() {
  teach(JSON.parse(document.getElementById("words").textContent));
  follow();
  await load();
  watch(update);
  update();
  unfoldForPaper();
  letSkip();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

begin();
