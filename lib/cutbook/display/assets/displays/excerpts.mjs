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

/* The records of one participant in a table as cards, without what names the participant: the term as collected is the
   name of a card, the other facts stand below with their headings; what is empty is left out. */
export function cardsOf(title, person, table, rows) {
  const isName = (cell) => cell?.querySelector("a")?.getAttribute("href") === person;
  const paths = headings(table).map((path) => path.at(-1));
  const columns = factColumns(paths.map((heading) => heading.dataset.role)).filter((x) => !isName(rows[0].cells[x]));
  const own = columns.slice(isGridRow(rows[0]) || rows[0].id.startsWith("R.") ? 1 : 0);
  const names = paths.map(label);
  return make("section", {}, make("h3", {}, title), ...rows.map((row) => cardOf(row, own, names)));
}

const UNTOLD = new Set(["", "–"]);

function cardOf(row, columns, names) {
  const facts = columns.filter((x) => row.cells[x] && !UNTOLD.has(shown(row.cells[x])));
  const isTerm = (x) => row.cells[x].matches(".verbatim");
  const name = facts.find(isTerm) ?? (row.closest("table.verbatim") ? facts[0] : undefined);
  const list = facts.filter((x) => x !== name).map((x) => (
    make("div", {}, make("dt", {}, names[x]), " ", make("dd", {}, ...copied(row.cells[x])))));
  const parts = name === undefined ? [] : [make("p", { class: "cb-name" }, ...copied(row.cells[name]))];
  return make("div", { class: `cb-card ${row.className}`.trim() }, ...parts, make("dl", {}, ...list));
}

function copied(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  return [...copy.childNodes];
}
