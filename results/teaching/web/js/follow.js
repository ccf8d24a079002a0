/** What is known of the cell, the team or the person that the reader follows, in the week that the clock shows. */
import { spark } from "./chart_lines.js";
import { payload, table } from "./data.js";
import { h } from "./dom.js";
import { followed } from "./map_canvas.js";
import { badge, CONTACTS } from "./marks.js";
import { euros, number, percent, said, t, tn } from "./words.js";

const LATEST = 8;

/** Everything that can be followed, for a list: cells, places of care, persons. */
export function choices(ground, run) {
  const cells = Array.from({ length: ground.count }, (_, cell) => [`cell:${cell}`, ground.nameOf(cell)]);
  const sites = ground.sites.map((site, place) => [`site:${place}`, said(site.name)]);
  const persons = run.followed.map((person) => [
    `person:${person.id}`,
    t("person.name", { name: person.name, age: number(person.age) }),
  ]);
  return [
    ["", t("follow.nothing")],
    [t("follow.persons"), persons],
    [t("follow.sites"), sites],
    [t("follow.cells"), cells],
  ];
}

/** The panel of what is followed. */
export function panel(text, ground, run, week) {
  const follow = followed(text);
  if (!follow) return h("p", { class: "hint" }, t("follow.how"));
  if (follow.kind === "cell" && follow.id < ground.count) return cellPanel(follow.id, ground, run, week);
  if (follow.kind === "site" && ground.sites[follow.id]) return sitePanel(follow.id, ground, run, week);
  const person = run.followed.find((one) => one.id === follow.id);
  return person ? personPanel(person, ground, week) : h("p", { class: "hint" }, t("follow.how"));
}

function facts(pairs) {
  return h(
    "dl",
    { class: "facts" },
    pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function weeksOf(packed, place) {
  const numbers = table(packed);
  return Array.from({ length: numbers.shape[0] }, (_, week) => numbers.at(week, place));
}

function history(title, values, week, colour) {
  return h(
    "div",
    { class: "history" },
    h("span", {}, title),
    h("strong", {}, number(values[week] ?? 0)),
    spark(values, week, { colour }),
  );
}

function cellPanel(cell, ground, run, week) {
  const area = ground.territory.areas[ground.area.at(cell)];
  return [
    h("h3", {}, ground.nameOf(cell)),
    facts([
      [t("cell.people"), number(ground.people.at(cell))],
      [t("cell.area"), area ? said(area.title) : "–"],
      [t("cell.access"), t("cell.access_value", { value: number(ground.apl.at(cell), 1) })],
      [t("cell.poverty"), percent(ground.poverty.at(cell))],
    ]),
    h("h4", {}, t("follow.this_week")),
    history(t("kind.waiting"), weeksOf(run.cells.waiting, cell), week, "#b86e00"),
    history(t("kind.physician"), weeksOf(run.cells.gp, cell), week, CONTACTS[0].colour),
    history(t("kind.nurse"), weeksOf(run.cells.nurse, cell), week, CONTACTS[1].colour),
    history(t("kind.hospital"), weeksOf(run.cells.hospital, cell), week, CONTACTS[2].colour),
    history(t("kind.forgone"), weeksOf(run.cells.forgone, cell), week, CONTACTS[4].colour),
  ];
}

function sitePanel(place, ground, run, week) {
  const site = ground.sites[place];
  const people = ground.territory.staff.filter((one) => one.site === place);
  const counted = [
    ["site.physicians", site.physicians],
    ["site.nurses", site.nurses],
    ["site.beds", site.beds],
  ].filter(([, count]) => count > 0);
  const words = {
    "site.physicians": t("site.physicians"),
    "site.nurses": t("site.nurses"),
    "site.beds": t("site.beds"),
  };
  const moving = [];
  if (site.kind === "team") {
    moving.push(history(t("site.wait"), weeksOf(run.sites.wait_days, place), week, "#b86e00"));
    moving.push(history(t("site.contacts"), weeksOf(run.sites.contacts, place), week, CONTACTS[0].colour));
    moving.push(history(t("site.booked"), weeksOf(run.sites.booked, place), week, "#5b4a9e"));
    moving.push(history(t("site.list"), weeksOf(run.sites.list, place), week, "#59626a"));
  }
  return [
    h("h3", {}, said(site.name)),
    h("p", { class: "kind" }, said(site.team_kind)),
    facts(counted.map(([key, count]) => [words[key], number(count)])),
    people.length ? h("p", { class: "hint" }, people.map((one) => said(one.name)).join(", ")) : null,
    moving.length ? h("h4", {}, t("follow.this_week")) : null,
    moving,
  ];
}

function personPanel(person, ground, week) {
  const { phrases } = payload();
  const past = person.events.week.map((when, place) => ({
    when,
    kind: person.events.kind[place],
    site: person.events.site[place],
    phrase: person.events.phrase[place],
  }));
  const until = past.filter(({ when }) => when <= week);
  const item = ({ when, kind, site, phrase }) => {
    const look = CONTACTS[kind] ?? CONTACTS[0];
    const where = ground.sites[site] ? `, ${said(ground.sites[site].name)}` : "";
    return h(
      "li",
      { class: when === week ? "now" : "" },
      badge(look.shape, look.colour),
      h("span", {}, `${t("week.short", { week: number(when + 1) })} `, said(phrases[phrase]), where),
    );
  };
  const doctor = ground.sites[person.site];
  return [
    h("h3", {}, t("person.name", { name: person.name, age: number(person.age) })),
    h("p", {}, said(person.summary)),
    facts([
      [t("person.lives"), ground.nameOf(person.cell)],
      [t("person.doctor"), doctor ? said(doctor.name) : t("person.no_doctor")],
      [t("person.conditions"), person.conditions.length ? person.conditions.map(said).join(", ") : t("person.none")],
      [t("person.spending"), euros(person.spending)],
    ]),
    person.gone >= 0 && person.gone <= week ? h("p", {}, t("person.gone", { week: number(person.gone + 1) })) : null,
    h("h4", {}, tn("person.events_one", "person.events_many", until.length)),
    until.length > LATEST ? h("p", { class: "hint" }, t("person.latest", { n: number(LATEST) })) : null,
    h("ol", { class: "events", reversed: true }, until.slice(-LATEST).reverse().map(item)),
  ];
}
