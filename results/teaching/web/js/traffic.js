/** What moves on the map in a week: a dot for each contact, or for several, on its way from a cell to a site. */
import { table } from "./data.js";
import { spotIn, steady } from "./ground.js";
import { CONTACTS, trace } from "./marks.js";

const MOST = 2400;
const TRIP = 0.42;
const BEND = 0.16;

/** The contacts of a run, week by week, as dots on curves. */
export class Traffic {
  constructor(run, ground) {
    this.ground = ground;
    this.cell = table(run.flows.cell).values;
    this.site = table(run.flows.site).values;
    this.kind = table(run.flows.kind).values;
    this.counts = table(run.flows.count);
    this.each = Math.max(1, Math.ceil(busiest(this.counts) / MOST));
    this.week = -1;
    this.dots = [];
  }

  /** The dots of a week: when they leave, from where, over where, to where, what they are. */
  of(week) {
    if (week === this.week) return this.dots;
    this.week = week;
    this.dots = [];
    const counts = this.counts.row(week);
    let carried = 0;
    for (let flow = 0; flow < counts.length; flow += 1) {
      for (let contact = 0; contact < counts[flow]; contact += 1) {
        carried += 1;
        if (carried % this.each === 0) this.dots.push(this.dot(flow, contact, week));
      }
    }
    return this.dots;
  }

  dot(flow, contact, week) {
    const [cell, site] = [this.cell[flow], this.site[flow]];
    const spot = spotIn(this.ground, cell, Math.floor(steady(flow * 977 + contact, week) * 997));
    const goal = this.ground.sites[site];
    const [across, along] = [goal.x - spot[0], goal.y - spot[1]];
    const side = steady(flow, contact) < 0.5 ? BEND : -BEND;
    const over = [(spot[0] + goal.x) / 2 - along * side, (spot[1] + goal.y) / 2 + across * side];
    return {
      leaves: steady(week * 131 + flow, contact) * (1 - TRIP),
      spot,
      over,
      goal: [goal.x, goal.y],
      kind: this.kind[flow],
      cell,
      site,
    };
  }
}

function busiest(counts) {
  let most = 0;
  for (let week = 0; week < counts.shape[0]; week += 1) {
    const sum = counts.row(week).reduce((total, count) => total + count, 0);
    if (sum > most) most = sum;
  }
  return most;
}

/** Small pictures of the marks of contacts, so that a frame only copies them. */
export function sprites(radius) {
  return CONTACTS.map(({ colour, shape }) => {
    const picture = document.createElement("canvas");
    const half = Math.ceil(radius * 1.5) + 1;
    picture.width = 2 * half;
    picture.height = 2 * half;
    const context = picture.getContext("2d");
    trace(context, shape, half, half, radius);
    context.fillStyle = colour;
    context.strokeStyle = "rgba(255, 253, 249, 0.9)";
    context.lineWidth = Math.max(1, radius * 0.3);
    context.stroke();
    context.fill();
    return picture;
  });
}

/** Draw the dots that are on their way at a moment (0 to 1) of the week; the others of a followed thing stay faint. */
export function drawTraffic(context, dots, moment, at, pictures, matters) {
  for (const dot of dots) {
    const gone = (moment - dot.leaves) / TRIP;
    if (gone <= 0 || gone >= 1) continue;
    const eased = gone * gone * (3 - 2 * gone);
    const rest = 1 - eased;
    const x = rest * rest * dot.spot[0] + 2 * rest * eased * dot.over[0] + eased * eased * dot.goal[0];
    const y = rest * rest * dot.spot[1] + 2 * rest * eased * dot.over[1] + eased * eased * dot.goal[1];
    const [left, top] = at(x, y);
    const picture = pictures[dot.kind];
    context.globalAlpha = matters(dot) ? 1 : 0.12;
    context.drawImage(picture, left - picture.width / 2, top - picture.height / 2);
  }
  context.globalAlpha = 1;
}

/** For who asked for little motion: the paths of the week, without anything that moves. */
export function drawPaths(context, dots, at, matters) {
  for (const dot of dots) {
    const known = matters(dot);
    context.strokeStyle = CONTACTS[dot.kind].colour;
    context.globalAlpha = known ? 0.22 : 0.02;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(...at(...dot.spot));
    context.quadraticCurveTo(...at(...dot.over), ...at(...dot.goal));
    context.stroke();
  }
  context.globalAlpha = 1;
}
