import assert from "node:assert/strict";
import { test } from "node:test";

import {
  daysIn, eventsIn, placed, reachOf, roomFor, ticksOf, valuesIn,
} from "../../lib/cutbook/display/assets/displays/courses.mjs";

const DAYS = daysIn("−27 1 71u");

test("days are numbers, and an unscheduled one says so", () => {
  assert.deepEqual(DAYS, [
    { day: -27, isUnplanned: false }, { day: 1, isUnplanned: false }, { day: 71, isUnplanned: true },
  ]);
  assert.deepEqual(daysIn(""), []);
});

test("values stand at the days of their row, whatever stands between them is no value", () => {
  assert.deepEqual(valuesIn(DAYS, "3 – 41h"), [
    { day: -27, isUnplanned: false, text: "3", value: 3, isBelow: false, isOutside: false },
    { day: 71, isUnplanned: true, text: "41", value: 41, isBelow: false, isOutside: true },
  ]);
});

test("a value below a limit is known as such, and a word is no number", () => {
  const [below, word] = valuesIn(DAYS, "<0.5 NEGATIVE");
  assert.deepEqual([below.value, below.isBelow, below.text], [0.5, true, "<0.5"]);
  assert.deepEqual([word.value, word.text, word.isOutside], [null, "NEGATIVE", false]);
});

test("a word that ends like a sign of a limit keeps its last letter", () => {
  assert.equal(valuesIn(DAYS, "high")[0].text, "high");
});

test("events have days, severity, whether they are serious, and a term", () => {
  assert.deepEqual(eventsIn("−3–35 1 Headache; 40– 3s Pneumonia, left; ?– ? Fall"), [
    { from: -3, to: 35, rank: 1, isSerious: false, term: "Headache" },
    { from: 40, to: null, rank: 3, isSerious: true, term: "Pneumonia, left" },
    { from: null, to: null, rank: null, isSerious: false, term: "Fall" },
  ]);
  assert.deepEqual(eventsIn(""), []);
});

test("time reaches over all that is drawn and over day 1", () => {
  const events = [{ from: null, to: 40 }, { from: 3, to: null }];
  assert.deepEqual(reachOf({ doses: [1, 15], events, values: [{ day: 29 }] }), [1, 40]);
  assert.deepEqual(reachOf({ doses: [], events: [], values: [{ day: 29 }] }), [1, 29]);
});

test("places are tenths of a pixel, the middle where there is one value alone", () => {
  assert.equal(placed(85, [1, 169], [8, 392]), 200);
  assert.equal(placed(7, [7, 7], [0, 10]), 5);
});

test("numbers of an axis have room, the ends first", () => {
  assert.deepEqual(ticksOf([1, 15, 29, 57, 85], [1, 169], 400), [1, 15, 29, 57, 85, 169]);
  assert.deepEqual(ticksOf([2, 15, 160], [1, 169], 200), [1, 169]);
  assert.deepEqual(ticksOf([2, 40, 160], [1, 169], 200), [1, 40, 169]);
});

test("the name of a bar stands behind it, before it, or above it", () => {
  assert.deepEqual(roomFor(10, 100, 400, 150), { x: 104, isEnd: false, isAbove: false, down: 4, lower: 0 });
  assert.deepEqual(roomFor(200, 380, 400, 150), { x: 196, isEnd: true, isAbove: false, down: 4, lower: 0 });
  assert.deepEqual(roomFor(30, 390, 400, 150), { x: 30, isEnd: false, isAbove: true, down: 1, lower: 4 });
});
