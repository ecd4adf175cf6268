import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsOf, grow, HEAD, levelIn, namedRows } from "../../lib/cutbook/display/assets/displays/tables.mjs";

const cell = (name, colSpan = 1, rowSpan = 1) => ({ name, colSpan, rowSpan });
const names = (columns) => columns.map((path) => path.map((one) => one.name));
const row = (name, className = "") => ({ name, className });
const tree = (node) => node.children.map((child) => (
  child.children.length ? [child.row.name, tree(child)] : child.row.name));

test("a column has the headings of all rows above it, from top to bottom", () => {
  assert.deepEqual(names(columnsOf([[cell("a"), cell("b")]])), [["a"], ["b"]]);
  assert.deepEqual(names(columnsOf([
    [cell("row", 1, 2), cell("active", 2), cell("all", 1, 2)],
    [cell("20 mg"), cell("40 mg")],
  ])), [["row"], ["active", "20 mg"], ["active", "40 mg"], ["all"]]);
});

test("a heading that spans more rows than there are ends with them, and no heading makes no column", () => {
  assert.deepEqual(names(columnsOf([[cell("a", 1, 3)]])), [["a"]]);
  assert.deepEqual(columnsOf([]), []);
});

test("the classes of a row tell how deep it stands", () => {
  const levels = { "": 0, head: HEAD, "level-2": 2, "level-1 new": 1, "new level-3": 3, "head new": HEAD,
    ahead: 0, "sub-level-2": 0, changed: 0 };
  assert.deepEqual(Object.keys(levels).map(levelIn), Object.values(levels));
});

test("rows stand under the last shallower row, and under no other head", () => {
  const rows = [
    row("loose"), row("A", "head"), row("a"), row("a1", "level-1"), row("a11", "level-2"), row("a2", "level-1"),
    row("b"), row("B", "head"), row("deep", "level-2"),
  ];
  assert.deepEqual(tree(grow(rows)), ["loose", ["A", [["a", [["a1", ["a11"]], "a2"]], "b"]], ["B", ["deep"]]]);
});

test("rows are named with those that they stand under, heads are not rows", () => {
  const rows = [row("A", "head"), row("a"), row("a1", "level-1"), row("b")];
  const named = namedRows(grow(rows), (one) => one.name).map((one) => [one.row.name, one.names]);
  assert.deepEqual(named, [["a", ["A"]], ["a1", ["A", "a"]], ["b", ["A"]]]);
});
