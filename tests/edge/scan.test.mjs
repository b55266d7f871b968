// The check of files on real workerd with Debian's clamd: queue, bucket, socket and all.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { after, test } from "node:test";
import { clamd, EICAR } from "../lib/clamd.mjs";
import { database } from "../lib/notices.mjs";
import { eventually, portal, signIn } from "../lib/portal.mjs";

const FILES = "/api/v1/cabinet/my/files";
const vars = { CLAMD_SECONDS: "2" };
let scanner;
const site = portal("scan", {
  gateway: true,
  vars,
  async stage() {
    scanner = await clamd();
    vars.CLAMD = scanner.address;
    // As in production, where nobody opens what was not scanned.
    vars.DEV = "";
  },
});
after(() => scanner?.close());

let cookie;
async function ask(method, where, body) {
  cookie ??= (await signIn(site, "hr.school1")).cookie;
  const answer = await site.ask(where, {
    method, body,
    headers: { cookie, origin: site.address, "sec-fetch-site": "same-origin", "idempotency-key": crypto.randomUUID() },
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : undefined };
}

const pdf = (text, size = 0) =>
  Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% ${text}\n${"%pad\n".repeat(size / 5)}trailer\n<< /Root 1 0 R >>\n%%EOF\n`, "latin1");

async function send(bytes, name = "a.pdf") {
  const { status, body } = await ask("POST", `${FILES}?purpose=document&name=${name}`, bytes);
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(body.state, "pending");
  return body;
}

/** A marker of a JPEG with its content. */
function segment(marker, ...parts) {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]), content]);
}

/** A grey photograph that says in two places where it was taken: the plainest JPEG there can be. */
function photo(width, height, place) {
  const table = (kind) => [kind, 1, ...Array(15).fill(0), 0];
  const description = Buffer.from(`${place}\0`);
  const tiff = Buffer.alloc(26);
  tiff.write("II*\0", "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x010e, 10);
  tiff.writeUInt16LE(2, 12);
  tiff.writeUInt32LE(description.length, 14);
  tiff.writeUInt32LE(26, 18);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, Buffer.from("Exif\0\0", "latin1"), tiff, description),
    segment(0xfe, Buffer.from(place)),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    segment(0xc4, table(0x00)),
    segment(0xc4, table(0x10)),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    // Each block of 8 by 8 is two bits: no difference, and the end.
    Buffer.alloc(Math.ceil(((width / 8) * (height / 8) * 2) / 8)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

const now = async (file) => (await ask("GET", `${FILES}/${file.id}`)).body;

const settled = (file) => eventually(site, "the check", async () => {
  const found = await now(file);
  return found.state !== "pending" && found;
});

/** What the row says of a check that did not end, read beside the server. */
function error(file) {
  const db = database(site.state);
  try {
    return db.prepare("SELECT error FROM file WHERE id = ?").get(file.id).error ?? "";
  } finally {
    db.close();
  }
}

/** Lets the time pass after which a check is asked for again. The server does not run meanwhile. */
async function due() {
  await site.server.stop();
  const db = database(site.state);
  db.exec("UPDATE file SET next_at = '2020-01-01T00:00:00.000Z' WHERE state = 'pending'");
  db.close();
  await site.restart();
}

test("a clean file passes and an infected one is removed, told and closed", async () => {
  const [clean, infected] = [await send(pdf("nothing")), await send(pdf(EICAR))];
  assert.equal((await settled(clean)).state, "clean");
  const found = await settled(infected);
  assert.equal(found.state, "infected");
  assert.match(found.notice, /Eicar-Test-Signature/);
  assert.equal((await ask("POST", `${FILES}/${infected.id}/link`)).status, 410);
  const link = await ask("POST", `${FILES}/${clean.id}/link`);
  assert.equal((await site.ask(link.body.url)).status, 200);
  const inbox = await eventually(site, "the notice", async () => {
    const { body } = await ask("GET", "/api/v1/cabinet/my/notices");
    return body.items.find((one) => one.event === "file.rejected") && body;
  });
  assert.ok(JSON.stringify(inbox).includes("Eicar-Test-Signature"));
});

test("a picture loses its place and gets two smaller copies", async () => {
  const place = "51.128207N 71.430411E";
  const file = await send(photo(1600, 1200, place), "photo.jpg");
  const found = await settled(file);
  assert.equal(found.state, "clean", JSON.stringify(found));
  assert.deepEqual(found.variants.map(({ name }) => name), ["small", "large"]);
  for (const variant of ["", "small", "large"]) {
    const link = await ask("POST", `${FILES}/${file.id}/link?variant=${variant}`);
    const answer = await site.ask(link.body.url);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), variant ? "image/webp" : "image/jpeg");
    assert.ok(!Buffer.from(await answer.arrayBuffer()).includes(place));
  }
});

test("a scanner that hangs, is gone or takes no more loses nothing", { timeout: 240_000 }, async () => {
  scanner.hang();
  const file = await send(pdf("late"));
  await eventually(site, "the end of its patience", () => error(file) === "scanner: no answer in time");
  assert.equal((await now(file)).state, "pending");
  scanner.wake();
  await scanner.stop();
  await due();
  await eventually(site, "a scanner that is gone", () => /^scanner: (?!no answer)/.test(error(file)));
  await scanner.start();
  await due();
  assert.equal((await settled(file)).state, "clean");
  // Above the scanner's own limit (8 MB here): it says so, and the file waits for the operator.
  const large = await send(pdf("large", 9_000_000));
  await eventually(site, "the limit", () => /StreamMaxLength/.test(error(large)));
  assert.equal((await now(large)).state, "pending");
  assert.equal((await ask("GET", FILES)).body.length, 5);
});
