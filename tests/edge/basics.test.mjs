// What must hold for every answer, whatever the features are.
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { assertSecure, portal } from "../lib/portal.mjs";

const site = portal("basics", { vars: { FAULTS: "on" } });
const LANGS = ["kk", "ru", "en"];
const MB = 1024 * 1024;

/** A request as it is, without the tidying that fetch does. */
function raw({ method = "GET", path, headers = {}, body, end = true }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: site.port, method, path, headers, agent: false, timeout: 20_000 }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => (end || request.destroy(), resolve)({ status: answer.statusCode, headers: new Headers(answer.headers), text: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error(`no answer to ${method} ${path.slice(0, 60)}`)));
    if (body) request.write(body);
    if (end) request.end();
    else request.flushHeaders();
  });
}

test("the worker and its databases answer", async () => {
  assert.deepEqual(await (await site.ask("/healthz")).json(), { status: "ok" });
  const ready = await site.ask("/readyz");
  const body = await ready.json();
  assert.equal(ready.status, 200);
  assert.ok(body.database && body.search);
});

test("every kind of answer has the security headers", async () => {
  const asks = [
    ["/healthz", {}], ["/api/v1/none", {}], ["/none", {}], ["/kk/none", {}], ["/xx/", {}],
    ["/app/", {}], ["/app/none.js", {}], ["/app/vacancies/1", {}],
    ["/healthz", { method: "POST" }], ["/healthz", { method: "DELETE" }], ["/healthz", { method: "PATCH" }],
    ["/healthz", { method: "OPTIONS" }], [`/healthz?q=${"x".repeat(5000)}`, {}],
    ["/api/v1/cabinet/me", {}], ["/%FF%FE", {}],
    ["/healthz", { method: "POST", body: new Uint8Array(6 * MB) }],
  ];
  for (const [where, init] of asks) {
    const answer = await site.ask(where, init);
    await answer.text();
    assertSecure(assert, answer.headers, `${init.method ?? "GET"} ${where.slice(0, 40)} ${answer.status}`);
  }
});

test("an answer to HEAD is that of GET without the body", async () => {
  for (const where of ["/healthz", "/app/", "/kk/none"]) {
    const [head, get] = [await raw({ method: "HEAD", path: where }), await raw({ path: where })];
    assert.equal(head.status, get.status, where);
    assert.equal(head.text, "", where);
    assert.equal(head.headers.get("content-type"), get.headers.get("content-type"), where);
  }
});

test("a body of 100 MB is refused before it is sent", async () => {
  // Only the head goes out: an answer can come only from a server that does not wait for the body.
  const answer = await raw({
    method: "POST", path: "/kk/sign-in", end: false,
    headers: { "content-length": String(100 * MB), "content-type": "application/x-www-form-urlencoded" },
  });
  assert.equal(answer.status, 413);
  assertSecure(assert, answer.headers, "413");
});

test("a body that hides its length is cut off at the limit", async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent >= 100 * MB) return controller.close();
      sent += MB;
      controller.enqueue(new Uint8Array(MB));
    },
  });
  try {
    const answer = await site.ask("/kk/sign-in", { method: "POST", body, duplex: "half" });
    assert.equal(answer.status, 413);
  } catch (error) {
    // The connection may be cut while we still send; that is a refusal, too.
    assert.match(String(error.cause ?? error), /ECONNRESET|EPIPE|other side closed|socket/);
  }
  assert.ok(sent < 60 * MB, `${sent / MB} MB were taken`);
  assert.equal((await site.ask("/healthz")).status, 200);
});

test("unknown addresses are 404 in the language of the address", async () => {
  const seen = new Set();
  for (const lang of LANGS) {
    const answer = await site.ask(`/${lang}/no-such-page`);
    assert.equal(answer.status, 404);
    seen.add(await answer.text());
  }
  assert.equal(seen.size, 3);
  assert.equal((await site.ask("/de/vacancies")).status, 404);
  assert.equal((await site.ask("/api/v1/no-such")).headers.get("content-type"), "application/problem+json");
});

test("broken UTF-8 and hostile addresses are answered, never with a 5xx", async () => {
  const paths = [
    "/%FF", "/kk/%C0%80", "/kk/vacancies?q=%FF%FE", "/kk/vacancies?%00=%00", "/%2e%2e/%2e%2e/etc/passwd",
    "//evil.example/", "/kk//vacancies", "/kk/vacancies?q=%D0", "/?%", "/%", "/kk/%E0%A4%A", "/kk/vacancies?cursor=%FF",
    `/${"a".repeat(6000)}`, "/kk/<script>", "/app/../wrangler.toml", "/app/%2e%2e/%2e%2e/wrangler.toml",
  ];
  for (const path of paths) {
    const answer = await raw({ path });
    assert.ok(answer.status < 500, `${path}: ${answer.status}`);
    assert.doesNotMatch(answer.headers.get("location") ?? "", /^\/\/|evil/, path);
    assert.doesNotMatch(answer.text, /database_name|<script>\s*<\/?/, path);
  }
});

test("a method that an address does not take is 405 and says which it takes", async () => {
  const answer = await site.ask("/healthz", { method: "DELETE" });
  assert.equal(answer.status, 405);
  assert.match(answer.headers.get("allow"), /GET/);
});

test("a foreign host does not appear in the answer", async () => {
  const answer = await raw({ path: "/kk/none", headers: { host: "evil.example" } });
  assert.ok(answer.status < 500);
  assert.doesNotMatch(answer.text + JSON.stringify([...answer.headers]), /evil\.example/);
});

test("a panic costs its request a plain 500 and the next one nothing", async () => {
  for (const kind of ["panic", "trap", "stack", "later"]) {
    const [lost, other] = await Promise.all([site.ask(`/healthz?fault=${kind}`), site.ask("/healthz")]);
    assert.equal(lost.status, 500, kind);
    assertSecure(assert, lost.headers, kind);
    assert.doesNotMatch(await lost.text(), /panic|\.rs|wasm|unreachable/, kind);
    // What ran beside it may be lost with it, but is answered.
    assert.ok([200, 500].includes(other.status), kind);
    for (let n = 0; n < 3; n += 1) assert.equal((await site.ask("/readyz")).status, 200, `after ${kind}`);
  }
});
