import assert from "node:assert/strict";
import { test } from "node:test";

import {
  gridColumns, groupsOf, holds, isCounted, opensAt,
} from "../../lib/cutbook/display/assets/displays/records.mjs";

const VALUES = {
  plain: { text: "5", below: "" },
  below: { text: "<5", below: "all" },
  mixed: { text: "5; <5", below: "some" },
  words: { text: "BLQ", below: "" },
  none: { text: "", below: "" },
};
const countedAs = (kind, baseline) =>
  Object.keys(VALUES).filter((name) => isCounted(kind, VALUES[name], baseline));

test("a count counts the values of its kind, by what the page says and not by their words", () => {
  assert.deepEqual(countedAs("all", ""), ["plain", "below", "mixed", "words"]);
  assert.deepEqual(countedAs("blq", ""), ["below", "mixed"]);
  assert.deepEqual(countedAs("value", ""), ["plain", "mixed", "words"]);
});

test("a change needs a value at baseline as well", () => {
  assert.deepEqual(countedAs("change", "4"), ["plain", "below", "mixed", "words"]);
  assert.deepEqual(countedAs("change", ""), []);
});

test("a kind that is not known counts nothing", () => {
  assert.deepEqual(["", "other", "toString"].flatMap((kind) => countedAs(kind, "4")), []);
});

test("a cell is about the group of its row, else about those of its headings", () => {
  assert.deepEqual(groupsOf("PBO", ["ACTIVE", "A20"]), ["PBO"]);
  assert.deepEqual(groupsOf(undefined, ["ACTIVE", undefined, "A20"]), ["ACTIVE", "A20"]);
  assert.deepEqual(groupsOf(undefined, [undefined]), []);
});

test("records count in a group whose code is one of theirs, whole", () => {
  assert.equal(holds("A20|ACTIVE|TOTAL", ["ACTIVE"]), true);
  assert.equal(holds("A20|ACTIVE|TOTAL", ["PBO", "TOTAL"]), true);
  assert.equal(holds("A20|ACTIVE|TOTAL", ["A2"]), false);
  assert.equal(holds("", ["A20"]), false);
});

test("records without codes, and counts without a group, are about everybody", () => {
  assert.equal(holds(undefined, ["A20"]), true);
  assert.equal(holds("A20", []), true);
});

test("a grid shows participants, baseline of a change, and the values that count, each once", () => {
  assert.deepEqual(gridColumns("all", 3), [0, 3]);
  assert.deepEqual(gridColumns("change", 3), [0, 1, 3]);
  assert.deepEqual(gridColumns("change", 1), [0, 1]);
});

test("counts of a row open at the column of the row, else at that of the head above", () => {
  const head = (id) => ({ isAbove: true, id });
  const row = (id = "") => ({ isAbove: false, id });
  assert.deepEqual(opensAt([row(), head("c1"), row(), row("c9"), row(), head(""), row(), head("c2"), row()]),
    ["", "", "c1", "c9", "c1", "", "", "", "c2"]);
});
