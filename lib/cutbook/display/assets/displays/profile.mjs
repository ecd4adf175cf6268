/* The course of one participant as the panel draws it: doses, events and small panels of values over one time. */
import { daysIn, eventsIn, placed, reachOf, roomFor, ticksOf, valuesIn } from "./courses.mjs";
import { label, make, shown } from "./elements.mjs";
import { headings, isHead } from "./tables.mjs";
import { anchor } from "./text.mjs";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 400;
const SMALL = 190;
const BAR = 15;
const PLOT = 34;
const SEVERE = 3;
const LETTER = 5.9;

function svgNode(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children);
  return node;
}

const sheet = (width, height, name, ...parts) => svgNode("svg", {
  class: "drawn", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": name,
}, ...parts);

function rowsOf(person, name) {
  return [...document.querySelectorAll(`table.${name}`)].flatMap((table) => {
    const row = [...table.querySelectorAll("tbody tr")]
      .find((one) => !isHead(one) && `#P.${anchor(shown(one.cells[0]))}` === person);
    return row ? [{ table, row, names: headings(table).map((path) => label(path.at(-1))) }] : [];
  });
}

function axisOf(reach, doses, width, y) {
  const at = (day) => placed(day, reach, [8, width - 8]);
  return [
    svgNode("path", { class: "l", d: `M8 ${y}H${width - 8}` }),
    svgNode("path", { class: "i", d: doses.map((day) => `M${at(day)} ${y}v4`).join("") || "M0 0" }),
  ];
}

/* Bars of events, one a row, the darker the more severe, over the numbers of the axis. A name stands where there is room. */
function eventsSheet(events, doses, reach, width, name) {
  const at = (day) => placed(day, reach, [8, width - 8]);
  const rows = events.filter(({ from, to }) => from !== null || to !== null);
  const bars = rows.flatMap((event, place) => {
    const from = at(event.from ?? reach[0]);
    const to = Math.max(at(event.to ?? reach[1]), from + 3);
    const y = place * BAR + 8;
    const where = roomFor(from, to, width, LETTER * event.term.length + 12);
    const tone = event.rank === null ? "l" : event.rank >= SEVERE ? "a" : event.rank > 1 ? "s" : "r";
    const words = { x: where.x, y: y + where.down, class: `i${where.isEnd ? " e" : ""}${event.isSerious ? " b" : ""}` };
    return [
      svgNode("path", { class: tone, "stroke-width": where.isAbove ? 3 : 5, d: `M${from} ${y + where.lower}H${to}` }),
      svgNode("text", { ...words, "font-size": 10 }, event.term),
    ];
  });
  const y = rows.length * BAR + 6;
  const numbers = ticksOf([...doses], reach, width).map((day) => (
    svgNode("text", { class: "s m", x: at(day), y: y + 15, "font-size": 10 }, String(day).replace("-", "−"))));
  return sheet(width, y + 18, name, ...axisOf(reach, doses, width, y), ...bars, ...numbers);
}

function marksOf(points, at, up) {
  return points.map((point) => svgNode("circle", {
    class: `${point.isOutside ? "a" : "i"}${point.isUnplanned || point.isBelow ? "" : " f"}`,
    cx: at(point.day), cy: up(point.value), r: point.isUnplanned ? 3 : 2,
  }));
}

/* One parameter: its line, open circles for unscheduled samples and values below the limit, red outside limits. */
function valueSheet(name, values, doses, reach) {
  const points = values.filter(({ value }) => value !== null);
  const ends = [Math.min(...points.map(({ value }) => value)), Math.max(...points.map(({ value }) => value))];
  const at = (day) => placed(day, reach, [8, SMALL - 8]);
  const up = (value) => placed(value, ends, [PLOT - 4, 4]);
  const line = points.map(({ day, value }) => `${at(day)} ${up(value)}`).join("L");
  return sheet(
    SMALL, PLOT + 6, name, ...axisOf(reach, doses, SMALL, PLOT + 1),
    svgNode("path", { class: "s", d: line ? `M${line}` : "M0 0" }), ...marksOf(points, at, up),
  );
}

/* Every value behind its day; what is unscheduled or outside limits is marked by more than its colour. */
function valueList(values) {
  const told = values.map(({ day, text, isUnplanned, isOutside }) => make(
    isOutside ? "strong" : "span", {},
    make("small", {}, `${String(day).replace("-", "−")}${isUnplanned ? " unscheduled" : ""}: `), text.replace("-", "−"),
  ));
  return make("p", { class: "cb-values" }, ...told.flatMap((node, place) => (place ? [" · ", node] : [node])));
}

function panelOf(name, values, doses, reach) {
  return make("div", { class: "cb-course" }, make("h4", {}, name), valueSheet(name, values, doses, reach),
    valueList(values));
}

/* What the page has of a participant, by families of values; null where it lists nothing. */
export function courseOf(person) {
  const [one] = rowsOf(person, "people");
  if (!one) { return null; }
  const [, who, doses, events] = Array.from(one.row.cells, shown);
  const families = rowsOf(person, "values").map(({ row, names }) => {
    const days = daysIn(shown(row.cells[1]));
    const panels = names.slice(2).map((name, place) => (
      { name, values: valuesIn(days, shown(row.cells[place + 2])) })).filter(({ values }) => values.length);
    return { name: names[0], panels };
  });
  return { who, doses: daysIn(doses).map(({ day }) => day), events: eventsIn(events ?? ""), families };
}

/* The course as elements: one time for everything. */
export function drawnCourse({ who, doses, events, families }) {
  const values = families.flatMap(({ panels }) => panels.flatMap((panel) => panel.values));
  if (!doses.length && !events.length && !values.length) { return []; }
  const reach = reachOf({ doses, events, values });
  const parts = [eventsSheet(events, doses, reach, WIDE, `Doses and adverse events: ${who}`)];
  for (const { name, panels } of families) {
    const shownPanels = panels.map((panel) => panelOf(panel.name, panel.values, doses, reach));
    parts.push(make("section", {}, make("h3", {}, name), make("div", { class: "cb-courses" }, ...shownPanels)));
  }
  return parts;
}
