/* Sorting by a column: how texts compare, and the headings that sort. */
import { label, make, shown } from "./elements.mjs";
import { arrange, grow, HEAD, headings, stateOf } from "./tables.mjs";

const [NUMBER, WORDS, NOTHING] = [0, 1, 2];
const ORDERS = { 1: "ascending", [-1]: "descending" };
const TURNS = { 0: 1, 1: -1, [-1]: 0 };
const NUMBER_FIRST = /^[<>≤≥]?\s*([+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w-]|\.\d)/i;
const collator = new Intl.Collator("en", { numeric: true });

/* How a text sorts: numbers, then words, then what has no value, of which a cell of the page tells. */
export function sortKey(text, hasNoValue = false) {
  if (hasNoValue || /^[–—-]?$/.test(text)) { return { kind: NOTHING }; }
  const number = NUMBER_FIRST.exec(text);
  return number ? { kind: NUMBER, value: Number(number[1].replace(/,/g, "")) } : { kind: WORDS, value: text };
}

export function compare(one, other, direction) {
  if (one.kind !== other.kind) { return one.kind - other.kind; }
  if (one.kind === NOTHING) { return 0; }
  return direction * (one.kind === WORDS ? collator.compare(one.value, other.value) : one.value - other.value);
}

/* The next direction of a column that is chosen again; one chosen first ascends, and a third press restores. */
export const turned = (direction, isAgain) => (isAgain ? TURNS[direction] : 1);

/* The rows of a tree sorted within the row that they stand under; heads keep their places. */
export function sortedRows(root, keyOf, direction) {
  const keyed = root.children.map((child) => ({
    child, key: child.level === HEAD ? { kind: NOTHING } : keyOf(child.row),
  }));
  keyed.sort((one, other) => compare(one.key, other.key, direction));
  return keyed.flatMap(({ child }) => [child.row, ...sortedRows(child, keyOf, direction)]);
}

function keyIn(row, column) {
  const cell = row.cells[column];
  return cell ? sortKey(shown(cell), "none" in cell.dataset) : { kind: NOTHING };
}

function sort(table, column) {
  const state = stateOf(table);
  state.direction = turned(state.direction, state.column === column);
  state.column = column;
  state.order = state.direction
    ? state.rows.map((rows) => sortedRows(grow(rows), (row) => keyIn(row, column), state.direction))
    : state.rows;
  arrange(table);
  headings(table).forEach((path, index) => {
    const order = index === column ? ORDERS[state.direction] : null;
    if (order) { path.at(-1).setAttribute("aria-sort", order); } else { path.at(-1).removeAttribute("aria-sort"); }
  });
}

/* A heading is no button element: printed tables repeat their headings without the text of those. */
export function addSorting(table) {
  headings(table).forEach((path, column) => {
    const heading = path.at(-1);
    if (heading.colSpan > 1 || !label(heading)) { return; }
    const words = [...heading.childNodes].filter((node) => !["SMALL", "B"].includes(node.nodeName));
    const made = make("span", { class: "cb-sort", role: "button", tabindex: "0" }, ...words);
    made.addEventListener("click", () => sort(table, column));
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") { return; }
      event.preventDefault();
      sort(table, column);
    });
    heading.prepend(made);
  });
}
