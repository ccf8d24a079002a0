/** The territory in motion: one run, or two side by side on the same clock, with what is followed beside it. */
import { Clock } from "./clock.js";
import { button, picker, segments } from "./controls.js";
import { payload, runOf, runsOf, table } from "./data.js";
import { calm, fill, fresh, h } from "./dom.js";
import { saveCanvas, saveCsv } from "./export.js";
import { choices, panel } from "./follow.js";
import { Ground, peopleADot, tinted } from "./ground.js";
import { live, onChange } from "./live.js";
import { MapCanvas } from "./map_canvas.js";
import { armBadge, badge, CONTACTS } from "./marks.js";
import { player, weekName } from "./player.js";
import { change, state } from "./state.js";
import { euros, number, said, t } from "./words.js";

/** The map of a view of the payload: `territory`, and `runs` of which the second is shown beside the first. */
export function mapView(view = {}) {
  const territories = Object.entries(payload().territories).map(([id, one]) => [id, said(one.title)]);
  const first = runOf(view.runs?.[0] ?? runsOf(view.territory ?? territories[0][0])[0]?.id);
  const standard = { territory: view.territory ?? first.territory, run: first.id, beside: view.runs?.[1] ?? "" };
  const shown = () => {
    const run = runOf(state().run ?? standard.run);
    const territory = state().territory ?? (state().run ? run.territory : standard.territory);
    const runs = runsOf(territory);
    const main = runs.find((one) => one.id === (state().run ?? standard.run)) ?? runs[0];
    const other = runs.find((one) => one.id === (state().beside ?? standard.beside));
    return { territory, runs, main, other: other === main ? undefined : other };
  };
  const place =
    territories.length > 1 ? picker(t("map.territory"), "territory", territories, standard.territory) : null;
  return h(
    "section",
    { class: "map-view", "aria-label": t("map.title") },
    live(["territory", "run", "beside"], () => staged(shown(), place, standard)),
  );
}

function staged({ territory, runs, main, other }, place, standard) {
  const ground = new Ground(territory);
  const clock = new Clock(main.weeks, Number(state().week ?? 1) - 1);
  const names = runs.map((run) => [run.id, said(payload().arms[run.arm].title)]);
  const hintId = fresh("hint");
  const shown = [main, other].filter(Boolean);
  const maps = shown.map((run) => {
    const title = t("map.of", { place: said(ground.territory.title), arm: said(payload().arms[run.arm].title) });
    const chosen = () => state().follow ?? "";
    return new MapCanvas(run, ground, clock, {
      title,
      hintId,
      chosen,
      choose: (follow) => change({ follow }, { quiet: true }),
      tint: () => state().tint ?? "apl",
    });
  });
  onChange(["tint"], () => {
    for (const map of maps) map.paint();
  });
  onChange(["follow"], () => {
    for (const map of maps) map.draw();
  });
  const controls = h(
    "div",
    { class: "controls no-print" },
    place,
    picker(t("map.arm"), "run", names, main.id),
    names.length > 1
      ? picker(
          t("map.beside"),
          "beside",
          [["", t("map.alone")], ...names.filter(([id]) => id !== main.id)],
          standard.beside,
        )
      : null,
    segments(
      t("map.tint"),
      "tint",
      [
        ["apl", t("tint.access")],
        ["area", t("tint.area")],
        ["poverty", t("tint.poverty")],
      ],
      "apl",
      { quiet: true },
    ),
  );
  const canvases = maps.map((map, at) => mapFrame(map, shown[at]));
  return [
    controls,
    h("p", { class: "unseen", id: hintId }, t("map.keys")),
    h("div", { class: other ? "maps two" : "maps one" }, canvases, other ? null : aside(ground, shown, clock)),
    player(clock),
    live(["tint"], () => legend(ground, maps[0])),
    other ? h("div", { class: "besides" }, aside(ground, shown, clock)) : null,
    h("p", { class: "hint" }, t("map.one_run", { seed: number(main.seed) }), " ", said(payload().about.invented)),
  ];
}

function mapFrame(map, run) {
  const arm = payload().arms[run.arm];
  const name = `map-${run.id.replaceAll("/", "-")}`;
  const tools = h(
    "div",
    { class: "tools no-print", role: "group", "aria-label": t("figure.tools", { title: said(arm.title) }) },
    button("PNG", () => saveCanvas(name, map.canvas), { "aria-label": t("figure.png", { title: said(arm.title) }) }),
    button("CSV", () => saveWeeks(name, run), { "aria-label": t("figure.csv", { title: said(arm.title) }) }),
  );
  return h(
    "figure",
    { class: "map-frame" },
    h("div", { class: "figure-head" }, h("h3", {}, armBadge(arm), said(arm.title)), tools),
    map.canvas,
  );
}

/** Names and numbers of the territory, by week. */
function columns(run) {
  const weekly = run.weekly;
  return [
    [t("kind.physician"), weekly.gp_contacts],
    [t("kind.nurse"), weekly.nurse_contacts],
    [t("kind.remote"), weekly.teleconsultations],
    [t("kind.emergency"), weekly.ed_visits],
    [t("kind.stays"), weekly.stays],
    [t("kind.forgone"), weekly.forgone],
    [t("week.waited"), weekly.waited_days],
    [t("week.spending"), weekly.spending],
  ].filter(([, packed]) => packed);
}

