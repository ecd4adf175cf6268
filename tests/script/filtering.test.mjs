import assert from "node:assert/strict";
import { test } from "node:test";

import { sift } from "../../lib/cutbook/display/assets/displays/filtering.mjs";
import { grow } from "../../lib/cutbook/display/assets/displays/tables.mjs";

const row = (text, className = "") => ({ text, className });
const ROWS = [
  row("nervous", "head"), row("headache"), row("mild", "level-1"), row("severe", "level-1"), row("dizziness"),
  row("vascular", "head"), row("flushing"),
];

function sifted(isWanted, ...bodies) {
  const { total, kept, left } = sift(bodies.map(grow), (one) => one.text, isWanted);
  return { total, kept, left: [...left].map((one) => one.text) };
}

test("a row that holds the text stays with the rows above it, and heads are not counted", () => {
  assert.deepEqual(sifted((text) => text.includes("severe"), ROWS),
    { total: 5, kept: 1, left: ["mild", "dizziness", "flushing", "vascular"] });
});

test("the text of the rows above counts for a row too", () => {
  assert.deepEqual(sifted((text) => text.includes("headache"), ROWS).left, ["dizziness", "flushing", "vascular"]);
  assert.deepEqual(sifted((text) => text.includes("nervous headache"), ROWS).kept, 3);
  assert.deepEqual(sifted((text) => text.includes("vascular"), ROWS).kept, 1);
});

test("a head without a row that stays is left", () => {
  assert.deepEqual(sifted(() => false, ROWS).left.length, ROWS.length);
  assert.deepEqual(sifted(() => true, [row("empty", "head")]), { total: 0, kept: 0, left: ["empty"] });
});

test("rows are wanted by themselves as well, and all parts of a table are counted together", () => {
  assert.deepEqual(sifted((_, one) => one.text === "mild", ROWS, [row("mild"), row("other")]),
    { total: 7, kept: 2, left: ["severe", "dizziness", "flushing", "vascular", "other"] });
});

test("the text of one part is not that of the next", () => {
  assert.deepEqual(sifted((text) => text.includes("arm a"), [row("arm a", "head"), row("x")], [row("y")]).left, ["y"]);
});
