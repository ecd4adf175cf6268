/* A table as a CSV file: the rows in view, with what changed and what was in columns of their own. */
import { label, make, read, shown } from "./elements.mjs";
import { grow, headings, namedRows, stateOf } from "./tables.mjs";
import { tidy } from "./text.mjs";

const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const NO_CELL = { value: "", change: "", previous: "" };

/* One field as RFC 4180 has it; a text that a spreadsheet would take for a formula gets an apostrophe. */
export function field(text) {
  const isFormula = /^\s*[=+\-@＝＋－＠]/.test(text) && !PLAIN_NUMBER.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/* The file of a table: columns with a change in any row are three, and rows that stand under others have their names. */
export function csvText(columns, rows) {
  const isNested = rows.some(({ names }) => names.length);
  const hasChange = columns.map((_, x) => rows.some(({ cells }) => cells[x]?.isMarked));
  const spread = (x, { value, change, previous }) => (hasChange[x] ? [value, change, previous] : [value]);
  const first = columns.flatMap((name, x) =>
    spread(x, { value: name, change: `${name} change`, previous: `${name} previous` }));
  const body = rows.map(({ names, cells }) => {
    const fields = columns.flatMap((_, x) => spread(x, cells[x] ?? NO_CELL));
    return isNested ? [names.join(" / "), ...fields] : fields;
  });
  const all = [isNested ? ["Section", ...first] : first, ...body];
  return all.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

function columnName(path) {
  return path.map((cell) => {
    const note = tidy(cell.querySelector("small.note")?.textContent ?? "");
    return label(cell) + (note ? ` (${note})` : "");
  }).filter(Boolean).join(" / ");
}

function previousOf(cell) {
  const removed = Array.from(cell.querySelectorAll("del"), (node) => node.textContent);
  return tidy(cell.querySelector("b > i")?.textContent ?? removed.join(" "));
}

const factsOf = (cell) => ({
  value: shown(cell),
  change: tidy(Array.from(cell.querySelectorAll("b"), (mark) => read(mark, "i")).join(" ")),
  previous: previousOf(cell),
  isMarked: Boolean(cell.querySelector("b, del, ins")),
});

export function csvOf(table) {
  stateOf(table).finish();
  const rows = [...table.tBodies].flatMap((body) => namedRows(grow(body.rows), (row) => shown(row.cells[0])));
  const inView = rows.filter(({ row }) => !row.hidden);
  return csvText(
    headings(table).map(columnName), inView.map(({ row, names }) => ({ names, cells: Array.from(row.cells, factsOf) })),
  );
}

export function saveCsv(table, name) {
  const address = URL.createObjectURL(new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" }));
  make("a", { href: address, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
