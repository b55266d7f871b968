// Settings: a deployment that is not complete serves nothing.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { start } from "../../scripts/lib/server.mjs";
import { assertSecure, freshState, local } from "../lib/portal.mjs";

for (const [name, text] of [["missing", ""], ["short", `TOTP_KEY=${Buffer.alloc(16).toString("base64")}\n`], ["no base64", "TOTP_KEY=***\n"]]) {
  test(`a key that is ${name} means 503`, async () => {
    const state = freshState("config");
    const envFile = path.join(local, "test", "broken.vars");
    fs.writeFileSync(envFile, text);
    const server = await start({ state, envFile });
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
