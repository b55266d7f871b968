// Hostile and huge files on real workerd: refused in the reader's language, or taken within memory.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import http from "node:http";
import { test } from "node:test";
import zlib from "node:zlib";
import { addApplicants, applicant } from "../lib/applicants.mjs";
import { workerdMemory } from "../lib/memory.mjs";
import { eventually, portal } from "../lib/portal.mjs";

const site = portal("hostile-files", { gateway: true, stage: (state) => addApplicants(state, 4) });
const FILES = "/api/v1/cabinet/my/files";
const MB = 1024 * 1024;

async function ask(who, method, where, body, headers = {}) {
  const answer = await site.ask(where, {
    method, body, signal: AbortSignal.timeout(60_000),
    headers: {
      cookie: who.cookie, origin: site.address, "sec-fetch-site": "same-origin", "accept-language": who.lang,
      "idempotency-key": crypto.randomUUID(), ...headers,
    },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

const send = (who, bytes, name = "a.pdf", purpose = "document") =>
  ask(who, "POST", `${FILES}?purpose=${purpose}&name=${encodeURIComponent(name)}`, bytes);
const json = (who, method, where, value) => ask(who, method, where, JSON.stringify(value), { "content-type": "application/json" });

const pdf = (inside = "") => Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog ${inside} >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`, "latin1");

/** An archive of stored or deflated entries: [name, bytes]. */
function zip(entries, deflate = false) {
  const [bodies, heads] = [[], []];
  let at = 0;
  for (const [name, bytes] of entries) {
    const packed = deflate ? zlib.deflateRawSync(bytes) : bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(zlib.crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), packed]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    heads.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), common, more, Buffer.from(name)]));
    bodies.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(heads);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}

const TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
const docx = (more = [], deflate = false) =>
  zip([["[Content_Types].xml", Buffer.from(TYPES)], ["word/document.xml", Buffer.from("<w:document/>")], ...more], deflate);

/** What is refused at the door: name, content, code. */
const AT_THE_DOOR = [
  ["photo.jpg", Buffer.from("<html><script>alert(1)</script>"), "file_web"],
  ["photo.jpg", Buffer.from("\ufeff\n<svg onload=\"alert(1)\">"), "file_web"],
  ["a.pdf", Buffer.concat([pdf(), zip([["a.js", Buffer.from("alert(1)")]])]), "file_extra"],
  ["a.jpg", Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200), Buffer.from([0xff, 0xd9]), zip([["a.js", Buffer.from("x")]])]), "file_extra"],
  ["a.pdf", Buffer.from("MZ\x90\0", "latin1"), "file_program"],
  ["a.docx", docx([["../../evil", Buffer.from("x")]]), "file_names"],
  ["a.docx", docx([["word/vbaProject.bin", Buffer.from("x")]]), "file_macros"],
  ["a.pdf", Buffer.from("%PDF-1.7 and no end"), "file_cut"],
  // A bomb: 30 MB of nothing in some kilobytes.
  ["a.docx", docx([["word/media/a.bmp", Buffer.alloc(30 * MB)]], true), "file_unpacked"],
];

/** Letters that only the language has, so that an answer in another one is seen. */
const OWN = { kk: /[әғқңөұүһі]/i, ru: /[ыэё]|ов|ите/i };

for (const n of [0, 1]) {
  const who = applicant(n);
  test(`what is refused at the door is told in words, ${who.lang}`, async () => {
    for (const [name, bytes, code] of AT_THE_DOOR) {
      const { status, body } = await send(who, bytes, name);
      assert.ok([413, 415, 422].includes(status), `${name} ${code}: ${status}`);
      assert.equal(body.code, code, name);
      assert.match(body.detail, OWN[who.lang], `${code}: ${body.detail}`);
      assert.doesNotMatch(body.detail, /[{}]|file_/, body.detail);
    }
  });

  test(`what hides deeper is refused by the check and told in words, ${who.lang}`, async () => {
    for (const [name, bytes] of [
      ["script.pdf", pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")],
      ["inside.pdf", pdf("/Names << /EmbeddedFiles 3 0 R >>")],
    ]) {
      const { status, body: file } = await send(who, bytes, name);
      assert.equal(status, 201, `${name}: ${JSON.stringify(file)}`);
      const done = await eventually(site, name, async () => {
        const now = (await ask(who, "GET", `${FILES}/${file.id}`)).body;
        return now.state !== "pending" && now;
      });
      assert.equal(done.state, "refused", name);
      assert.match(done.notice, OWN[who.lang], `${name}: ${done.notice}`);
      assert.equal((await ask(who, "POST", `${FILES}/${file.id}/link`)).status >= 400, true, `${name} can be opened`);
    }
  });
}

test("hostile names are kept harmless and come back as names, not as headers or folders", async () => {
  const who = applicant(2);
  for (const name of ["../../etc/passwd.pdf", "a\r\nSet-Cookie: x=1.pdf", "\u202Efdp.exe.pdf", "con.pdf", `${"ұ".repeat(400)}.pdf`, "\"><script>.pdf", "a;b=c\".pdf"]) {
    const { status, body: file } = await send(who, pdf(), name);
    assert.equal(status, 201, `${JSON.stringify(name)}: ${JSON.stringify(file)}`);
    assert.doesNotMatch(file.name, /[\r\n/\\\u202E]/, JSON.stringify(file.name));
    assert.ok([...file.name].length <= 200, file.name);
    const link = await ask(who, "POST", `${FILES}/${file.id}/link`);
    assert.equal(link.status, 201, JSON.stringify(link.body));
    const got = await site.ask(link.body.url);
    assert.equal(got.status, 200);
    assert.equal(got.headers.get("set-cookie"), null);
    assert.match(got.headers.get("content-disposition"), /^attachment; filename="[^"\\\r\n]+"(; filename\*=UTF-8''[^"\r\n;]+)?$/);
    assert.match(got.headers.get("content-security-policy"), /sandbox/);
    await got.body.cancel();
  }
});

/** Sends the beginning of a part and hangs up in the middle. */
function cut(who, where, whole, part) {
  return new Promise((resolve) => {
    const request = http.request({
      host: "127.0.0.1", port: site.port, method: "PUT", path: where, agent: false,
      headers: { cookie: who.cookie, origin: site.address, "idempotency-key": crypto.randomUUID(), "content-length": whole },
    });
    request.on("error", resolve);
    request.on("close", resolve);
    request.write(part, () => setImmediate(() => request.destroy()));
  });
}

const box = (name, ...parts) => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, body]);
};

/** A video of a size: head, directory, and a middle that is the same everywhere. */
function video(size) {
  const mvhd = Buffer.alloc(100);
  mvhd.writeUInt32BE(1000, 12);
  mvhd.writeUInt32BE(660_000, 16);
  const tkhd = Buffer.alloc(84);
  tkhd.writeUInt32BE(1280 << 16, 76);
  tkhd.writeUInt32BE(720 << 16, 80);
  const hdlr = Buffer.alloc(25);
  hdlr.write("vide", 8, "latin1");
  const head = Buffer.concat([
    box("ftyp", Buffer.from("isom\0\0\x02\0isommp42", "latin1")),
    box("moov", box("mvhd", mvhd), box("trak", box("tkhd", tkhd), box("mdia", box("hdlr", hdlr)))),
  ]);
  const rest = Buffer.alloc(8);
  rest.writeUInt32BE(size - head.length);
  rest.write("mdat", 4, "latin1");
  return { size, at: (from, to) => Buffer.concat([Buffer.concat([head, rest]).subarray(from, to), Buffer.alloc(Math.max(0, to - Math.max(from, head.length + 8)), 7)]) };
}

test("a video of 300 MB comes by parts, a cut part is sent anew, and memory stays where it is", { timeout: 240_000 }, async () => {
  const who = applicant(3);
  const film = video(300 * MB);
  const { status, body: up } = await json(who, "POST", `${FILES}/uploads`, { name: "Таныстыру.mp4", size: film.size, purpose: "presentation" });
  assert.equal(status, 201, JSON.stringify(up));
  const part = (n) => film.at((n - 1) * up.part_size, Math.min(film.size, n * up.part_size));
  const where = (n) => `${FILES}/uploads/${up.id}/parts/${n}`;
  let [early, most] = [0, 0];
  for (let n = 1; n <= up.parts; n += 1) {
    const bytes = part(n);
    if (n === 2) {
      await cut(who, where(n), bytes.length, bytes.subarray(0, bytes.length / 2));
      assert.deepEqual((await ask(who, "GET", `${FILES}/uploads/${up.id}`)).body.received, [1], "half a part counts for nothing");
    }
    const put = await ask(who, "PUT", where(n), bytes);
    assert.equal(put.status, 200, JSON.stringify(put.body));
    const now = workerdMemory(site.server.pid);
    if (n === 8) early = now;
    most = Math.max(most, now);
  }
  // Whoever held the parts would have grown by 240 MB since the eighth.
  assert.ok(most - early < 150, `${early.toFixed(0)} MB after 8 parts, ${most.toFixed(0)} MB at most`);
  const done = await ask(who, "POST", `${FILES}/uploads/${up.id}/complete`);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(done.body.size, film.size);
  const checked = await eventually(site, "the check", async () => {
    const now = (await ask(who, "GET", `${FILES}/${up.id}`)).body;
    return now.state !== "pending" && now;
  });
  assert.equal(checked.state, "unscanned", JSON.stringify(checked));
  const link = await ask(who, "POST", `${FILES}/${up.id}/link`);
  const tail = await site.ask(link.body.url, { headers: { range: "bytes=-10" } });
  assert.deepEqual(Buffer.from(await tail.arrayBuffer()), Buffer.alloc(10, 7));
});
