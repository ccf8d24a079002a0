/** One map: the ground, what waits and what moves in a week of a run, its sites, and what the reader follows. */
import { table } from "./data.js";
import { calm, h } from "./dom.js";
import { drawGround, spotIn, written } from "./ground.js";
import { announce, onLeave } from "./live.js";
import { FONT, INK, PAPER, trace } from "./marks.js";
import { drawPaths, drawTraffic, sprites, Traffic } from "./traffic.js";
import { number, said, t, tn } from "./words.js";

const WAITING = "#e58a00";
const MOST_WAITING = 60;
const SHARPEST = 2;
const NEAR_KM = 0.08;
const SHAPES = { hospital: "plus", outside: "square" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** What `follow` of the address means: a kind and an index. */
export function followed(text) {
  const [kind, id] = (text ?? "").split(":");
  return kind ? { kind, id: Number(id) } : null;
}

/** A map of a run on a clock; `chosen()` says what is followed, `choose(text)` changes it. */
export class MapCanvas {
  constructor(run, ground, clock, { title, tint, chosen, choose, hintId, picture = false }) {
    Object.assign(this, { run, ground, clock, tint, chosen, choose });
    this.traffic = new Traffic(run, ground);
    this.waiting = table(run.cells.waiting);
    this.waits = table(run.sites.wait_days);
    this.cursor = -1;
    const played = {
      tabindex: 0,
      role: "application",
      onclick: (event) => this.click(event),
      onkeydown: (event) => this.key(event),
      onblur: () => this.point(-1),
    };
    const names = { "aria-label": title, "aria-describedby": hintId };
    this.canvas = h("canvas", { class: "map", ...names, ...(picture ? { role: "img" } : played) });
    this.context = this.canvas.getContext("2d", { alpha: false });
    const watcher = new ResizeObserver((entries) => this.resize(entries[0].contentRect.width));
    watcher.observe(this.canvas);
    onLeave(() => watcher.disconnect());
    clock.watch(() => this.draw());
  }

  resize(width) {
    if (!width) return;
    const sharp = Math.min(window.devicePixelRatio || 1, SHARPEST);
    this.unit = (width * sharp) / this.ground.wide;
    this.canvas.width = Math.round(width * sharp);
    this.canvas.height = Math.round(this.unit * this.ground.high);
    this.canvas.style.aspectRatio = `${this.ground.wide} / ${this.ground.high}`;
    this.sharp = sharp;
    this.pictures = sprites(Math.max(2.2 * sharp, this.unit * 0.034));
    this.paint();
  }

  /** Draw the ground anew, then the week. */
  paint() {
    if (!this.unit) return;
    const still = document.createElement("canvas");
    still.width = this.canvas.width;
    still.height = this.canvas.height;
    const context = still.getContext("2d", { alpha: false });
    context.fillStyle = PAPER;
    context.fillRect(0, 0, still.width, still.height);
    drawGround(context, this.ground, this.tint(), this.at, this.unit);
    this.still = still;
    this.draw();
  }

  at = (x, y) => [(x - this.ground.west) * this.unit, (this.ground.north - y) * this.unit];

  draw() {
    if (!this.still) return;
    const { context, clock } = this;
    const follow = followed(this.chosen());
    const dots = this.traffic.of(clock.week);
    context.drawImage(this.still, 0, 0);
    this.outline(follow);
    const matters = mattering(follow, this.run);
    if (calm()) drawPaths(context, dots, this.at, matters);
    this.queue();
    if (!calm()) drawTraffic(context, dots, clock.moment, this.at, this.pictures, matters);
    this.persons();
    this.places(follow);
    if (follow?.kind === "person") this.person(follow.id);
  }

  outline(follow) {
    const cells = [];
    if (follow?.kind === "cell") cells.push([follow.id, INK, 3]);
    if (this.cursor >= 0) cells.push([this.cursor, "#c44e00", 2.5]);
    for (const [cell, colour, width] of cells) {
      if (cell >= this.ground.count) continue;
      const [x, y] = this.at(this.ground.x.at(cell) - 0.5, this.ground.y.at(cell) + 0.5);
      this.context.strokeStyle = colour;
      this.context.lineWidth = width * this.sharp;
      this.context.strokeRect(x, y, this.unit, this.unit);
    }
  }

  /** Who waits: a dot with a rim for each open request. */
  queue() {
    const { context, ground } = this;
    const counts = this.waiting.row(this.clock.week);
    const radius = Math.max(2 * this.sharp, this.unit * 0.03);
    context.fillStyle = WAITING;
    context.strokeStyle = "#5c3300";
    context.lineWidth = Math.max(0.8, radius * 0.3);
    context.beginPath();
    for (let cell = 0; cell < counts.length; cell += 1) {
      for (let nth = 0; nth < Math.min(counts[cell], MOST_WAITING); nth += 1) {
        const [x, y] = this.at(...spotIn(ground, cell, 3 * nth + 1));
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    context.fill();
    context.stroke();
  }

  /** Persons who can be followed, at home. */
  persons() {
    const { context } = this;
    context.fillStyle = "#ffd84d";
    context.strokeStyle = INK;
    context.lineWidth = 1.1 * this.sharp;
    for (const person of this.run.followed) {
      trace(context, "diamond", ...this.at(...this.homeOf(person)), Math.max(3 * this.sharp, this.unit * 0.04));
      context.fill();
      context.stroke();
    }
  }

  homeOf(person) {
    return spotIn(this.ground, person.cell, person.id);
  }

  places(follow) {
    this.ground.sites.forEach((site, place) => {
      const chosen = follow?.kind === "site" && follow.id === place;
      const [x, y] = this.at(site.x, site.y);
      const radius = this.disc(site, x, y, chosen);
      if (chosen || site.kind !== "team" || site.physicians > 2) this.caption(site, place, x, y + radius);
    });
  }

  /** The mark of a site, with its number of physicians; its radius. */
  disc(site, x, y, chosen) {
    const { context } = this;
    const radius = radiusOf(site, this.unit, this.sharp);
    context.lineWidth = (chosen ? 4 : 2) * this.sharp;
    context.strokeStyle = chosen ? "#c44e00" : INK;
    context.fillStyle = site.kind === "hospital" ? "#c44e00" : PAPER;
    trace(context, SHAPES[site.kind] ?? "circle", x, y, radius);
    context.fill();
    context.stroke();
    if (site.kind === "team" && site.physicians > 0 && radius > 5 * this.sharp) {
      context.font = `700 ${Math.round(radius * 0.95)}px ${FONT}`;
      context.textAlign = "center";
      context.fillStyle = INK;
      context.fillText(String(site.physicians), x, y + radius * 0.34);
    }
    return radius;
  }

  caption(site, place, x, y) {
    const { context } = this;
    const size = Math.max(11 * this.sharp, Math.min(15 * this.sharp, this.unit * 0.17));
    context.font = `600 ${Math.round(size)}px ${FONT}`;
    const name = site.abroad ? t("map.abroad") : said(site.name);
    const half = context.measureText(name).width / 2 + 4;
    context.textAlign = "center";
    const left = Math.min(Math.max(x, half), this.canvas.width - half);
    written(context, name, left, y + size * 1.15);
    const days = this.waits.at(this.clock.week, place);
    if (site.kind !== "team" || !(days > 0)) return;
    context.font = `${Math.round(size * 0.92)}px ${FONT}`;
    written(context, t("map.wait_days", { days: number(days) }), left, y + size * 2.3, "#7a4a00");
  }

  person(id) {
    const person = this.run.followed.find((one) => one.id === id);
    if (!person) return;
    const { context } = this;
    const [x, y] = this.at(...this.homeOf(person));
    context.lineWidth = 2.4 * this.sharp;
    person.events.week.forEach((week, place) => {
      const site = this.ground.sites[person.events.site[place]];
      if (week !== this.clock.week || !site) return;
      context.strokeStyle = INK;
      context.setLineDash([6 * this.sharp, 4 * this.sharp]);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(...this.at(site.x, site.y));
      context.stroke();
      context.setLineDash([]);
    });
    context.fillStyle = "#ffd84d";
    context.strokeStyle = INK;
    trace(context, "diamond", x, y, Math.max(7 * this.sharp, this.unit * 0.1));
    context.fill();
    context.stroke();
    context.font = `700 ${Math.round(13 * this.sharp)}px ${FONT}`;
    context.textAlign = "center";
    written(context, person.name, x, y - Math.max(12 * this.sharp, this.unit * 0.16));
  }

  /** The site, person or cell under the pointer is followed; the same once more is let go. */
  click(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = this.ground.west + ((event.clientX - box.left) / box.width) * this.ground.wide;
    const y = this.ground.north - ((event.clientY - box.top) / box.height) * this.ground.high;
    const near = this.ground.sites
      .map((site, place) => [Math.hypot(site.x - x, site.y - y), place])
      .sort(([one], [other]) => one - other)[0];
    const cell = this.ground.cellAt(x, y);
    const person = this.run.followed.find(
      (one) => Math.hypot(this.homeOf(one)[0] - x, this.homeOf(one)[1] - y) < NEAR_KM,
    );
    if (near && near[0] < 0.22) this.pick(`site:${near[1]}`);
    else if (person) this.pick(`person:${person.id}`);
    else if (cell >= 0) this.pick(`cell:${cell}`);
  }

  pick(text) {
    this.choose(this.chosen() === text ? "" : text);
  }

  /** Arrows go from cell to cell, Enter follows the cell, Escape lets go. */
  key(event) {
    if (event.key in ARROWS) {
      event.preventDefault();
      const from = this.cursor >= 0 ? this.cursor : this.middle();
      this.point(this.cursor >= 0 ? this.ground.beside(from, ...ARROWS[event.key]) : from);
      announce(this.told(this.cursor));
    } else if ((event.key === "Enter" || event.key === " ") && this.cursor >= 0) {
      event.preventDefault();
      this.pick(`cell:${this.cursor}`);
    } else if (event.key === "Escape") {
      this.choose("");
    }
  }

  middle() {
    const { ground } = this;
    const far = (cell) =>
      Math.hypot(
        ground.x.at(cell) - (ground.west + ground.east) / 2,
        ground.y.at(cell) - (ground.south + ground.north) / 2,
      );
    return Array.from({ length: ground.count }, (_, cell) => cell).sort((one, other) => far(one) - far(other))[0];
  }

  point(cell) {
    this.cursor = cell;
    this.draw();
  }

  told(cell) {
    const waiting = tn("cell.waiting_one", "cell.waiting_many", this.waiting.at(this.clock.week, cell));
    return `${this.ground.nameOf(cell)}: ${tn("cell.people_one", "cell.people_many", this.ground.people.at(cell))}; ${waiting}`;
  }
}

function radiusOf(site, unit, sharp) {
  if (site.kind === "hospital") return Math.max(9 * sharp, unit * 0.15);
  if (site.kind === "outside") return Math.max(7 * sharp, unit * 0.1);
  return Math.max(4.5 * sharp, unit * (0.06 + 0.028 * Math.sqrt(site.physicians + site.nurses)));
}

/** Which contacts of the week have to do with what is followed. */
function mattering(follow, run) {
  if (!follow) return () => true;
  if (follow.kind === "cell") return (dot) => dot.cell === follow.id;
  if (follow.kind === "site") return (dot) => dot.site === follow.id;
  const person = run.followed.find((one) => one.id === follow.id);
  return (dot) => !person || dot.cell === person.cell;
}
