/* Parts of tables copied for the panel, and the participants that their rows are about. */
import { label, make, shown } from "./elements.mjs";
import { headings, isHead } from "./tables.mjs";
import { anchor } from "./text.mjs";

const isGridRow = (row) => Boolean(row.closest(".grid"));

/* The address of the participant of a row, who is named by a link, or in a grid by the heading of the row. */
export function personOf(row) {
  const link = row.querySelector('a[href^="#P."]');
  return link ? link.getAttribute("href") : isGridRow(row) ? `#P.${anchor(shown(row.cells[0]))}` : null;
}

/* The columns with facts about a record: not those that lead to the displays in which it counts. */
export const factColumns = (roles) => roles.flatMap((role, x) => (role === "displays" ? [] : [x]));

/* A table of copies of some rows, with some columns or all that hold facts, under the names of their groups where
   there are several. */
export function excerpt({ table, rows, columns }) {
  const all = headings(table).map((path) => path.at(-1));
  const kept = columns ?? factColumns(all.map((heading) => heading.dataset.role));
  const first = make("tr", {}, ...kept.map((x) => make("th", { scope: "col" }, label(all[x]))));
  const copy = make("table", { class: "listing" }, make("thead", {}, first));
  const bodies = [...new Set(rows.map((row) => row.parentElement))];
  for (const body of bodies) {
    const part = make("tbody", {});
    const head = [...body.rows].find(isHead);
    if (bodies.length > 1 && head) { part.append(headRow(shown(head.cells[0]), kept.length)); }
    rows.filter((row) => row.parentElement === body).forEach((row) => part.append(copyRow(row, kept)));
    copy.append(part);
  }
  return copy;
}

function headRow(text, width) {
  return make("tr", { class: "head" }, make("th", { scope: "rowgroup", colspan: String(width) }, text));
}

function copyRow(row, columns) {
  const copy = make("tr", { class: row.className });
  columns.forEach((x) => { if (row.cells[x]) { copy.append(row.cells[x].cloneNode(true)); } });
  copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  const person = isGridRow(row) && columns[0] === 0 ? personOf(row) : null;
  if (person) { copy.cells[0].replaceChildren(make("a", { href: person }, shown(row.cells[0]))); }
  return copy;
}

/* The records of one participant in a table, without the columns that name the participant. */
export function excerptOf(person, table, rows) {
  const isName = (cell) => cell?.querySelector("a")?.getAttribute("href") === person;
  const columns = headings(table).map((_, x) => x).filter((x) => !isName(rows[0].cells[x]));
  return excerpt({ table, rows, columns: isGridRow(rows[0]) ? columns.slice(1) : columns });
}
