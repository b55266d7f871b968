// The worker of tests beside the portal, as scripts/dev runs them: one process on one database, and
// an address of its own for attempts.
import assert from "node:assert/strict";
import http from "node:http";
import { describe, test } from "node:test";
import { portal } from "../lib/portal.mjs";

const ATTEMPT = "/a/01jd0000000000000000000000";

describe("the worker of tests beside the portal", () => {
  const site = portal("door", { exam: true });
  const exam = (where, init) => fetch(new URL(where, site.server.exam), { signal: AbortSignal.timeout(20_000), ...init });

  test("has an address of its own, and neither answers for the other", async () => {
    const well = await exam("/healthz");
    assert.equal(await well.text(), "ok");
    assert.equal((await exam("/kk/")).status, 404);
    assert.equal((await site.ask("/kk/")).status, 200);
    assert.equal((await site.ask(`${ATTEMPT}/look`)).status, 404);
    const stranger = await exam(`${ATTEMPT}/look`, { headers: { authorization: "Bearer nobody" } });
    assert.equal(stranger.status, 404);
    assert.match(stranger.headers.get("content-type"), /json/);
    // The portal's cookies are the portal's.
    assert.equal(stranger.headers.get("set-cookie"), null);
  });

  test("hands on a handshake and its refusal", async () => {
    const { hostname, port } = new URL(site.server.exam);
    const status = await new Promise((resolve, reject) => {
      const request = http.request({
        hostname, port, path: `${ATTEMPT}/socket?epoch=1`,
        headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-protocol": "mansap-exam, nobody" },
      });
      request.on("response", (answer) => resolve(answer.resume().statusCode));
      request.on("upgrade", () => reject(new Error("a stranger was let in")));
      request.on("error", reject);
      request.end();
    });
    assert.equal(status, 404);
  });
});
