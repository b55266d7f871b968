// F: the worker is alone and says nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { unstable_readConfig as readConfig } from "wrangler";
import { served } from "../../scripts/lib/trust-page.mjs";
import { root, trust } from "./lib/trust.mjs";

const site = trust("config");
const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
/** All that the module may call: ours, then what wasm-bindgen needs for futures and bytes. */
const GIVEN = [
  "batch", "challenge", "panicked", "settings", "spend",
  "Error", "call", "getRandomValues", "length", "new", "new_typed", "now", "prototypesetcall", "queueMicrotask", "resolve", "run",
  "static_accessor_CREATE_TASK", "static_accessor_GLOBAL", "static_accessor_GLOBAL_THIS", "static_accessor_SELF", "static_accessor_WINDOW", "then",
];
const ENVIRONMENTS = [undefined, "staging", "production"];
const configOf = (env) => readConfig({ config: path.join(root, "workers/trust/wrangler.toml"), env });
const portalOf = (env) => readConfig({ config: path.join(root, "wrangler.toml"), env });

test("F1 every environment has two bindings and no more", () => {
  const empty = (value) => value === undefined || value === null || (typeof value === "object" && Object.values(value).every(empty));
  const portal = new Set(ENVIRONMENTS.flatMap((env) => portalOf(env).d1_databases.map((one) => one.database_id)));
  const bindings = [
    "kv_namespaces", "r2_buckets", "queues", "services", "analytics_engine_datasets", "hyperdrive", "vectorize", "ai", "browser", "images", "mtls_certificates",
    "dispatch_namespaces", "send_email", "ratelimits", "workflows", "pipelines", "secrets_store_secrets", "assets", "wasm_modules", "text_blobs", "data_blobs",
    "unsafe", "version_metadata", "logfwdr", "site",
  ];
  for (const env of ENVIRONMENTS) {
    const config = configOf(env);
    assert.deepEqual(config.d1_databases.map((one) => one.binding), ["TRUST_DB"]);
    assert.deepEqual(config.durable_objects.bindings.map((one) => [one.name, one.class_name, one.script_name]), [["INTAKE", "Intake", undefined]]);
    assert.deepEqual(Object.keys(config.vars).sort(), ["ROOT", "WORK"]);
    for (const name of bindings) assert.ok(empty(config[name]), `${env} ${name}`);
    for (const { database_id: id } of config.d1_databases) assert.ok(!portal.has(id), "a database of the portal");
    if (env === "production") assert.equal(config.vars.WORK, "", "the prices of the edition");
  }
});

test("F1 nothing is observed, logged, traced or previewed", () => {
  for (const env of ENVIRONMENTS) {
    const config = configOf(env);
    assert.equal(config.workers_dev, false);
    assert.equal(config.preview_urls, false);
    assert.ok(!config.logpush);
    assert.deepEqual(config.tail_consumers ?? [], []);
    assert.equal(config.observability.enabled, false);
    assert.equal(config.observability.logs.enabled, false);
    assert.equal(config.observability.logs.invocation_logs, false);
    assert.equal(config.observability.traces.enabled, false);
  }
});

test("F2 the glue reads neither headers nor places and writes no line", () => {
  for (const name of ["entry.mjs", "glue.js"]) {
    const code = read(`workers/trust/js/${name}`).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, /\.headers\b|\.cf\b|console|\bfetch\(|caches|setTimeout|localStorage|\.url\b(?!\))|waitUntil/, name);
    assert.equal((code.match(/request\.\w+/g) ?? []).every((word) => ["request.method", "request.url", "request.body"].includes(word)), true, name);
  }
  for (const file of fs.readdirSync(path.join(root, "workers/trust/src"))) {
    assert.doesNotMatch(read(`workers/trust/src/${file}`), /println!|eprintln!|web_sys|console|dbg!/, file);
  }
});

test("F2 the module is given a closed list of functions, none of which reaches out", () => {
  const module = new WebAssembly.Module(fs.readFileSync(path.join(root, "workers/trust/build/trust_bg.wasm")));
  // The hashes are wasm-bindgen's, and so is what bears its name.
  const names = WebAssembly.Module.imports(module).map(({ name }) => name.replace(/^__wbg_/, "").replace(/_[0-9a-f]{16}$/, ""));
  const given = [...new Set(names)].filter((name) => !/^_*wb(indgen|g)_/.test(name)).sort();
  assert.deepEqual(given.filter((name) => !GIVEN.includes(name)), []);
  for (const ours of ["batch", "challenge", "spend", "settings", "panicked"]) assert.ok(given.includes(ours), ours);
});

test("F2 the worker depends on a closed list of crates", () => {
  const tree = execFileSync("cargo", ["tree", "--locked", "-p", "trust", "--target", process.env.WASM_TARGET, "-e", "normal", "--prefix", "none", "--format", "{p}"], { cwd: root, encoding: "utf8" });
  const crates = [...new Set(tree.split("\n").map((line) => line.split(" ")[0]).filter(Boolean))].sort();
  assert.deepEqual(crates, read("tests/trust/crates.txt").trim().split("\n"), "look at what is new, then write it into tests/trust/crates.txt");
  assert.ok(!crates.includes("domain") && !crates.includes("app"), "nothing of the portal");
});

