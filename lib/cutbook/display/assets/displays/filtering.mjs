/* Which rows of a table are in view: those that hold a text, and those that changed since the last cut. */
import { button, make, valueText } from "./elements.mjs";
import { arrange, grow, HEAD, stateOf } from "./tables.mjs";
import { counted, tidy } from "./text.mjs";

/* The rows that stay and those that are left. A row stays when it, with all rows above it, is wanted or one below it
   stays; heads only stay for the rows below them, and are not counted. */
export function sift(roots, textOf, isWanted) {
  const found = { total: 0, kept: 0, left: new Set() };
  const visit = (node, above) => {
    const text = node.row ? `${above} ${textOf(node.row)}` : "";
    const isRow = node.row && node.level !== HEAD;
    let isKept = Boolean(isRow && isWanted(text, node.row));
    found.total += isRow ? 1 : 0;
    found.kept += isKept ? 1 : 0;
    for (const child of node.children) { isKept = visit(child, text) || isKept; }
    if (node.row && !isKept) { found.left.add(node.row); }
    return isKept;
  };
  roots.forEach((root) => visit(root, ""));
  return found;
}

/* A cell that only keeps its previous value did not change, nor did a pooled one that a new arm alone may have moved. */
const isChanged = (row) =>
  row.matches(".new, .changed, .withdrawn") || Boolean(row.querySelector("b:not(.quiet, .joined), ins, del"));

function textsOf(table) {
  const state = stateOf(table);
  const textOf = (row) => tidy(Array.from(row.cells, valueText).join(" ")).toLowerCase();
  state.texts ??= new Map(state.rows.flat().map((row) => [row, textOf(row)]));
  return state.texts;
}

export function refresh(table) {
  const state = stateOf(table);
  const texts = textsOf(table);
  const isWanted = (text, row) => text.includes(state.filter) && (!state.toggles.changed || isChanged(row));
  const { total, kept, left } = sift(state.rows.map(grow), (row) => texts.get(row), isWanted);
  state.left = left;
  arrange(table);
  const isLess = kept < total || state.filter || state.toggles.changed;
  state.show(isLess ? `${kept} of ${counted(total, "row")}` : "");
}

/* Switch "was" (previous values) or "changed" (only what changed) of one table. */
export function toggle(table, name, isOn) {
  const state = stateOf(table);
  if (Boolean(state.toggles[name]) === isOn || (name === "changed" && !isMarked(table))) { return; }
  state.toggles[name] = isOn;
  state.buttons?.[name]?.setAttribute("aria-pressed", String(isOn));
  if (name === "was") { table.classList.toggle("cb-was", isOn); } else { refresh(table); }
}

const isMarked = (table) => table.matches(".marked");

/* The tables that tell something of the previous cut: what changed, or what was. */
export const marked = (root) => root.querySelectorAll("table.marked, table:has(b > i)");

export function filterBox(table) {
  const box = make("input", { type: "search", "aria-label": "Filter rows", placeholder: "Filter rows" });
  box.addEventListener("input", () => {
    stateOf(table).filter = tidy(box.value).toLowerCase();
    refresh(table);
  });
  box.addEventListener("focus", () => textsOf(table), { once: true });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.value) { return; }
    event.stopPropagation();
    box.value = "";
    box.dispatchEvent(new Event("input"));
  });
  return box;
}

export function switches(table) {
  const state = stateOf(table);
  const one = (name, text) => {
    const isOn = String(Boolean(state.toggles[name]));
    return button(text, { "aria-pressed": isOn }, () => toggle(table, name, !state.toggles[name]));
  };
  state.buttons = { changed: one("changed", "Only what changed"), was: one("was", "Previous values") };
  const { was, changed } = state.buttons;
  return [...(table.querySelector("b > i") ? [was] : []), ...(isMarked(table) ? [changed] : [])];
}
