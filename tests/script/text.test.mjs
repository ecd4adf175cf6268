import assert from "node:assert/strict";
import { test } from "node:test";

import { anchor, counted, numbersOf, tidy } from "../../lib/cutbook/display/assets/displays/text.mjs";

test("padding, line breaks and the minus of print are no part of a text", () => {
  const texts = {
    "\u20071 (\u20078.1)": "1 (8.1)",
    "12\u2008\u2007": "12",
    "1\u20085": "15",
    "\u22121.5": "-1.5",
    " a\n\t b ": "a b",
    "a\u00a0b": "a b",
    "a b": "a b",
    "": "",
  };
  assert.deepEqual(Object.keys(texts).map(tidy), Object.values(texts));
});

test("one is told in the singular, any other number in the plural, thousands apart", () => {
  assert.deepEqual([0, 1, 2, 1234].map((count) => counted(count, "record")),
    ["0 records", "1 record", "2 records", "1,234 records"]);
});

test("ranges name all numbers from the first to the last", () => {
  const numbers = (text) => [...numbersOf(text)];
  assert.deepEqual(numbers("3, 7–9"), [3, 7, 8, 9]);
  assert.deepEqual(numbers("7-9, 12"), [7, 8, 9, 12]);
  assert.deepEqual(numbers("7 – 8"), [7, 8]);
  assert.deepEqual(numbers("5, 5–6"), [5, 6]);
  assert.deepEqual(numbers(""), []);
});

test("participants have the same addresses as in the pages", () => {
  const names = ["01-701-1015", "A B", "A_20.B", 'A B"<', "É’", "\u{1f600}"];
  assert.deepEqual(names.map(anchor), ["01-701-1015", "A_20.B", "A_5f.20.B", "A_20.B_22._3c.", "_c9._2019.", "_1f600."]);
});
