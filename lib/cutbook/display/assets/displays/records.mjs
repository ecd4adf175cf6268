/* Which records and values a count of the page counted: rows of listings, rows of an entry, rows of a grid. */
import { make, shown } from "./elements.mjs";
import { targetOf } from "./places.mjs";
import { headings, isHead, recordsIn, TABLES } from "./tables.mjs";
import { numbersOf } from "./text.mjs";

/* Which cells of a column of values count, by what the page says that a count counted. */
const KINDS = new Map([
  ["all", () => true],
  ["change", (value, baseline) => baseline !== ""],
  ["blq", ({ below }) => below !== ""],
  ["value", ({ below }) => below !== "all"],
]);

/* Whether a count of one kind counts a value, given the text of the same participant at baseline. */
export const isCounted = (kind, value, baseline) =>
  value.text !== "" && Boolean(KINDS.get(kind)?.(value, baseline));

/* The codes of the groups that a cell is about: that of its row where the row has one, else those of its headings. */
export const groupsOf = (ofRow, ofHeadings) => (ofRow ? [ofRow] : ofHeadings.filter(Boolean));

/* Whether records whose codes are joined by "|" count in one of some groups. Records without codes, and counts without
   a group, are about everybody. */
export const holds = (codes, groups) =>
  codes === undefined || !groups.length || groups.some((group) => codes.split("|").includes(group));

function groupsIn(cell) {
  const path = headings(cell.closest("table"))[cell.cellIndex] ?? [];
  return groupsOf(cell.closest("tr").dataset.g, path.map((heading) => heading.dataset.g));
}

const isIn = (row, groups) => holds(row.parentElement.dataset.g, groups);

/* The rows of an entry: those of its own block by their numbers, or those that the page lists in one place. */
function entryRecords(entry, cell, kind) {
  const numbers = numbersOf(entry.querySelector("span")?.textContent ?? "");
  const own = [...entry.closest(".records").querySelectorAll(TABLES)].flatMap(recordsIn);
  const rows = own.length ? own.filter((row) => numbers.has(Number(shown(row.cells[0]))))
    : Array.from(numbers, (number) => document.getElementById(`R.${number}`)).filter(Boolean);
  const groups = kind === "all" ? [] : groupsIn(cell);
  const tables = new Map();
  for (const row of rows.filter((one) => isIn(one, groups))) {
    const table = row.closest(TABLES);
    tables.set(table, [...(tables.get(table) ?? []), row]);
  }
  return Array.from(tables, ([table, theirs]) => ({ table, rows: theirs, columns: null }));
}

const valueOf = (cell) => ({ text: cell ? shown(cell) : "", below: cell?.dataset.blq ?? "" });

/* The columns of a grid that a count shows: participants, baseline where it counts changes, and its own. */
export const gridColumns = (kind, column) => [...new Set(kind === "change" ? [0, 1, column] : [0, column])];

function gridRecords(heading, cell, kind) {
  const table = heading.closest("table");
  const column = headings(table).findIndex((path) => path.includes(heading));
  const groups = groupsIn(cell);
  const rows = recordsIn(table).filter((row) => isIn(row, groups)
    && isCounted(kind, valueOf(row.cells[column]), valueOf(row.cells[1]).text));
  return [{ table, rows, columns: gridColumns(kind, column) }];
}

/* The records behind the number of a link: parts of a table, its rows and the columns to show; null for other links. */
export function recordsOf(link) {
  const target = targetOf(link);
  const cell = link.closest("td, th");
  if (!cell || !target || isHead(cell.parentElement) || link.closest(".cb-panel")) { return null; }
  const { counts } = link.dataset;
  if (target.matches(".entries > li")) { return entryRecords(target, cell, counts); }
  if (target.matches(".grid thead th")) { return gridRecords(target, cell, counts ?? "all"); }
  return cell.closest("table.stat") && target.matches(".records") ? [] : null;
}

/* The id that the counts of each row open: that of the row itself, or that of the head above it. */
export function opensAt(rows) {
  let above = "";
  return rows.map(({ isAbove, id }) => {
    if (isAbove) { above = id; }
    return isAbove ? "" : id || above;
  });
}

const idOf = (row) => (isHead(row) ? row.querySelector("a[href^='#']")?.hash.slice(1) : row.dataset.c) ?? "";

/* Counts of values name their grid column by row and heading; each becomes a link when its table is first seen. */
export function linkCounts(table) {
  const counting = headings(table).map((path) => path.at(-1).dataset.counts);
  if (!counting.some(Boolean)) { return; }
  const rows = [...table.querySelectorAll("tbody tr")];
  const places = opensAt(rows.map((row) => ({ isAbove: isHead(row), id: idOf(row) })));
  rows.forEach((row, y) => counting.forEach((kind, x) => {
    const text = row.cells[x]?.firstChild;
    if (!kind || !places[y] || text?.nodeType !== Node.TEXT_NODE || !/[1-9]/.test(text.data)) { return; }
    text.replaceWith(make("a", { href: `#${places[y]}`, "data-counts": kind }, text.data));
  }));
}
