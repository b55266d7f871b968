// Settings: a deployment that is not complete serves nothing.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { start } from "../../scripts/lib/server.mjs";
import { assertSecure, freshState } from "../lib/portal.mjs";

for (const [name, key] of [["missing", ""], ["short", Buffer.alloc(16).toString("base64")], ["no base64", "***"]]) {
  test(`a key that is ${name} means 503`, async () => {
    const state = freshState("config");
    const server = await start({ state, vars: { TOTP_KEY: key } });
    try {
      const answer = await fetch(`${server.address}/healthz`);
      assert.equal(answer.status, 503);
      assert.match(await answer.text(), /TOTP_KEY/);
      assertSecure(assert, answer.headers, "503");
    } finally {
      await server.stop();
      fs.rmSync(state, { recursive: true, force: true });
    }
  });
}
