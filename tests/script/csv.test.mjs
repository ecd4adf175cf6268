import assert from "node:assert/strict";
import { test } from "node:test";

import { countOf, csvText, field, numberOf } from "../../lib/cutbook/display/assets/displays/csv.mjs";

test("no field is a formula of a spreadsheet", () => {
  const fields = {
    "=1+1": "'=1+1", "+cmd": "'+cmd", "@sum": "'@sum", "-2 to 3": "'-2 to 3", " =1": "' =1", "＝1": "'＝1", "－1": "'－1",
    "-1.5": "-1.5", "+2": "+2", "-1e-5": "-1e-5", "1-2": "1-2", "a=b": "a=b", "–": "–",
  };
  assert.deepEqual(Object.keys(fields).map(field), Object.values(fields));
});

test("commas, quotes and line breaks are quoted", () => {
  assert.deepEqual(["a,b", '5 "mg"', "a\nb", "a\rb", "a b", "", "=a,b"].map(field),
    ['"a,b"', '"5 ""mg"""', '"a\nb"', '"a\rb"', "a b", "", '"\'=a,b"']);
});

const cell = (value, change = "", previous = "", count = null) => (
  { value, change, previous, count, isMarked: Boolean(change || previous) });

test("a table is a line of headings and a line a row", () => {
  const rows = [{ names: [], cells: [cell("a"), cell("1")] }, { names: [], cells: [cell("b"), cell("2")] }];
  assert.equal(csvText(["Row", "n"], rows), "Row,n\r\na,1\r\nb,2\r\n");
  assert.equal(csvText(["Row", "n"], []), "Row,n\r\n");
});

test("a column with a change in any row is three in every row", () => {
  const rows = [{ names: [], cells: [cell("a"), cell("1")] }, { names: [], cells: [cell("b"), cell("2", "▲1", "1")] }];
  assert.equal(csvText(["Row", "n"], rows), "Row,n,n change,n previous\r\na,1,,\r\nb,2,▲1,1\r\n");
});

test("rows that stand under others have their names first, once any row does", () => {
  const rows = [{ names: [], cells: [cell("a")] }, { names: ["A", "a"], cells: [cell("b")] }];
  assert.equal(csvText(["Row"], rows), "Section,Row\r\n,a\r\nA / a,b\r\n");
});

test("cells that a row lacks are empty, in all columns of theirs", () => {
  const rows = [{ names: [], cells: [cell("a"), cell("1", "▲1")] }, { names: [], cells: [cell("b")] }];
  assert.equal(csvText(["Row", "n"], rows), "Row,n,n change,n previous\r\na,1,▲1,\r\nb,,,\r\n");
});

test("a count is its number, its N, its share and its events", () => {
  assert.deepEqual(countOf("5", "(13.2) [7]", "38"), { n: "5", N: "38", percent: "13.2", events: "7" });
  assert.deepEqual(countOf("0", "", "38"), { n: "0", N: "38", percent: "", events: "" });
  assert.deepEqual(countOf("12", "(100.0)", "12"), { n: "12", N: "12", percent: "100.0", events: "" });
});

test("a column of counts has a column for each part, and for the text of cells that are none", () => {
  const one = (n, rest, ...more) => cell(`${n} ${rest}`, ...more, countOf(n, rest, "12"));
  const rows = [
    { names: [], cells: [cell("a"), one("1", "(8.3)", "▲1", "0")] },
    { names: [], cells: [cell("b"), one("0", "", "", "")] },
  ];
  assert.equal(csvText(["Row", "10 mg"], rows),
    "Row,10 mg n,10 mg N,10 mg %,10 mg change,10 mg previous\r\na,1,12,8.3,▲1,0\r\nb,0,12,,,\r\n");
  const mixed = [{ names: [], cells: [cell("a"), one("3", "(25.0) [4]", "", "")] }, { names: [], cells: [cell("b"), cell("1.5 (2.0)")] }];
  assert.equal(csvText(["Row", "10 mg"], mixed),
    "Row,10 mg,10 mg n,10 mg N,10 mg %,10 mg events\r\na,,3,12,25.0,4\r\nb,1.5 (2.0),,,,\r\n");
});

test("of the previous count the number alone is told", () => {
  assert.deepEqual(["3 (8.1) [4]", "0", "", "not collected"].map(numberOf), ["3", "0", "", "not collected"]);
});
