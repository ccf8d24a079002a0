/** Taking things away: a drawing as SVG or PNG, its data as CSV, a scenario as a file. */
import { language } from "./words.js";

const SHARP = 2;
const DIGITS = 6;

/** Hand a file to the reader. */
export function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function standalone(svg) {
  const copy = svg.cloneNode(true);
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}

/** A drawing as it is, with its title and description. */
export function saveSvg(name, svg) {
  download(`${name}.svg`, standalone(svg));
}

/** A drawing as pixels, twice as fine as on the screen. */
export async function savePng(name, svg) {
  const { width, height } = svg.viewBox.baseVal;
  const address = URL.createObjectURL(standalone(svg));
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SHARP;
  canvas.height = height * SHARP;
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  await saveCanvas(name, canvas);
}

/** A canvas as PNG. */
export async function saveCanvas(name, canvas) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  download(`${name}.png`, blob);
}

function cell(value, french) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") {
    const text = String(Number(value.toPrecision(DIGITS)));
    return french ? text.replace(".", ",") : text;
  }
  return /[",;\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Rows as CSV, as spreadsheets of the reader's language open it: in French, semicolons and decimal commas. */
export function saveCsv(name, head, rows) {
  const french = language() === "fr";
  const lines = [head, ...rows].map((row) => row.map((value) => cell(value, french)).join(french ? ";" : ","));
  download(`${name}.csv`, new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }));
}
