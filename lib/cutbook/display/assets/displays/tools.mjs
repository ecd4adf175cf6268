/* The tools above each table: filter, switches, CSV. */
import { button, make, titleOf } from "./elements.mjs";
import { saveCsv } from "./csv.mjs";
import { filterBox, refresh, switches } from "./filtering.mjs";
import { linkCounts } from "./records.mjs";
import { addSorting } from "./sorting.mjs";
import { isHead, placeOf, stateOf, TABLES } from "./tables.mjs";

const SMALLEST_FILTERED = 10;

/* Which tools a table has, by its number of rows without heads and whether it tells what changed. */
export const toolsOf = (count, isMarked) => ({
  hasFilter: count > SMALLEST_FILTERED,
  hasStatus: count > SMALLEST_FILTERED || isMarked,
  hasSwitches: isMarked,
  isSorted: count > 1,
});

/* Tables wider than their place scroll in it, and keep their headings; the others keep theirs on the page. */
let fitting = null;
function fit(place) {
  fitting ??= new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const isWide = target.scrollWidth > target.clientWidth + 1;
    target.classList.toggle("wide", isWide);
    target.classList.toggle("fits", !isWide);
  }));
  fitting.observe(place);
}

export function equip(table, name) {
  const state = stateOf(table);
  const place = placeOf(table);
  if (state.isEquipped) { return; }
  state.isEquipped = true;
  fit(place);
  const count = state.rows.flat().filter((row) => !isHead(row)).length;
  const { hasFilter, hasStatus, hasSwitches, isSorted } = toolsOf(count, table.matches(".marked, :has(b > i)"));
  const status = make("output", { class: "cb-status" });
  state.show = (text) => { status.textContent = text; };
  const tools = make("div", { class: "cb-tools", role: "group", "aria-label": `Tools: ${titleOf(table)}` });
  if (hasFilter) { tools.append(filterBox(table)); }
  if (hasStatus) { tools.append(status); }
  if (hasSwitches) { tools.append(...switches(table)); }
  tools.append(button("CSV", { "aria-label": `CSV of ${titleOf(table)}` }, () => saveCsv(table, name)));
  linkCounts(table);
  if (isSorted) { addSorting(table); }
  const before = place.previousElementSibling;
  (before?.matches(".population") ? before : place).before(tools);
  if (state.toggles.changed) { refresh(table); }
}

const isFolded = (node) => Boolean(node.closest("details:not([open])"));

export function equipWithin(root) {
  for (const table of root.querySelectorAll(TABLES)) {
    if (isFolded(table)) { continue; }
    const block = table.closest(".records") ?? table.closest(".display");
    equip(table, block?.id || "table");
  }
}
