import assert from "node:assert/strict";
import { test } from "node:test";

import { isAway } from "../../lib/cutbook/report/page/template/page/scrolling.mjs";

const step = (was, now, isHidden = false) => isAway({ was, now, isHidden, strip: 80 });

test("the strip makes way downwards and comes back upwards", () => {
  assert.equal(step(500, 600), true);
  assert.equal(step(600, 500, true), false);
});

test("a small step leaves it as it is", () => {
  assert.deepEqual([step(500, 503), step(500, 503, true), step(503, 500, true)], [false, true, true]);
});

test("at the top of the page it is there", () => {
  assert.deepEqual([step(0, 80), step(200, 40, true)], [false, false]);
});