test("F3 a cookie of the portal is neither taken nor given, and no other page may ask", async () => {
  const made = await site.frame("poll", { who: "cookie" });
  const headers = { cookie: "__Host-session=0123456789", origin: "https://mansap.example", "access-control-request-method": "POST" };
  const with_ = await site.send(made, { init: { headers } });
  const without = await site.ask("poll", { who: "cookie" });
  assert.equal(with_.status, without.status);
  const names = (answer) => [...answer.headers.keys()].sort();
  assert.deepEqual(names(with_.answer), names(without.answer));
  for (const name of ["set-cookie", "access-control-allow-origin", "access-control-allow-credentials", "nel", "report-to", "etag", "server-timing"]) {
    assert.equal(with_.answer.headers.get(name), null, name);
  }
  const preflight = await fetch(`${site.address}/t`, { method: "OPTIONS", headers });
  assert.equal(preflight.status, 404);
  assert.equal(preflight.headers.get("access-control-allow-origin"), null);
});

test("D1 D4 no address leaves anything in a cache, a history, or on another site", async () => {
  const { public: key } = await site.scribe("root");
  const all = served(path.join(root, "workers/trust/build/page"), key);
  assert.ok(all.length > 20);
  const titles = new Set();
  for (const { address, bytes } of [...all, { address: "/" }, { address: "/none" }, { address: "/kk/none?q=canary" }]) {
    const answer = await fetch(site.address + address, { redirect: "manual" });
    assert.equal(answer.status, address.includes("none") ? 404 : 200, address);
    const body = Buffer.from(await answer.arrayBuffer());
    if (bytes) assert.ok(body.equals(bytes), `${address}: other bytes than those whose sum is printed`);
    assert.match(answer.headers.get("cache-control"), /no-store/, address);
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer", address);
    assert.equal(answer.headers.get("x-robots-tag"), "noindex", address);
    for (const name of ["set-cookie", "etag", "last-modified", "expires", "link", "refresh", "location", "nel", "report-to", "reporting-endpoints", "server-timing", "access-control-allow-origin", "clear-site-data"]) {
      assert.equal(answer.headers.get(name), null, `${address} ${name}`);
    }
    const text = body.toString();
    if (!answer.headers.get("content-type").startsWith("text/html")) continue;
    assert.doesNotMatch(text, /canary/);
    // Nothing is loaded from elsewhere; links to elsewhere do not say where they were.
    for (const [tag] of text.matchAll(/<(?:link|script|img|iframe|form|object|embed|base)\b[^>]*>/g)) assert.doesNotMatch(tag, /https?:|\/\//, `${address} ${tag}`);
    for (const [tag] of text.matchAll(/<a\b[^>]*href="https?:[^>]*>/g)) assert.match(tag, /rel="noreferrer noopener"/, `${address} ${tag}`);
    if (/^\/(kk|ru|en)(\/\w+)?$/.test(address)) titles.add(`${address.slice(1, 3)} ${/<title>(.*?)<\/title>/.exec(text)[1]}`);
  }
  assert.equal(titles.size, 3, "all pages of a language for reporters have one title in the history");
});

test("bodies and other ways are data, each with its mark and where it comes from, in three languages", () => {
  const { bodies, ways } = JSON.parse(read("schemas/trust/questionnaire.json"));
  assert.ok(bodies.length > 1 && ways.length > 1);
  for (const one of [...bodies, ...ways]) {
    assert.match(one.mark, /^[MD]$/, one.kk);
    assert.ok(one.source?.length > 10, `${one.kk}: no source`);
    for (const lang of ["kk", "ru", "en"]) assert.ok(one[lang]?.trim(), `${one.kk}: ${lang}`);
  }
  // No name of a body, number or address stands in code.
  const names = [...bodies, ...ways].flatMap((one) => [one.kk, one.ru, one.en]);
  const folders = ["workers/trust/src", "workers/trust-core/src", "workers/trust-officer/src", "workers/trust-officer/js", "workers/trust-page/src", "workers/trust-page/js"];
  for (const folder of folders) {
    for (const file of fs.readdirSync(path.join(root, folder), { recursive: true }).filter((name) => /\.(rs|js)$/.test(name))) {
      const code = read(path.join(folder, file));
      for (const name of [...names, "1424", "eotinish"]) assert.ok(!code.includes(`"${name}"`), `${file}: ${name}`);
    }
  }
});

test("answers are not compressed: their length would tell what they hold", async () => {
  const made = await site.frame("poll", { who: "any" });
  const { answer } = await site.send(made, { init: { headers: { "accept-encoding": "gzip, br" } } });
  assert.equal(answer.headers.get("content-encoding"), null);
  assert.equal(answer.bytes.length, 8192);
});
