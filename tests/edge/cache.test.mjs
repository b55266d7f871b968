// Pages at the edge: kept for seconds, the same for everybody, never a stranger's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertSecure, portal } from "../lib/portal.mjs";

const site = portal("cache", { vars: { EDGE_CACHE: "on" } });

test("a public page is kept and says so; the copy is the page", async () => {
  const miss = await site.ask("/kk/");
  const first = await miss.text();
  assert.equal(miss.headers.get("x-cache"), "miss");
  const hit = await site.ask("/kk/");
  assert.equal(hit.headers.get("x-cache"), "hit");
  assert.equal(await hit.text(), first);
  assert.equal(hit.headers.get("cache-control"), miss.headers.get("cache-control"));
  assert.equal(hit.headers.get("etag"), miss.headers.get("etag"));
  assert.ok(![...hit.headers.keys()].some((name) => name.startsWith("x-mansap")));
  assertSecure(assert, hit.headers, "hit");
  const known = await site.ask("/kk/", { headers: { "if-none-match": hit.headers.get("etag") } });
  assert.equal(known.status, 304);
  const head = await site.ask("/kk/", { method: "HEAD" });
  assert.equal(head.headers.get("x-cache"), "hit");
  assert.equal(await head.text(), "");
});

test("nobody keeps a page for longer than half a minute, browsers not at all", async () => {
  const rule = (await site.ask("/kk/")).headers.get("cache-control");
  assert.match(rule, /max-age=0/);
  assert.ok(Number(/s-maxage=(\d+)/.exec(rule)[1]) <= 30, rule);
});

test("whoever is signed in or carries a key is neither served from the cache nor kept in it", async () => {
  for (const headers of [{ cookie: "__Host-session=x" }, { authorization: "Bearer x" }]) {
    assert.equal((await site.ask("/kk/", { headers })).headers.get("x-cache"), null);
  }
});

test("a page that depends on the reader is not kept", async () => {
  const ask = (headers) => site.ask("/", { headers });
  await ask({ "user-agent": "Googlebot/2.1", "accept-language": "ru" });
  const person = await ask({ "user-agent": "Mozilla/5.0", "accept-language": "ru" });
  assert.equal(person.status, 302);
  assert.match(person.headers.get("location"), /\/ru\//);
  assert.equal(person.headers.get("x-cache"), null);
});

test("the chosen language travels in a cookie and keeps nobody from the cache", async () => {
  await (await site.ask("/ru/")).text();
  assert.equal((await site.ask("/ru/", { headers: { cookie: "lang=ru" } })).headers.get("x-cache"), "hit");
});

test("what fails is not kept", async () => {
  await site.ask("/kk/none");
  assert.equal((await site.ask("/kk/none")).headers.get("x-cache"), null);
});
