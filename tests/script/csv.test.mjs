import assert from "node:assert/strict";
import { test } from "node:test";

import { csvText, field } from "../../lib/cutbook/display/assets/displays/csv.mjs";

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

const cell = (value, change = "", previous = "") => ({ value, change, previous, isMarked: Boolean(change || previous) });

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
