/* A table as a CSV file: the rows in view, with what changed and what was in columns of their own. */
import { label, make, read, shown } from "./elements.mjs";
import { grow, headings, namedRows, stateOf } from "./tables.mjs";
import { tidy } from "./text.mjs";

/* What follows the number of a count: its share in %, and its events. */
const SHARE = /\(([\d.]+)\)/;
const EVENTS = /\[(\d+)\]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/* One field as RFC 4180 has it; a text that a spreadsheet would take for a formula gets an apostrophe. */
export function field(text) {
  const isFormula = /^\s*[=+\-@＝＋－＠]/.test(text) && !PLAIN_NUMBER.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/* A count in parts, each a column of the file: the texts of its number and of what follows, and N of its heading. */
export function countOf(number, rest, size) {
  return { n: number, N: size, percent: SHARE.exec(rest)?.[1] ?? "", events: EVENTS.exec(rest)?.[1] ?? "" };
}

/* The number with which the text of a count begins; the text where it begins with none. */
export const numberOf = (text) => /^\d+/.exec(text)?.[0] ?? text;

const NO_COUNT = { n: "", N: "", percent: "", events: "" };

/* The columns of counts: n, N, % and, where any cell has some, events; before them the text where not all count. */
function parts(name, cells) {
  const hasEvents = cells.some((cell) => cell?.count?.events);
  const hasText = cells.some((cell) => cell && !cell.count && cell.value);
  const named = [...(hasText ? [name] : []), `${name} n`, `${name} N`, `${name} %`, ...(hasEvents ? [`${name} events`] : [])];
  const fields = (cell) => {
    const { n, N, percent, events } = cell?.count ?? NO_COUNT;
    const text = cell?.count ? "" : cell?.value ?? "";
    return [...(hasText ? [text] : []), n, N, percent, ...(hasEvents ? [events] : [])];
  };
  return { named, fields };
}

/* The file of a table: columns with a change in any row are three, and rows that stand under others have their names. */
export function csvText(columns, rows) {
  const isNested = rows.some(({ names }) => names.length);
  const made = columns.map((name, x) => {
    const own = rows.map(({ cells }) => cells[x]);
    const hasChange = own.some((cell) => cell?.isMarked);
    const { named, fields } = own.some((cell) => cell?.count)
      ? parts(name, own) : { named: [name], fields: (cell) => [cell?.value ?? ""] };
    const change = hasChange ? [`${name} change`, `${name} previous`] : [];
    return {
      named: [...named, ...change],
      fields: (cell) => [...fields(cell), ...(hasChange ? [cell?.change ?? "", cell?.previous ?? ""] : [])],
    };
  });
  const first = made.flatMap(({ named }) => named);
  const body = rows.map(({ names, cells }) => {
    const fields = made.flatMap((column, x) => column.fields(cells[x]));
    return isNested ? [names.join(" / "), ...fields] : fields;
  });
  const all = [isNested ? ["Section", ...first] : first, ...body];
  return all.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

function columnName(path) {
  return path.map((cell) => {
    const note = cell.dataset.n ? "" : tidy(cell.querySelector("small.note")?.textContent ?? "");
    return label(cell) + (note ? ` (${note})` : "");
  }).filter(Boolean).join(" ");
}

function previousOf(cell) {
  const removed = Array.from(cell.querySelectorAll("del"), (node) => node.textContent);
  return tidy(cell.querySelector("b > i")?.textContent ?? removed.join(" "));
}

/* The number of a cell, what follows it when that is a share, and the N of the column: none for other cells. */
function countIn(cell, size) {
  const share = cell.querySelector(":scope > i");
  if (!share || !size) { return null; }
  return countOf(tidy(read(cell, "b, i")), tidy(share.textContent), size);
}

function factsOf(cell, size) {
  const count = countIn(cell, size);
  const was = previousOf(cell);
  return {
    value: shown(cell),
    count,
    change: tidy(Array.from(cell.querySelectorAll("b"), (mark) => read(mark, "i")).join(" ")),
    previous: count ? numberOf(was) : was,
    isMarked: Boolean(cell.querySelector("b, del, ins")),
  };
}

export function csvOf(table) {
  stateOf(table).finish();
  const rows = [...table.tBodies].flatMap((body) => namedRows(grow(body.rows), (row) => shown(row.cells[0])));
  const inView = rows.filter(({ row }) => !row.hidden);
  const paths = headings(table);
  const sizes = paths.map((path) => path.at(-1).dataset.n);
  return csvText(
    paths.map(columnName),
    inView.map(({ row, names }) => ({ names, cells: Array.from(row.cells, (cell, x) => factsOf(cell, sizes[x])) })),
  );
}

export function saveCsv(table, name) {
  const address = URL.createObjectURL(new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" }));
  make("a", { href: address, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
