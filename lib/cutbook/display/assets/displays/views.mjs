/* What the panel says about a count, and about a participant. */
import { columnLabel, label, make, OWN_DISPLAYS, shown, titleOf } from "./elements.mjs";
import { cardsOf, excerpt, personOf } from "./excerpts.mjs";
import { idIn, targetOf } from "./places.mjs";
import { courseOf, drawnCourse } from "./profile.mjs";
import { headings, isHead, recordsIn } from "./tables.mjs";
import { recordsOf } from "./records.mjs";
import { counted, tidy } from "./text.mjs";

/* What a count is about, each name once: in a table by visit its column, unless that only says that it counts, its row
   and the head above; elsewhere its row, and its column unless the row is about a group. */
export function namesOf({ row, column, above, isGrid, isPlainCount, isOfGroup }) {
  const names = isGrid ? [isPlainCount ? "" : column, row, above] : [row, isOfGroup ? "" : column];
  return [...new Set(names)].filter(Boolean);
}

function headAbove(row) {
  let head = row.previousElementSibling;
  while (head && !isHead(head)) { head = head.previousElementSibling; }
  return head;
}

function namesIn(cell, isGrid) {
  const row = cell.closest("tr");
  const path = headings(cell.closest("table"))[cell.cellIndex];
  const head = isGrid ? headAbove(row) : null;
  return namesOf({
    row: label(row.cells[0]),
    column: columnLabel(path),
    above: head ? label(head.cells[0]) : "",
    isGrid,
    isPlainCount: path.at(-1).dataset.role === "count",
    isOfGroup: Boolean(row.dataset.g),
  });
}

/* How many participants and records there are; a grid has a row a participant. */
export const amountOf = (records, people, isGrid) => (isGrid
  ? counted(records, "participant") : `${counted(records, "record")} of ${counted(people, "participant")}`);

const placeFor = (node) => node.closest(".records") ?? node.closest(".display");

function recordsView(link, found) {
  const cell = link.closest("td, th");
  const display = link.closest(".display");
  const target = targetOf(link);
  const block = target.closest(".records");
  const rows = found.flatMap((part) => part.rows);
  const people = new Set(rows.map(personOf).filter(Boolean)).size;
  const was = cell.querySelector("b > i")?.textContent;
  const isGrid = Boolean(block?.matches(".grid"));
  const rule = display.querySelector(".records > .rule")?.textContent ?? "";
  const place = found.length ? placeFor(found[0].table) : target;
  const name = `${display.id}.records`;
  return {
    heading: [shown(cell), ...namesIn(cell, isGrid)].join(" · "),
    above: titleOf(cell),
    lines: [was ? `Previous cut: ${tidy(was)}` : "", rows.length ? amountOf(rows.length, people, isGrid) : tidy(rule)],
    parts: found.map((part) => ({ title: found.length > 1 ? titleOf(part.table) : "", table: excerpt(part), name })),
    hint: people ? "Choose a participant to see their other records." : "",
    place: { href: `#${place.id}`, text: place === block ? "All records behind this table" : titleOf(place) },
  };
}

function participantView(link) {
  const person = link.getAttribute("href");
  const own = document.getElementById(idIn(person))?.closest("tr");
  const parts = new Map();
  for (const table of document.querySelectorAll(`${OWN_DISPLAYS} table.listing`)) {
    const rows = recordsIn(table).filter((row) => row === own || personOf(row) === person);
    if (rows.length) { parts.set(table, rows); }
  }
  const others = [...parts.values()].flat().filter((row) => row !== own).length;
  const course = courseOf(person);
  const cards = Array.from(parts, ([table, rows]) => cardsOf(titleOf(table), person, table, rows));
  return {
    heading: tidy(link.textContent),
    above: "Participant",
    lines: course ? [course.who, course.doses.length ? `Doses on days ${course.doses.join(", ")}` : ""] : [],
    parts: [],
    nodes: [
      ...(course ? drawnCourse(course) : []),
      ...(others ? [make("p", { class: "cb-above" }, `${counted(others, "record")} on this page`)] : []),
      ...cards,
    ],
    hint: "",
    place: own ? { href: person, text: "This participant in the list of all" } : null,
  };
}

/* What the panel shows for a link; null for a link that only leads somewhere. */
export function viewOf(link) {
  const records = recordsOf(link);
  if (records) { return recordsView(link, records); }
  const isPerson = link.matches('[href^="#P."]') && !link.matches(".cb-place");
  return isPerson ? participantView(link) : null;
}
