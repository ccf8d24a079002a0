/**
 * The ground of the map, drawn once: cells tinted by access, living area or poverty, borders and names of communes, and a
 * dot for so many people.
 */
import { payload, table } from "./data.js";
import { FONT } from "./marks.js";
import { ticks } from "./scales.js";
import { decimalsFor, number, percent, said, t } from "./words.js";

const ACCESS = ["#f5e8cf", "#e3e4cd", "#c2d8c8", "#98c6bd", "#6badaa", "#468f95"];
const POVERTY = ["#f2efe6", "#e6dbd9", "#d6c0c8", "#c1a3b5", "#a684a0", "#866488"];
const AREAS = ["#d9d2e6", "#cfe0dc", "#f0e2c4", "#dce6c8", "#f2d7cc", "#d4dfee", "#e8e4da"];
const DOTS = 2600;
const MARGIN_KM = 0.65;
const ABROAD_KM = 0.75;

/** A number from 0 to 1 that is always the same for two whole numbers: where a dot stands in its cell. */
export function steady(one, other) {
  let mixed = Math.imul(one + 0x9e37, 0x85ebca6b) ^ Math.imul(other + 0x7f4a, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

/** A territory's places, unpacked. */
export class Ground {
  constructor(id) {
    const territory = payload().territories[id];
    const columns = (name) => table(territory.cells[name]);
    this.territory = territory;
    this.x = columns("x");
    this.y = columns("y");
    this.people = columns("people");
    this.poverty = columns("poverty");
    this.apl = columns("apl");
    this.area = columns("area");
    this.commune = columns("commune");
    this.count = this.x.shape[0];
    const xs = Array.from(this.x.values, (_, cell) => this.x.at(cell));
    const ys = Array.from(this.y.values, (_, cell) => this.y.at(cell));
    this.west = Math.min(...xs) - MARGIN_KM;
    this.east = Math.max(...xs) + MARGIN_KM + ABROAD_KM;
    this.south = Math.min(...ys) - MARGIN_KM;
    this.north = Math.max(...ys) + MARGIN_KM;
    this.wide = this.east - this.west;
    this.high = this.north - this.south;
    this.byPlace = new Map(xs.map((x, cell) => [`${Math.round(x * 2)},${Math.round(ys[cell] * 2)}`, cell]));
    this.sites = placed(territory.sites, this);
  }

  /** The cell at a place, or -1. */
  cellAt(x, y) {
    const near = [...this.byPlace.values()].filter(
      (cell) => Math.abs(this.x.at(cell) - x) <= 0.5 && Math.abs(this.y.at(cell) - y) <= 0.5,
    );
    return near.length ? near[0] : -1;
  }

  /** The cell that lies next to another in a direction, or the same when there is none. */
  beside(cell, right, up) {
    const key = `${Math.round((this.x.at(cell) + right) * 2)},${Math.round((this.y.at(cell) + up) * 2)}`;
    return this.byPlace.get(key) ?? cell;
  }

  /** Name of a cell: its commune, and its place in the grid. */
  nameOf(cell) {
    const commune = this.territory.communes[this.commune.at(cell)]?.name ?? "";
    const column = Math.round(this.x.at(cell) - this.west - MARGIN_KM) + 1;
    const row = Math.round(this.y.at(cell) - this.south - MARGIN_KM) + 1;
    return t("cell.name", { commune, column: number(column), row: number(row) });
  }
}

/** Sites with a place of their own: those of one place stand around it, those outside at the border. */
function placed(sites, ground) {
  const taken = new Map();
  let abroad = 0;
  return sites.map((site) => {
    if (site.x === null || site.x === undefined) {
      abroad += 1;
      return { ...site, x: ground.east - 0.42, y: ground.north - 0.9 * abroad, abroad: true };
    }
    const key = `${site.x.toFixed(1)},${site.y.toFixed(1)}`;
    const rank = taken.get(key) ?? 0;
    taken.set(key, rank + 1);
    const turn = rank * 2.4;
    const away = 0.34 * Math.sqrt(rank);
    return { ...site, x: site.x + away * Math.cos(turn), y: site.y + away * Math.sin(turn), abroad: false };
  });
}

/** What tints the cells: a class for each cell, colours, and what each class is called. */
export function tinted(ground, by) {
  if (by === "area") {
    const names = ground.territory.areas.map((area, place) => ({
      colour: AREAS[place % AREAS.length],
      text: `${area.id} ${said(area.title)}`,
      mark: area.id,
    }));
    return { classOf: (cell) => ground.area.at(cell), classes: names };
  }
  const [column, colours, write] =
    by === "poverty"
      ? [ground.poverty, POVERTY, (value) => percent(value)]
      : [ground.apl, ACCESS, (value) => number(value, value < 10 ? 2 : decimalsFor(value))];
  const values = Array.from(column.values, (_, cell) => column.at(cell));
  const edges = edgesOf(values, colours.length);
  const shown = colours.filter((_, place) => place < edges.length - 1);
  const classes = shown.map((colour, place) => ({
    colour,
    text: t("map.class", { low: write(edges[place]), high: write(edges[place + 1]) }),
  }));
  const classOf = (cell) =>
    Math.max(
      0,
      edges.findIndex((_, place) => column.at(cell) <= edges[place + 1]),
    );
  return { classOf, classes };
}

/** Round borders of at most so many classes that hold all values. */
function edgesOf(values, most) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  for (let count = most; count > 0; count -= 1) {
    const inner = ticks(low, high, count);
    const step = inner.length > 1 ? inner[1] - inner[0] : high - low || 1;
    const first = inner[0] > low ? inner[0] - step : inner[0];
    const edges = [first, ...inner.filter((one) => one > first)];
    if (edges.at(-1) < high) edges.push(edges.at(-1) + step);
    if (edges.length - 1 <= most) return edges;
  }
  return [low, high];
}

/** Draw the ground on a canvas context; `at` turns kilometres into pixels, `unit` is a kilometre in pixels. */
export function drawGround(context, ground, by, at, unit) {
  const { classOf, classes } = tinted(ground, by);
  const gap = Math.max(0.6, unit * 0.018);
  for (let cell = 0; cell < ground.count; cell += 1) {
    const [x, y] = at(ground.x.at(cell) - 0.5, ground.y.at(cell) + 0.5);
    const { colour, mark } = classes[Math.max(0, classOf(cell))];
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(x + gap, y + gap, unit - 2 * gap, unit - 2 * gap, unit * 0.07);
    context.fill();
    if (mark && unit > 34) {
      context.fillStyle = "rgba(31, 38, 43, 0.6)";
      context.font = `${Math.round(Math.max(9, unit * 0.14))}px ${FONT}`;
      context.textAlign = "left";
      context.fillText(mark, x + unit * 0.08, y + unit * 0.2);
    }
  }
  people(context, ground, at, unit);
  borders(context, ground, at);
  names(context, ground, at, unit);
}

/** One dot for so many people. */
export function peopleADot(ground) {
  return Math.max(1, Math.ceil(ground.territory.people / DOTS / 5) * 5);
}

function people(context, ground, at, unit) {
  const each = peopleADot(ground);
  const size = Math.max(1, unit * 0.022);
  context.fillStyle = "rgba(38, 50, 56, 0.34)";
  for (let cell = 0; cell < ground.count; cell += 1) {
    const dots = Math.round(ground.people.at(cell) / each);
    for (let dot = 0; dot < dots; dot += 1) {
      const [x, y] = at(...spotIn(ground, cell, dot));
      context.fillRect(x - size / 2, y - size / 2, size, size);
    }
  }
}

/** Where the nth dot of a cell stands, km. */
export function spotIn(ground, cell, nth) {
  const across = steady(cell * 7919 + nth, 1) - 0.5;
  const along = steady(cell * 7919 + nth, 2) - 0.5;
  return [ground.x.at(cell) + across * 0.84, ground.y.at(cell) + along * 0.84];
}

function borders(context, ground, at) {
  context.strokeStyle = "rgba(255, 253, 249, 0.95)";
  context.lineWidth = 3;
  context.lineCap = "round";
  context.beginPath();
  for (let cell = 0; cell < ground.count; cell += 1) {
    const [x, y] = [ground.x.at(cell), ground.y.at(cell)];
    const right = ground.beside(cell, 1, 0);
    const above = ground.beside(cell, 0, 1);
    if (right !== cell && ground.commune.at(right) !== ground.commune.at(cell))
      edge(context, at, x + 0.5, y - 0.5, x + 0.5, y + 0.5);
    if (above !== cell && ground.commune.at(above) !== ground.commune.at(cell))
      edge(context, at, x - 0.5, y + 0.5, x + 0.5, y + 0.5);
  }
  context.stroke();
}

function edge(context, at, fromX, fromY, toX, toY) {
  context.moveTo(...at(fromX, fromY));
  context.lineTo(...at(toX, toY));
}

function names(context, ground, at, unit) {
  const sums = ground.territory.communes.map(() => [0, 0, 0]);
  for (let cell = 0; cell < ground.count; cell += 1) {
    const sum = sums[ground.commune.at(cell)];
    if (!sum) continue;
    sum[0] += ground.x.at(cell);
    sum[1] += ground.y.at(cell);
    sum[2] += 1;
  }
  context.font = `italic ${Math.round(Math.max(11, Math.min(15, unit * 0.19)))}px "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif`;
  context.textAlign = "center";
  sums.forEach(([x, y, cells], place) => {
    if (!cells) return;
    const [left, top] = at(x / cells, y / cells + 0.42);
    written(context, ground.territory.communes[place].name, left, top);
  });
}

/** A text with a pale outline, which stays legible on any tint. */
export function written(context, text, x, y, colour = "#1f262b") {
  context.lineJoin = "round";
  context.strokeStyle = "rgba(255, 253, 249, 0.85)";
  context.lineWidth = 4;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
