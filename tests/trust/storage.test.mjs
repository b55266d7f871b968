// A: what the storage promises, on real workerd and D1. 200 reports full of marker words are handed
// in, with attachments, names, letters; then every file that workerd wrote is searched.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { everything, forms, found, hashes, rho, tables } from "./lib/storage.mjs";
import { at, hex, plusDays, root, today, trust, unhex } from "./lib/trust.mjs";

const site = trust("storage", { work: "1 1 100000 100000", prepare });
const MARKERS = ["CANARY-zq7-REPORT", "Құпиясөз-ӘӨҮҰҢ-белгі", "Канарейка-ъэы-9"];
const NAME = "Сәуле Canaryқызы, +7 701 555 66 77";
const FILE = "canary-хаттама-7731.jpg";
const EXIF = "GPS 43.238949 76.889709 canary-camera";
const RECEIPT_TEXT = "the receipt of the last";
const SENTINEL = { address: "203.0.113.77", browser: "CanaryBrowser/77.7", country: "ZZ-CANARY" };
const arrived = [];
let dump;
let rows;
let receipt;
let linesBefore;

/** Numbers that are the same in each run. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const headers = {
  "cf-connecting-ip": SENTINEL.address, "x-forwarded-for": SENTINEL.address, "x-real-ip": SENTINEL.address, "true-client-ip": SENTINEL.address,
  "user-agent": SENTINEL.browser, "cf-ipcountry": SENTINEL.country, cookie: "__Host-session=canary-session", referer: "https://canary.example/secret",
  "accept-language": "kk-canary",
};

async function prepare() {
  const next = numbers(7);
  for (let number = 0; number < 200; number += 1) {
    const who = `reporter ${number}`;
    const marker = MARKERS[number % 3];
    const length = 1 + next(30_000);
    const text = (marker + " ").repeat(1 + Math.floor(length / (marker.length + 1))).slice(0, length);
    const jpeg = Buffer.concat([unhex("ffd8ffe1"), Buffer.from(`Exif\0\0${EXIF}`), Buffer.alloc(next(90_000), "canary bytes ")]);
    const files = number % 40 === 0 ? [{ name: FILE, media: "image/jpeg", bytes: hex(jpeg) }] : [];
    const sealed = await site.scribe("report", { who, text, files, ...(number % 10 === 0 ? { name: NAME } : {}) });
    for (const chunk of sealed.chunks) assert.equal((await site.send(await site.frame("chunk", chunk), { init: { headers } })).status, "Done");
    const made = await site.frame("submit", { who, envelope: sealed.envelope });
    assert.equal((await site.send(made, { init: { headers } })).status, "Done");
    arrived.push({ who, ...sealed });
  }
  // Requests that fail, with the same headers.
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(1024, 1), Buffer.from(MARKERS[0]), Buffer.alloc(1_200_000, 2)]) await site.post(bytes, { headers });
  await fetch(`${site.address}/t?canary=${encodeURIComponent(MARKERS[0])}`, { method: "POST", headers, body: MARKERS[1] });
  await fetch(`${site.address}/${encodeURIComponent(MARKERS[1])}`, { headers });
  // A dialogue, and a reporter whose keys come out of a real receipt.
  receipt = (await site.scribe("receipt")).digits;
  const sealed = await site.scribe("report", { who: "r", receipt, text: RECEIPT_TEXT });
  assert.equal((await site.ask("submit", { who: "r", receipt, envelope: sealed.envelope })).status, "Done");
  arrived.push({ who: "r", ...sealed });
  await site.tick(at(today(), 9));
  await site.tick(at(today(), 10));
  const opened = await site.scribe("open", { person: 1, envelope: arrived[0].envelope });
  const { letter } = await site.scribe("write_letter", { person: 1, mailbox: opened.mailbox, letters: opened.letters, text: MARKERS[1] });
  assert.equal((await site.ask("letter", { case: opened.case, mailbox: opened.mailbox, letter })).status, "Done");
  assert.equal((await site.ask("step", { case: opened.case, step: "confirmed" })).status, "Done");
  linesBefore = site.lines.length;
  await site.server.stop();
  dump = everything(site.files(), site.lines.filter((line) => !line.startsWith("[wrangler:info]")));
  rows = tables(site.databases());
}

test("the search finds what it looks for", () => {
  const planted = path.join(site.state, "planted");
  const words = ["plain-canary", "Ақпарат-белгісі"];
  for (const text of words) {
    for (const form of forms(text)) {
      fs.writeFileSync(planted, Buffer.concat([Buffer.alloc(77, 1), form, Buffer.alloc(9)]));
      assert.ok(found(everything([planted]), forms(text)).length > 0);
    }
    const inside = Buffer.from(`xx${text}yy`).toString("base64");
    fs.writeFileSync(planted, inside);
    assert.ok(found(everything([planted]), forms(text)).length > 0, "base64 of a longer text");
  }
  fs.rmSync(planted);
  assert.equal(rows.item.rows.length, 201);
  assert.equal(rows.chunk.rows.length, 5 * 4);
});

test("A1 no marker in any encoding in any file", () => {
  for (const text of [...MARKERS, NAME, FILE, "image/jpeg", EXIF, "canary bytes canary", RECEIPT_TEXT, receipt, receipt.match(/.{4}/g).join(" ")]) {
    assert.deepEqual(found(dump, forms(text)), [], text);
  }
});

test("A2 reports have sizes of buckets alone, and eight slots", () => {
  const sizes = new Set(rows.item.rows.map(({ envelope }) => envelope.length));
  assert.deepEqual([...sizes].sort((a, b) => a - b), [13_560, 25_848, 75_000]);
  const around = 80 + 8 * 1168 + 24 + 16;
  assert.deepEqual([...sizes].map((size) => size - around).sort((a, b) => a - b), [4096, 16_384, 65_536]);
  assert.deepEqual([...new Set(rows.chunk.rows.map(({ body }) => body.length))], [65_552]);
  assert.deepEqual([...new Set(rows.letter.rows.map(({ body }) => body.length))], [5248]);
});

test("A3 no address, browser, place, cookie or sender of a request is anywhere", () => {
  for (const text of [...Object.values(SENTINEL), "canary-session", "canary.example", "kk-canary", "__Host-session", "user-agent", "cf-connecting-ip"]) {
    assert.deepEqual(found(dump, forms(text)), [], text);
  }
  assert.deepEqual(found(dump, [unhex("cb007 14d".replace(" ", ""))]), [], "the address as four bytes");
  for (const [name, { sql }] of Object.entries(rows)) assert.doesNotMatch(sql, /\b(ip|addr\w*|agent|ua|asn|country|city|ja3|tor|time|stamp|created\w*|updated\w*|at)\b[^,]*(TEXT|INTEGER|BLOB)/i, name);
});

test("A4 no time is finer than a day, no key grows", () => {
  for (const [name, { sql, rows: all }] of Object.entries(rows)) {
    assert.match(sql, /WITHOUT ROWID/, name);
    assert.doesNotMatch(sql, /AUTOINCREMENT|INTEGER (NOT NULL )?PRIMARY KEY|CURRENT_TIME|DATETIME|strftime/i, name);
    for (const row of all) {
      for (const [column, value] of Object.entries(row)) {
        if (typeof value === "string") assert.match(value, /^(\d{4}-\d{2}-\d{2}|keys)$/, `${name}.${column}`);
        if (typeof value === "number") assert.ok(value >= 0 && value < 1000, `${name}.${column}: ${value}`);
      }
    }
  }
});

test("A4 the order of arrival cannot be read from the order of keys", () => {
  const order = rows.item.rows.map(({ id }) => hex(id));
  assert.deepEqual(order, [...order].sort(), "rows lie in the order of their keys");
  // 201 rows: chance alone is beyond 0.3 once in 40,000.
  assert.ok(Math.abs(rho(arrived.map(({ id }) => id), order)) < 0.3);
});

test("A5 two reports from one browser share nothing but constants", async () => {
  const [one, two] = [arrived[3], arrived[4]].map(({ envelope }) => unhex(envelope).subarray(16));
  const windows = new Set();
  for (let from = 0; from + 8 <= one.length; from += 1) windows.add(one.toString("latin1", from, from + 8));
  for (let from = 0; from + 8 <= two.length; from += 1) assert.ok(!windows.has(two.toString("latin1", from, from + 8)), `byte ${from}`);
  const heads = new Set(rows.item.rows.map(({ envelope }) => hex(envelope.subarray(0, 8)) + hex(envelope.subarray(9, 16))));
  assert.equal(heads.size, 1, "what is the same is the same for all");
  for (const column of ["id", "mailbox", "case_key"]) assert.equal(new Set(rows.item.rows.map((row) => hex(row[column]))).size, 201, column);
});

test("A9 with the whole database and every setting of the worker nothing opens", async () => {
  const config = fs.readFileSync(path.join(root, "workers/trust/wrangler.toml"), "utf8");
  assert.doesNotMatch(config, /wrangler secret put/);
  const { public: rootKey } = await site.scribe("root");
  const keys = new Set([rootKey, "00".repeat(32)]);
  for (const { rows: all } of Object.values(rows)) {
    for (const row of all) {
      for (const value of Object.values(row)) {
        if (!(value instanceof Uint8Array)) continue;
        if (value.length === 32) keys.add(hex(value));
        if (value.length === 16) keys.add(hex(value).repeat(2));
      }
    }
  }
  assert.ok(keys.size > 600);
  const { envelope } = arrived[0];
  assert.deepEqual(await site.scribe("try_keys", { envelope, keys: [...keys] }), { opened: 0 });
  const { seed } = await site.scribe("box_seed", { person: 1 });
  assert.deepEqual(await site.scribe("try_keys", { envelope, keys: [seed] }), { opened: 1 }, "an officer's key opens");
});

test("A10 no hash of what was said is kept", () => {
  const texts = [...MARKERS, NAME, FILE, EXIF, RECEIPT_TEXT, receipt, `${MARKERS[0]} `];
  for (const text of texts) assert.deepEqual(found(dump, hashes(text)), [], text);
});

test("F5 the worker wrote no line", () => {
  // Of each request wrangler writes one line, after those of the worker.
  const first = site.lines.findIndex((line) => line.startsWith("[wrangler:info] POST"));
  assert.ok(first > 0 && linesBefore > first + 200, "lines were taken");
  const own = site.lines.slice(first, linesBefore).filter((line) => line.trim() && !line.startsWith("[wrangler:info]"));
  assert.deepEqual(own, []);
});

test("A4 the durable object wrote nothing", () => {
  const files = site.databases().filter((file) => file.includes("Intake"));
  assert.ok(files.length > 0);
  assert.deepEqual(Object.keys(tables(files)), []);
});

test("A7 A8 after its day a report is gone; a copy from before opens with no key that is left", async () => {
  const copy = path.join(site.state, "copy");
  fs.cpSync(path.join(site.state, "trust"), copy, { recursive: true });
  await site.restart();
  const victim = arrived[1];
  const opened = await site.scribe("open", { person: 1, envelope: victim.envelope });
  assert.equal((await site.ask("step", { case: opened.case, step: "closed" })).status, "Done");
  // Three years and a day after closing: the closed case is gone, the open ones are not.
  const day = plusDays(today(), 3 * 365 + 5);
  await site.tick(at(day, 4));
  assert.equal((await site.ask("poll", { who: victim.who })).status, "Silence");
  assert.equal((await site.ask("poll", { who: arrived[2].who })).status, "Done");
  await site.tick(at(plusDays(today(), 5 * 366), 4));
  await site.server.stop();
  const left = tables(site.databases());
  for (const name of ["item", "letter", "chunk", "digest"]) assert.equal(left[name].rows.length, 0, name);
  // The copy that the host keeps for thirty days.
  const files = fs.readdirSync(copy, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
  const restored = tables(files.filter((file) => file.endsWith(".sqlite")));
  const row = restored.item.rows.find(({ id }) => hex(id) === victim.id);
  for (const text of MARKERS) assert.deepEqual(found(everything(files), forms(text)), [], text);
  for (const person of [1, 2, 3, 4, 5]) {
    const open = (epoch) => site.scribe("open", { person, envelope: hex(row.envelope), epoch });
    assert.equal((await open(0)).opened, true, "while the key of its days is kept");
    assert.equal((await open(1)).opened, false, "with the keys of later days alone");
  }
  await site.restart();
});
