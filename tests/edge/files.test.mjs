// Files on real workerd: bodies stream into the store and out of it, parts survive a crash.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import http from "node:http";
import { test } from "node:test";
import { assertSecure, portal, signIn } from "../lib/portal.mjs";

const site = portal("files");
const FILES = "/api/v1/cabinet/my/files";
const MB = 1024 * 1024;
let cookie;

const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");

/** A PDF of a size, with content that no store can guess. */
function pdf(size, seed = 1) {
  const head = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% ");
  const tail = Buffer.from("\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
  const middle = Buffer.alloc(size - head.length - tail.length);
  for (let at = 0; at < middle.length; at += 1) middle[at] = 97 + ((at * 7919 + seed * 104729) >>> 5) % 26;
  return Buffer.concat([head, middle, tail]);
}

async function ask(method, where, body, headers = {}) {
  cookie ??= (await signIn(site, "hr.school1")).cookie;
  const answer = await site.ask(where, {
    method, body, duplex: "half", signal: AbortSignal.timeout(60_000),
    headers: { cookie, origin: site.address, "sec-fetch-site": "same-origin", "idempotency-key": crypto.randomUUID(), ...headers },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

const send = (bytes, name = "a.pdf", purpose = "document") =>
  ask("POST", `${FILES}?purpose=${purpose}&name=${encodeURIComponent(name)}`, bytes);
const json = (method, where, value) => ask(method, where, JSON.stringify(value), { "content-type": "application/json" });
const list = async () => (await ask("GET", FILES)).body;

async function open(file) {
  const link = await ask("POST", `${FILES}/${file.id}/link`);
  assert.equal(link.status, 201, JSON.stringify(link.body));
  return link.body.url;
}

test("a file of 19 MB goes in and comes out byte for byte, whole and in ranges", async () => {
  const bytes = pdf(19 * MB);
  const { status, body: file } = await send(bytes, "Диплом Әсел.pdf");
  assert.equal(status, 201, JSON.stringify(file));
  assert.equal(file.sha256, sha256(bytes));
  assert.equal(file.size, bytes.length);
  const url = await open(file);
  const whole = await site.ask(url);
  assert.equal(whole.status, 200);
  assertSecure(assert, whole.headers, "file");
  assert.match(whole.headers.get("content-security-policy"), /sandbox/);
  assert.match(whole.headers.get("content-disposition"), /^attachment; filename="file.pdf"; filename\*=UTF-8''/);
  assert.equal(whole.headers.get("content-length"), String(bytes.length));
  assert.equal(sha256(Buffer.from(await whole.arrayBuffer())), sha256(bytes));
  for (const [range, from, to] of [["bytes=0-9", 0, 10], ["bytes=-7", bytes.length - 7, bytes.length], ["bytes=1000000-1000099", 1_000_000, 1_000_100]]) {
    const part = await site.ask(url, { headers: { range } });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers.get("content-range"), `bytes ${from}-${to - 1}/${bytes.length}`);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(from, to), range);
  }
  const head = await site.ask(url, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), String(bytes.length));
  assert.equal((await site.ask(url, { headers: { range: `bytes=${bytes.length}-` } })).status, 416);
});

test("a small file, and one of a byte", async () => {
  const bytes = pdf(200);
  const { body: file } = await send(bytes);
  assert.equal(file.sha256, sha256(bytes));
  assert.deepEqual(Buffer.from(await (await site.ask(await open(file))).arrayBuffer()), bytes);
  assert.equal((await send(Buffer.from("x"))).body.code, "file_kind");
  assert.equal((await send(Buffer.alloc(0))).status, 422);
});

test("what is refused is refused with its reason, and nothing of it stays", async () => {
  const before = (await list()).length;
  const html = await send(Buffer.from("<html><script>alert(1)</script>"), "photo.jpg");
  assert.equal(html.status, 415);
  assert.equal(html.body.code, "file_web");
  const large = await send(pdf(21 * MB));
  assert.equal(large.status, 413);
  assert.equal(large.body.code, "file_too_large");
  assert.equal((await list()).length, before);
});

/** Sends a head and a part of the body, then hangs up or waits for the answer. */
function half({ length, bytes, hang }) {
  return new Promise((resolve) => {
    const request = http.request({
      host: "127.0.0.1", port: site.port, method: "POST", path: `${FILES}?purpose=document&name=a.pdf`, agent: false,
      headers: { cookie, origin: site.address, "idempotency-key": crypto.randomUUID(), ...(length ? { "content-length": length } : {}) },
    }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
      answer.on("error", () => resolve("cut"));
    });
    request.on("error", () => resolve("cut"));
    request.write(bytes, () => hang && setImmediate(() => request.destroy()));
    if (!hang) request.end();
  });
}

