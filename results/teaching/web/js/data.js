/** The payload: unpacked once, read by everybody. What it holds is said in `PAYLOAD.md`. */

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i2: Int16Array, f4: Float32Array };

let document_ = null;
const unpacked = new WeakMap();

function bytesOf(base64) {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place += 1) bytes[place] = text.charCodeAt(place);
  return bytes;
}

/** Read the payload of the page. */
export async function load() {
  const bytes = bytesOf(document.getElementById("payload").textContent);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  document_ = await new Response(stream).json();
  return document_;
}

/** The payload as it was read. */
export function payload() {
  return document_;
}

/** Numbers of a packed table: `at(i, j, …)` reads one, `row(i)` those that share a first index, unscaled. */
export class Table {
  constructor(packed) {
    const bytes = bytesOf(packed.data);
    this.shape = packed.shape;
    this.scale = packed.scale ?? 1;
    this.values = new KINDS[packed.type](bytes.buffer, 0, bytes.byteLength / KINDS[packed.type].BYTES_PER_ELEMENT);
    this.stride = packed.shape.slice(1).reduce((size, count) => size * count, 1);
  }

  at(...places) {
    const place = places.reduce((sum, one, axis) => sum * this.shape[axis] + one, 0);
    return this.values[place] * this.scale;
  }

  row(place) {
    return this.values.subarray(place * this.stride, (place + 1) * this.stride);
  }

  /** Three numbers, mean and interval, at the places of the leading indices. */
  estimate(...places) {
    return [0, 1, 2].map((part) => this.at(...places, part));
  }
}

/** The table of a packed value, unpacked when it is first asked for. */
export function table(packed) {
  if (!unpacked.has(packed)) unpacked.set(packed, new Table(packed));
  return unpacked.get(packed);
}

/** A recorded run by its id; the first one when nothing has that id. */
export function runOf(id) {
  return document_.runs.find((run) => run.id === id) ?? document_.runs[0];
}

/** The runs that share a territory: same patients, other payment. */
export function runsOf(territory) {
  return document_.runs.filter((run) => run.territory === territory);
}

/** A study by its id; the first one when nothing has that id. */
export function studyOf(id) {
  return document_.studies[id] ?? Object.values(document_.studies)[0];
}

/** Level of one outcome in one arm of a study. */
export function level(study, arm, outcome) {
  return table(study.levels).estimate(study.arms.indexOf(arm), study.outcomes.indexOf(outcome));
}

/** Paired difference of one arm and another in one outcome. */
export function difference(study, arm, versus, outcome) {
  const places = [study.arms.indexOf(arm), study.arms.indexOf(versus), study.outcomes.indexOf(outcome)];
  return table(study.differences).estimate(...places);
}

/** One outcome of one arm, year by year. */
export function yearly(study, arm, outcome) {
  const [place, column] = [study.arms.indexOf(arm), study.outcomes.indexOf(outcome)];
  return Array.from({ length: study.years }, (_, year) => table(study.by_year).estimate(place, year, column));
}

/** One outcome of one arm, seed by seed. */
export function seeds(study, arm, outcome) {
  const [place, column] = [study.arms.indexOf(arm), study.outcomes.indexOf(outcome)];
  return study.seeds.map((_, seed) => table(study.values).at(place, seed, column));
}
