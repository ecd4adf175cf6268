import assert from "node:assert/strict";
import { test } from "node:test";

import { factColumns } from "../../lib/cutbook/display/assets/displays/excerpts.mjs";
import { sideOf } from "../../lib/cutbook/display/assets/displays/panel.mjs";
import { toolsOf } from "../../lib/cutbook/display/assets/displays/tools.mjs";
import { amountOf, namesOf } from "../../lib/cutbook/display/assets/displays/views.mjs";

const COUNT = { row: "Placebo", column: "n", above: "Week 4", isGrid: true, isPlainCount: true, isOfGroup: true };

test("a count in a table by visit is about its row and the head above", () => {
  assert.deepEqual(namesOf(COUNT), ["Placebo", "Week 4"]);
  assert.deepEqual(namesOf({ ...COUNT, above: "" }), ["Placebo"]);
});

test("a column that says more than that it counts is named, whatever its words", () => {
  assert.deepEqual(namesOf({ ...COUNT, isPlainCount: false }), ["n", "Placebo", "Week 4"]);
  assert.deepEqual(namesOf({ ...COUNT, column: "BLQ", row: "2 h", above: "Day 1, 20 mg", isPlainCount: false }),
    ["BLQ", "2 h", "Day 1, 20 mg"]);
});

test("a count elsewhere is about its row and its column, or its row alone where that is about a group", () => {
  const count = { ...COUNT, row: "Headache", column: "20 mg", isGrid: false, isOfGroup: false };
  assert.deepEqual(namesOf(count), ["Headache", "20 mg"]);
  assert.deepEqual(namesOf({ ...count, isOfGroup: true }), ["Headache"]);
  assert.deepEqual(namesOf({ ...count, column: "" }), ["Headache"]);
});

test("no name is said twice", () => {
  assert.deepEqual(namesOf({ ...COUNT, above: "Placebo" }), ["Placebo"]);
});

test("a grid has a row a participant, other records are told with their participants", () => {
  assert.equal(amountOf(3, 3, true), "3 participants");
  assert.equal(amountOf(3, 1, false), "3 records of 1 participant");
  assert.equal(amountOf(1, 1, false), "1 record of 1 participant");
});

test("columns that lead to displays are no facts about a record, whatever their heading", () => {
  assert.deepEqual(factColumns([undefined, "count", "displays", ""]), [0, 1, 3]);
});

test("long tables have a filter, tables with changes have switches, tables of one row are not sorted", () => {
  const named = (count, isMarked) => Object.entries(toolsOf(count, isMarked)).flatMap(([name, has]) => (has ? name : []));
  assert.deepEqual(named(11, false), ["hasFilter", "hasStatus", "isSorted"]);
  assert.deepEqual(named(10, false), ["isSorted"]);
  assert.deepEqual(named(2, true), ["hasStatus", "hasSwitches", "isSorted"]);
  assert.deepEqual(named(1, false), []);
});

test("a panel stands where the chosen cell is not", () => {
  assert.equal(sideOf({ left: 700, right: 760 }, 480, 1400), "right");
  assert.equal(sideOf({ left: 900, right: 960 }, 480, 1400), "left");
  assert.equal(sideOf({ left: 300, right: 1300 }, 480, 1400), "below");
});
