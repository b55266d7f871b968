// A second implementation of the draw, written from its description, comes to the same tasks, and
// notices whatever was changed.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";

const root = process.env.MANSAP_ROOT;
if (!root) throw new Error("run the tests with scripts/check --only edge or scripts/test FILE");
const { verify } = await import(path.join(root, "scripts/lib/verify-draw.mjs"));
const golden = () => JSON.parse(fs.readFileSync(path.join(root, "tests/data/exam/draw.json"), "utf8"));

describe("verify-draw", () => {
  test("agrees with the service", () => {
    assert.equal(golden().attempts.length, 20);
    assert.deepEqual(verify(golden()), []);
  });

  for (const [what, change] of [
    ["another secret", (data) => { data.secret = data.secret.replaceAll("2a", "2b"); }],
    ["no secret", (data) => { data.secret = null; }],
    ["another pool", (data) => { data.pool = `${data.pool.slice(0, -12)}010000000000`; }],
    ["an easier item", (data) => { data.attempts[3].items[0] = data.attempts[4].items[0]; }],
    ["another order", (data) => { data.attempts[3].items.reverse(); }],
    ["another number of the attempt", (data) => { data.attempts[0].attempt += 1; }],
    ["another blueprint", (data) => { data.blueprint.exposure_cap = 0; }],
  ]) {
    test(`notices ${what}`, () => {
      const data = golden();
      change(data);
      assert.notDeepEqual(verify(data), []);
    });
  }
});
