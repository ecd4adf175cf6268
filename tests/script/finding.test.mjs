import assert from "node:assert/strict";
import { test } from "node:test";

import {
  isTooShort, lastAbove, MOST_HITS, searchable, spans, stepped, told,
} from "../../lib/cutbook/report/page/template/page/finding.mjs";

const found = (text, wanted) => spans(text, searchable(wanted).plain).map(([from, to]) => text.slice(from, to));

test("a text is found in any case, every time", () => {
  assert.deepEqual(spans("Headache, headache", "headache"), [[0, 8], [10, 18]]);
  assert.deepEqual(spans("aaa", "aa"), [[0, 2]]);
  assert.deepEqual(spans("none", "zebra"), []);
});

test("what only aligns numbers is no part of what is found, but of what is marked", () => {
  assert.deepEqual(found("12 (\u20078.1)", "12 (8.1)"), ["12 (\u20078.1)"]);
  assert.deepEqual(found("a \u20075\u2008", "5"), ["5"]);
});

test("a minus and a blank are found by those of the keyboard", () => {
  assert.deepEqual(found("\u22121.5\u00a0mg", "-1.5 mg"), ["\u22121.5\u00a0mg"]);
  assert.deepEqual(found("two\nlines", "two lines"), ["two\nlines"]);
});

test("a text that grows in lower case is marked up to its end", () => {
  assert.deepEqual(spans("\u0130", "i\u0307"), [[0, 1]]);
});

test("fewer than two letters are not looked for", () => {
  assert.deepEqual(["", " a ", "ab"].map(isTooShort), [true, true, false]);
});

test("after the last hit comes the first, and before the first the last", () => {
  assert.deepEqual([[-1, 1], [0, 1], [2, 1], [0, -1]].map(([at, step]) => stepped(at, step, 3)), [0, 1, 0, 2]);
});

test("the place among the hits is told, and that there are more than are counted", () => {
  assert.equal(told("headache", 1, 8), "2 of 8");
  assert.equal(told("headache", 0, MOST_HITS), `1 of ${MOST_HITS}+`);
  assert.equal(told("zebra", -1, 0), "not found");
  assert.equal(told("z", -1, 0), "");
});

test("the current section is the last that begins above the line; missing ones are passed over", () => {
  assert.equal(lastAbove([-500, -20, 90, 300], 100), 2);
  assert.equal(lastAbove([100, 300], 100), 0);
  assert.equal(lastAbove([-500, undefined, undefined], 100), 0);
  assert.equal(lastAbove([200, 300], 100), -1);
});