test("an upload that is cut off in the middle leaves nothing that can be seen", async () => {
  const before = (await list()).length;
  await half({ length: 10 * MB, bytes: pdf(MB), hang: true });
  assert.equal((await list()).length, before);
  // A body without a length is asked for one.
  assert.equal(await half({ bytes: pdf(300) }), 428);
  assert.equal((await list()).length, before);
  assert.equal((await send(pdf(300))).status, 201);
});

async function upload(bytes, purpose = "document") {
  const { status, body } = await json("POST", `${FILES}/uploads`, { name: "a.pdf", size: bytes.length, purpose });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}
const piece = (upload, bytes, n) => bytes.subarray((n - 1) * upload.part_size, n * upload.part_size);
const put = (upload, bytes, n) => ask("PUT", `${FILES}/uploads/${upload.id}/parts/${n}`, piece(upload, bytes, n));

test("parts come in any order, twice, from two devices, and wrong ones are refused", async () => {
  const bytes = pdf(18 * MB, 3);
  const up = await upload(bytes);
  assert.equal(up.parts, 3);
  assert.equal((await put(up, bytes, 3)).status, 200);
  assert.deepEqual((await put(up, bytes, 1)).body.received, [1, 3]);
  assert.equal((await put(up, bytes, 1)).status, 200);
  const early = await ask("POST", `${FILES}/uploads/${up.id}/complete`);
  assert.equal(early.body.code, "file_parts_missing");
  const wrong = await ask("PUT", `${FILES}/uploads/${up.id}/parts/2`, bytes.subarray(0, 100));
  assert.equal(wrong.body.code, "file_part_size");
  assert.equal((await ask("PUT", `${FILES}/uploads/${up.id}/parts/4`, Buffer.from("x"))).body.code, "file_no_part");
  assert.deepEqual((await ask("GET", `${FILES}/uploads/${up.id}`)).body.received, [1, 3]);
  await Promise.all([put(up, bytes, 2), put(up, bytes, 2)]);
  let done = await ask("POST", `${FILES}/uploads/${up.id}/complete`);
  if (done.body.code === "file_parts_again") {
    // The store kept the part of one device and the row names that of the other.
    for (const n of [1, 2, 3]) await put(up, bytes, n);
    done = await ask("POST", `${FILES}/uploads/${up.id}/complete`);
  }
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(done.body.state, "pending");
  const again = await ask("POST", `${FILES}/uploads/${up.id}/complete`);
  assert.equal(again.body.id, done.body.id);
  const got = Buffer.from(await (await site.ask(await open(done.body))).arrayBuffer());
  assert.equal(sha256(got), sha256(bytes));
});

test("an upload by parts goes on after SIGKILL, and what was acknowledged is there", async () => {
  const bytes = pdf(18 * MB, 9);
  const up = await upload(bytes);
  assert.equal((await put(up, bytes, 1)).status, 200);
  const sent = await send(pdf(5000, 4));
  assert.equal(sent.status, 201);
  const under = [put(up, bytes, 2), send(pdf(15 * MB, 5))].map((one) => one.catch(() => "died"));
  await site.kill();
  await Promise.all(under);
  await site.restart();
  const { received } = (await ask("GET", `${FILES}/uploads/${up.id}`)).body;
  assert.ok(received.includes(1), JSON.stringify(received));
  for (const n of [2, 3]) assert.equal((await put(up, bytes, n)).status, 200);
  const done = await ask("POST", `${FILES}/uploads/${up.id}/complete`);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(sha256(Buffer.from(await (await site.ask(await open(done.body))).arrayBuffer())), sha256(bytes));
  const kept = Buffer.from(await (await site.ask(await open(sent.body))).arrayBuffer());
  assert.equal(sha256(kept), sent.body.sha256);
  // Whatever was not acknowledged is either wholly there or not at all.
  for (const file of await list()) {
    if (file.state === "uploading") continue;
    const content = Buffer.from(await (await site.ask(await open(file))).arrayBuffer());
    assert.equal(content.length, file.size);
  }
});
