// The applications of the demonstration go the way of everybody: what breaks there is broken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, PEOPLE } from "../../scripts/lib/demo-applications.mjs";
import { portal } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

const site = portal("demo", { gateway: true, prepare: (running) => publish(running, 1) });

test("people of the demonstration sign in by code, apply, and the clerk works on what they sent", async () => {
  const lines = await apply(site.address, site.gateway.gateway);
  assert.equal(lines.length, PEOPLE.length);
  for (const state of ["admitted", "returned_for_completion", "checking", "submitted", "draft"]) {
    assert.equal(lines.filter((line) => line.endsWith(`, ${state}`)).length, 1, lines.join("\n"));
  }
});
