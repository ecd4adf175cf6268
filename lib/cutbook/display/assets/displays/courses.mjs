/* What the page lists of a participant's course, read from its tables: days, values, doses and events. */
import { tidy } from "./text.mjs";

const NO_VALUE = "–";
const EVENT = /^(-?[\d.]+|\?)–(-?[\d.]+)? ([\d.]+|\?)(s?) (.*)$/;

const tokens = (text) => tidy(text).split(" ").filter(Boolean);
const known = (number) => (Number.isFinite(number) ? number : null);

/* Days of a row, each with whether the visit was planned: "1 29 71u". */
export const daysIn = (text) => tokens(text).map((token) => (
  { day: Number.parseFloat(token), isUnplanned: token.endsWith("u") }));

/* Values of a cell at the days of its row: "3 – 41h <4". */
export const valuesIn = (days, text) => tokens(text).flatMap((token, place) => (token === NO_VALUE ? [] : [{
  ...days[place],
  text: token.replace(/(?<=\d)[hl]$/, ""),
  value: known(Number.parseFloat(token.replace(/^[<>]/, ""))),
  isBelow: token.startsWith("<"),
  isOutside: /\d[hl]$/.test(token),
}]));

/* Events of a cell: "29–35 1 Headache; 40– 3s Pneumonia". */
export const eventsIn = (text) => tidy(text).split("; ").flatMap((part) => {
  const found = EVENT.exec(part);
  return found ? [{
    from: known(Number(found[1])), to: found[2] === undefined ? null : Number(found[2]),
    rank: known(Number(found[3])), isSerious: found[4] === "s", term: found[5],
  }] : [];
});

/* The first and the last day of everything that is drawn, day 1 among them. */
export function reachOf({ doses, events, values }) {
  const days = [1, ...doses, ...events.flatMap(({ from, to }) => [from, to]), ...values.map(({ day }) => day)];
  const told = days.filter((day) => day !== null);
  return [Math.min(...told), Math.max(...told)];
}

/* Where a day or value stands between two ends of a line, in tenths of a pixel. */
export const placed = (value, [low, high], [from, to]) => (
  Math.round(10 * (high > low ? from + (to - from) * (value - low) / (high - low) : (from + to) / 2)) / 10);

/* The days of an axis that have room for their numbers: the first and the last, doses before others. */
export function ticksOf(days, reach, width, distance = 24) {
  const chosen = [...reach];
  for (const day of days) {
    const at = placed(day, reach, [0, width]);
    if (chosen.every((other) => Math.abs(placed(other, reach, [0, width]) - at) >= distance)) { chosen.push(day); }
  }
  return [...new Set(chosen)].sort((a, b) => a - b);
}

/* Where the name of a bar stands: behind it, before it, or above its beginning where both are too short. */
export function roomFor(from, to, width, needed) {
  if (width - to >= needed) { return { x: to + 4, isEnd: false, isAbove: false, down: 4, lower: 0 }; }
  if (from >= needed) { return { x: from - 4, isEnd: true, isAbove: false, down: 4, lower: 0 }; }
  return { x: Math.min(from, width - needed), isEnd: false, isAbove: true, down: 1, lower: 4 };
}