function saveWeeks(name, run) {
  const found = columns(run);
  const rows = Array.from({ length: run.weeks }, (_, week) => [
    week + 1,
    ...found.map(([, packed]) => table(packed).at(week)),
  ]);
  saveCsv(name, [t("week.word"), ...found.map(([title]) => title)], rows);
}

function aside(ground, runs, clock) {
  const week = h("div", { class: "week-numbers" });
  const about = h("div", { class: "followed" });
  let seen = "";
  const show = () => {
    const now = `${clock.week} ${state().follow ?? ""}`;
    if (now === seen) return;
    seen = now;
    fill(week, weekTable(runs, clock.week));
    fill(about, followedIn(ground, runs, clock.week));
  };
  clock.watch(show);
  onChange(["follow"], show);
  show();
  return h(
    "div",
    { class: "aside" },
    week,
    h("div", { class: "no-print" }, picker(t("follow.label"), "follow", choices(ground, runs[0]), "")),
    about,
  );
}

/** What is followed, in each of the runs that are shown. */
function followedIn(ground, runs, week) {
  const { follow } = state();
  if (!follow || runs.length === 1) return panel(follow, ground, runs[0], week);
  const one = (run) => {
    const arm = payload().arms[run.arm];
    return h(
      "div",
      {},
      h("p", { class: "arm-name" }, armBadge(arm), said(arm.title)),
      panel(follow, ground, run, week),
    );
  };
  return h("div", { class: "pair" }, runs.map(one));
}

/** The numbers of a week; beside each other, the difference stands out. */
function weekTable(runs, week) {
  const two = runs.length > 1;
  const head = runs.map((run) => {
    const arm = payload().arms[run.arm];
    return h("th", { scope: "col" }, armBadge(arm), two ? said(arm.title) : t("week.this"));
  });
  const rows = weekRows(runs, week).map(([title, values, write]) => {
    const gap = values[1] - values[0];
    const told = gap === 0 ? "=" : `${gap > 0 ? "▲ +" : "▼ "}${write(gap)}`;
    return h(
      "tr",
      { class: two && gap !== 0 ? "differs" : null },
      h("th", { scope: "row" }, title),
      values.map((value) => h("td", {}, write(value))),
      two && h("td", { class: "gap" }, told),
    );
  });
  return h(
    "table",
    {},
    h("caption", {}, weekName(week)),
    h("thead", {}, h("tr", {}, h("td", {}), head, two && h("th", { scope: "col" }, t("table.difference")))),
    h("tbody", {}, rows),
  );
}

/** Name, numbers and way of writing of each row of the week's table. */
function weekRows(runs, week) {
  const waiting = runs.map((run) => sum(table(run.cells.waiting).row(week)));
  const writers = { [t("week.spending")]: (value) => euros(value), [t("week.waited")]: (value) => number(value, 1) };
  const rows = columns(runs[0]).map(([title], place) => {
    const values = runs.map((run) => table(columns(run)[place][1]).at(week));
    return [title, values, writers[title] ?? ((value) => number(value))];
  });
  return [[t("kind.waiting"), waiting, (value) => number(value)], ...rows];
}

function sum(values) {
  return values.reduce((total, one) => total + one, 0);
}

function legend(ground, map) {
  const { classes } = tinted(ground, state().tint ?? "apl");
  const kinds = [t("kind.physician"), t("kind.nurse"), t("kind.hospital"), t("kind.remote")];
  const contacts = kinds.map((text, kind) => h("li", {}, badge(CONTACTS[kind].shape, CONTACTS[kind].colour), text));
  const heads = { apl: t("tint.access_long"), area: t("tint.area"), poverty: t("tint.poverty") };
  return h(
    "div",
    { class: "map-legend" },
    h(
      "div",
      {},
      h("h4", {}, heads[state().tint ?? "apl"] ?? heads.apl),
      h(
        "ul",
        { class: "swatches" },
        classes.map(({ colour, text }) => h("li", {}, swatch(colour), text)),
      ),
    ),
    h(
      "div",
      {},
      h("h4", {}, calm() ? t("legend.paths") : t("legend.moving")),
      h(
        "ul",
        { class: "legend" },
        contacts,
        h("li", {}, badge("circle", "#e58a00"), t("kind.waiting")),
        h("li", {}, badge("diamond", "#ffd84d", { rim: "#1f262b" }), t("legend.person")),
        h("li", {}, badge("square", "#59626a", { size: 8 }), t("legend.people", { n: number(peopleADot(ground)) })),
      ),
      map.traffic.each > 1 ? h("p", { class: "hint" }, t("legend.each", { n: number(map.traffic.each) })) : null,
      h("p", { class: "hint" }, t("legend.sites")),
    ),
  );
}

function swatch(colour) {
  const box = h("span", { class: "swatch", "aria-hidden": "true" });
  box.style.background = colour;
  return box;
}
