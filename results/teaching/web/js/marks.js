/**
 * Colours and shapes. Okabe and Ito's palette (2008), darkened where text needs it; nothing is told by colour alone:
 * each arm has its shape and its dash, each kind of contact its shape.
 */
import { s } from "./dom.js";

export const INK = "#1f262b";
export const MUTED = "#59626a";
export const RULE = "#d9d4c8";
export const PAPER = "#fffdf9";
export const FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

const COLOURS = ["#0072b2", "#c44e00", "#00795a", "#a8528a", "#8a6d00", "#3a7ca5", "#5b4a9e", "#333333"];
const SHAPES = ["circle", "diamond", "square", "up", "down", "plus", "hexagon", "bar"];
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2", "1 4", "6 2 1 2 1 2"];

/** Contacts by the kinds of the payload: physician, nurse, hospital, teleconsultation; then forgone, delayed, home. */
export const CONTACTS = [
  { colour: "#0072b2", shape: "circle" },
  { colour: "#00795a", shape: "up" },
  { colour: "#c44e00", shape: "plus" },
  { colour: "#6b6f75", shape: "square" },
  { colour: "#1f262b", shape: "cross" },
  { colour: "#8a6d00", shape: "down" },
  { colour: "#3a7ca5", shape: "diamond" },
];

/** Colour, shape and dash of an arm of the payload. */
export function look(arm) {
  const place = (arm?.colour ?? 0) % COLOURS.length;
  return { colour: COLOURS[place], shape: SHAPES[place], dash: DASHES[place] };
}

function points(sides, radius, turn) {
  const angles = Array.from({ length: sides }, (_, side) => turn + (2 * Math.PI * side) / sides);
  return angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]);
}

function outline(shape, radius) {
  const up = -Math.PI / 2;
  const third = radius / 3;
  switch (shape) {
    case "diamond":
      return points(4, radius * 1.25, up);
    case "square":
      return points(4, radius * 1.25, Math.PI / 4);
    case "up":
      return points(3, radius * 1.3, up);
    case "down":
      return points(3, radius * 1.3, -up);
    case "hexagon":
      return points(6, radius * 1.1, up);
    case "bar":
      return [
        [-third, -radius * 1.3],
        [third, -radius * 1.3],
        [third, radius * 1.3],
        [-third, radius * 1.3],
      ];
    case "plus":
      return [
        [-third, -radius], [third, -radius], [third, -third], [radius, -third], [radius, third], [third, third],
        [third, radius], [-third, radius], [-third, third], [-radius, third], [-radius, -third], [-third, -third],
      ].map(([x, y]) => [x * 1.15, y * 1.15]); // biome-ignore format: a cross is read in one piece
    case "cross":
      return outline("plus", radius).map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]);
    default:
      return null;
  }
}

/** A mark of a chart. */
export function mark(shape, x, y, radius, attributes = {}) {
  const corners = outline(shape, radius);
  if (!corners) return s("circle", { cx: x, cy: y, r: radius, ...attributes });
  const path = corners.map(([across, down]) => `${(x + across).toFixed(2)},${(y + down).toFixed(2)}`).join(" ");
  return s("polygon", { points: path, ...attributes });
}

/** The same mark on a canvas: the path is made, and filled or stroked by who asked. */
export function trace(context, shape, x, y, radius) {
  const corners = outline(shape, radius);
  context.beginPath();
  if (!corners) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [across, down] of corners) context.lineTo(x + across, y + down);
  context.closePath();
}

/** A mark on its own, for legends and beside words. */
export function badge(shape, colour, { rim = "none", size = 14 } = {}) {
  const paint = { fill: colour, stroke: rim, "stroke-width": 1.4 };
  const drawing = s("svg", {
    viewBox: "-8 -8 16 16",
    width: size,
    height: size,
    "aria-hidden": "true",
    class: "badge",
  });
  drawing.append(mark(shape, 0, 0, 5.2, paint));
  return drawing;
}

/** Looks of arms that are shown together: their own, but for those whose own is taken. */
export function looksOf(arms) {
  const taken = new Set();
  return arms.map((arm) => {
    const free = COLOURS.map((_, step) => ((arm?.colour ?? 0) + step) % COLOURS.length).find((one) => !taken.has(one));
    taken.add(free);
    return look({ colour: free });
  });
}

/** The badge of an arm. */
export function armBadge(arm) {
  const { colour, shape } = look(arm);
  return badge(shape, colour);
}
