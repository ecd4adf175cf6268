import assert from "node:assert/strict";
import { test } from "node:test";

import { compare, sortedRows, sortKey, turned } from "../../lib/cutbook/display/assets/displays/sorting.mjs";
import { grow } from "../../lib/cutbook/display/assets/displays/tables.mjs";

const sorted = (texts, direction = 1) =>
  [...texts].sort((one, other) => compare(sortKey(one), sortKey(other), direction));
const value = (text) => sortKey(text).value;

test("texts that begin with a number sort by it", () => {
  const numbers = { "1 (33.3)": 1, "-1.5": -1.5, "+2": 2, "1,234": 1234, "<0.5": 0.5, "≥ 10": 10, "2e3": 2000, "5 c": 5 };
  assert.deepEqual(Object.keys(numbers).map(value), Object.values(numbers));
});

test("names, dates and versions that begin with digits are words", () => {
  assert.deepEqual(["2024-02-01", "10mg", "233AS101-101", "1.2.3", "a 1"].map(value),
    ["2024-02-01", "10mg", "233AS101-101", "1.2.3", "a 1"]);
});

test("numbers come first, then words, then what has no value, in both directions", () => {
  const texts = ["–", "b", "10", "", "9", "a", "-"];
  assert.deepEqual(sorted(texts), ["9", "10", "a", "b", "–", "", "-"]);
  assert.deepEqual(sorted(texts, -1), ["10", "9", "b", "a", "–", "", "-"]);
});

test("numbers within words sort as numbers", () => {
  assert.deepEqual(sorted(["Week 10", "Week 2", "Week 1"]), ["Week 1", "Week 2", "Week 10"]);
});

test("only the page says that a cell has no value, whatever its words", () => {
  const kinds = [sortKey("NE"), sortKey("NE", true), sortKey("5", true), sortKey("—")].map((key) => key.kind);
  assert.deepEqual(kinds, [1, 2, 2, 2]);
});

test("a column that is chosen again turns round, then has no order, then ascends", () => {
  assert.deepEqual([[0, false], [1, true], [-1, true], [0, true], [-1, false]].map((one) => turned(...one)),
    [1, -1, 0, 1, 1]);
});

const row = (name, text, className = "") => ({ name, text, className });
const order = (rows, direction) =>
  sortedRows(grow(rows), (one) => sortKey(one.text), direction).map((one) => one.name);

test("rows sort within the row above them, and heads keep their places", () => {
  const rows = [
    row("B", "1", "head"), row("b1", "2"), row("b11", "9", "level-1"), row("b12", "8", "level-1"), row("b2", "1"),
    row("A", "0", "head"), row("a1", "3"), row("a2", "4"),
  ];
  assert.deepEqual(order(rows, 1), ["B", "b2", "b1", "b12", "b11", "A", "a1", "a2"]);
  assert.deepEqual(order(rows, -1), ["B", "b1", "b11", "b12", "b2", "A", "a2", "a1"]);
});

test("rows that sort alike keep their order", () => {
  assert.deepEqual(order([row("a", "1"), row("b", "–"), row("c", "1"), row("d", "")], -1), ["a", "c", "b", "d"]);
});
