// An attempt on real workerd: a durable object with its storage, sockets, alarms and the database.
// The rows that the office would write are put into the database before the worker starts.
import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { startExam } from "../../scripts/lib/server.mjs";
import { freshState } from "../lib/portal.mjs";

const EXAM = "01jd0000000000000000000000";
const SESSION = "01jd0000000000000000000001";
const KEY = Buffer.from("6465766465766465766465766465766465766465766465766465766465766465", "hex");
const SECRET = Buffer.alloc(32, 7);
const TASKS = 6;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const ulid = (n) => `01jd${String(n).padStart(22, "0")}`;
const text = (words) => [{ p: [{ t: words }] }];

/** ChaCha20-Poly1305 with a zero nonce, as the exam's secret and the blocks are sealed. */
function seal(key, label, bytes) {
  const cipher = createCipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(label), { plaintextLength: bytes.length });
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function open(key, label, sealed) {
  const bytes = sealed.subarray(0, -16);
  const decipher = createDecipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(label), { plaintextLength: bytes.length });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

/** A pool of single choices about one topic (the layout of domain::exam::pool). */
function pool(items) {
  const head = Buffer.alloc(16);
  head.write("MPL1", "latin1");
  head.writeUInt16LE(1, 4);
  head.writeUInt16LE(0, 6);
  head.writeUInt32LE(items.length, 8);
  const topic = Buffer.from("\x08pedagogy", "latin1");
  const records = items.map((id) => {
    const bits = [...id].reduce((all, letter) => (all << 5n) | BigInt("0123456789abcdefghjkmnpqrstvwxyz".indexOf(letter)), 0n);
    const record = Buffer.alloc(26);
    Buffer.from(bits.toString(16).padStart(32, "0"), "hex").copy(record);
    record[18] = 2;
    record.writeUInt16LE(0xffff, 20);
    record.writeUInt16LE(1, 24);
    return record;
  });
  return Buffer.concat([head, topic, ...records]);
}

/** The file of the database, or of an object, that has a table. */
function file(state, kind, table) {
  const all = fs.readdirSync(path.join(state, "v3"), { recursive: true }).filter((name) => name.endsWith(".sqlite") && name.startsWith(kind));
  for (const name of all) {
    const whole = path.join(state, "v3", name);
    const db = new DatabaseSync(whole);
    const found = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table);
    db.close();
    if (found) return whole;
  }
  throw new Error(`no database has ${table}`);
}

/** Does something with the rows; the worker must not run. */
function rows(state, work, kind = "d1", table = "exam_attempt") {
  const db = new DatabaseSync(file(state, kind, table));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** People and their tokens; each test has one of its own. */
const people = Array.from({ length: 10 }, (_, n) => ({ id: ulid(100 + n), candidate: `k-${n}`, token: sha256(`candidate ${n}`) }));
const PROCTOR = sha256("proctor");

function stage(state) {
  rows(state, (db) => {
    const { account, person } = db.prepare("SELECT id AS account, person FROM account LIMIT 1").get();
    const { id: organisation } = db.prepare("SELECT id FROM organisation LIMIT 1").get();
    const put = (sql, ...values) => db.prepare(sql).run(...values);
    const items = Array.from({ length: 12 }, (_, n) => ulid(500 + n));
    items.forEach((id, n) => {
      const body = JSON.stringify({ stem: text(`Сұрақ ${n}`), task: { kind: "single", shuffle: true, options: ["a", "b", "c", "d"].map((letter) => ({ id: letter, text: text(`жауап ${letter}`) })) } });
      put("INSERT INTO item (id, number, code, kind, level, topic, head, state, live, created_by, created_at, changed_at) VALUES (?, ?, ?, 'single', 'apply', 'pedagogy', 1, 'active', 1, ?, '', '')", id, 90_000 + n, `T-${n}`, account);
      put("INSERT INTO item_version (item, version, state, kk, ru, author, at) VALUES (?, 1, 'active', ?, ?, ?, '')", id, body, body, account);
      put("INSERT INTO item_key (item, version, answers) VALUES (?, 1, ?)", id, JSON.stringify({ key: { of: "options", right: ["c"] }, scoring: { points: 1, rule: "all" } }));
    });
    const blueprint = { sections: [{ code: "one", title: { kk: "Пән", ru: "Предмет" }, cells: [{ topic: "pedagogy", count: TASKS }] }] };
    put(
      "INSERT INTO exam (id, title, purpose, edition, group_code, blueprint, minutes, state, commitment, sealed, created_at, changed_by, changed_at) VALUES (?, ?, 'attestation', '2025-02-25', 'secondary', ?, 80, 'published', ?, ?, '', ?, '')",
      EXAM, JSON.stringify({ kk: "Сынақ", ru: "Тест" }), JSON.stringify(blueprint), sha256(SECRET), seal(KEY, `${EXAM}|0`, SECRET).toString("hex"), account,
    );
    const blob = pool(items);
    put("INSERT INTO exam_pool (exam, lang, version, blob) VALUES (?, 'kk', ?, ?)", EXAM, sha256(blob), blob.toString("hex"));
    put("INSERT INTO exam_session (id, exam, organisation, place, starts_at, changed_by, changed_at) VALUES (?, ?, ?, '{}', '', ?, '')", SESSION, EXAM, organisation, account);
    put("INSERT INTO exam_proctor (session, account, token) VALUES (?, ?, ?)", SESSION, account, sha256(PROCTOR));
    for (const { id, candidate, token } of people) {
      put("INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state) VALUES (?, ?, ?, ?, ?, 'kk', ?, ?)", id, EXAM, SESSION, person, candidate, sha256(token), candidate === "k-8" ? "assigned" : "admitted");
    }
  });
}

describe("an attempt", { timeout: 240_000 }, () => {
  const site = {};
  const run = async () => { site.server = await startExam({ state: site.state }); };
  before(async () => {
    site.state = freshState("exam");
    stage(site.state);
    await run();
  });
  after(async () => {
    await site.server?.stop();
    if (site.state) fs.rmSync(site.state, { recursive: true, force: true });
  });

  const ask = async (who, word, body, token = who.token) => {
    const answer = await fetch(`${site.server.address}/a/${who.id}/${word}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}` },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json().catch(() => undefined) };
  };
  const page = () => randomBytes(8).toString("hex");

  /** Comes in, begins, reads the tasks; returns what a page then knows. */
  async function begin(who) {
    const id = page();
    const opened = await ask(who, "open", { page: id, device: "Chrome, Android" });
    assert.equal(opened.status, 200, JSON.stringify(opened.body));
    const begun = await ask(who, "start", {});
    assert.equal(begun.status, 200, JSON.stringify(begun.body));
    const [[, key]] = begun.body.keys;
    const sealed = Buffer.from(await (await fetch(`${site.server.address}/a/${who.id}/block/0`, { headers: { authorization: `Bearer ${who.token}` } })).arrayBuffer());
    const tasks = JSON.parse(open(Buffer.from(key, "hex"), `${who.id}|0`, sealed));
    return { page: id, epoch: begun.body.view.epoch, tasks, view: begun.body.view };
  }

  /** The answer of a task with a letter of the bank. */
  const answer = (tasks, n, slot, letter) => ({
    n, what: "answer", slot, mono: n * 9000,
    value: JSON.stringify({ options: [tasks[slot].body.task.options.find((option) => option.text[0].p[0].t === `жауап ${letter}`).id] }),
  });

  /** A socket whose messages are waited for. */
  function socket(who, epoch) {
    const made = new WebSocket(`${site.server.address.replace("http", "ws")}/a/${who.id}/socket?epoch=${epoch}`, ["mansap-exam", who.token]);
    const [came, waiting] = [[], []];
    made.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      const at = waiting.findIndex(({ of }) => of(message));
      if (at >= 0) waiting.splice(at, 1)[0].resolve(message);
      else came.push(message);
    });
    made.next = (of) => {
      const at = came.findIndex(of);
      if (at >= 0) return Promise.resolve(came.splice(at, 1)[0]);
      return new Promise((resolve) => waiting.push({ of, resolve }));
    };
    made.ready = new Promise((resolve, reject) => {
      made.addEventListener("open", resolve, { once: true });
      made.addEventListener("error", () => reject(new Error("the socket did not open")), { once: true });
    });
    made.over = new Promise((resolve) => made.addEventListener("close", ({ code }) => resolve(code), { once: true }));
    return made;
  }

  const scored = async (who) => {
    for (;;) {
      const { body } = await ask(who, "look");
      if (body.report) return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  test("a room is told in one answer, to who watches it, and only when it has changed", async () => {
    const look = (token, headers = {}) => fetch(`${site.server.address}/s/${SESSION}/live`, { headers: { authorization: `Bearer ${token}`, ...headers }, signal: AbortSignal.timeout(20_000) });
    const stranger = await look(people[1].token);
    assert.equal(stranger.status, 404, "a candidate does not see the room");
    assert.equal((await look("0".repeat(64))).status, 404);
    const home = "http://127.0.0.1:8787";
    const first = await look(PROCTOR, { origin: home });
    assert.equal(first.status, 200);
    assert.equal(first.headers.get("access-control-allow-origin"), home);
    const before = await first.json();
    assert.equal(before.seats.length, people.length);
    const waits = before.seats.find(({ id, live }) => live === null && id === people[0].id);
    assert.ok(waits, "nobody has opened that page yet");
    const etag = first.headers.get("etag");
    assert.equal((await look(PROCTOR, { "if-none-match": etag })).status, 304);
    await ask(people[0], "open", { page: page(), device: "Chrome, Android" });
    const second = await look(PROCTOR, { "if-none-match": etag, origin: "https://evil.example" });
    assert.equal(second.status, 200);
    assert.equal(second.headers.get("access-control-allow-origin"), null);
    const { live } = (await second.json()).seats.find(({ id }) => id === people[0].id);
    assert.deepEqual([live.status, live.answered, live.slots, live.moved], ["ready", 0, TASKS, 0]);
    assert.equal(live.silent_since, null);
    // The browser asks first whether a cabinet may ask.
    const asked = await fetch(`${site.server.address}/a/${people[0].id}/proctor`, { method: "OPTIONS", headers: { origin: home, "access-control-request-method": "POST" } });
    assert.deepEqual([asked.status, asked.headers.get("access-control-allow-origin")], [204, home]);
  });

  test("nobody comes in without the token, and nothing is told of what there is", async () => {
    const [who, other] = people;
    for (const token of ["", "x", other.token, `${who.token}0`, PROCTOR]) {
      const answers = await Promise.all([ask(who, "open", { page: page() }, token), ask(who, "look", undefined, token)]);
      assert.deepEqual(answers.map(({ status }) => status), [404, 404]);
    }
    const nobody = await ask({ ...who, id: ulid(999) }, "open", { page: page() });
    assert.equal(nobody.status, 404);
    const outside = await fetch(`${site.server.address}/a/${who.id}/secret`);
    assert.equal(outside.status, 404);
    assert.match(outside.headers.get("content-security-policy"), /default-src 'none'/);
    const unchecked = people[8];
    assert.equal((await ask(unchecked, "open", { page: page() })).status, 200);
    assert.equal((await ask(unchecked, "start", {})).body.error, "not_admitted");
  });

  test("whoever guesses is not worth a look any more, whoever is in goes on", async () => {
    const who = people[8];
    assert.equal((await ask(who, "open", { page: page() })).status, 200);
    for (let n = 0; n < 25; n += 1) assert.equal((await ask(who, "look", undefined, sha256(`guess ${n}`))).status, 404);
    // The right one of the proctor is not looked up either, for a minute; the candidate is known.
    assert.equal((await ask(who, "proctor", { op: "pause", why: "x" }, PROCTOR)).status, 404);
    assert.equal((await ask(who, "look")).status, 200);
  });

  test("a page answers over the socket, by posts when it breaks, and hands in", async () => {
    const who = people[1];
    const { epoch, tasks } = await begin(who);
    assert.equal(tasks.length, TASKS);
    assert.ok(!JSON.stringify(tasks).includes("right"));
    const line = socket(who, epoch);
    await line.ready;
    line.send(JSON.stringify({ events: [answer(tasks, 1, 0, "c"), answer(tasks, 2, 1, "a")] }));
    assert.equal((await line.next((m) => m.received)).received.upto, 2);
    // Sent, and the line is cut before anything comes back: the page sends it again by post.
    line.send(JSON.stringify({ events: [answer(tasks, 3, 1, "c")] }));
    line.close();
    await line.over;
    const again = await ask(who, "events", { epoch, events: [answer(tasks, 3, 1, "c"), answer(tasks, 4, 2, "c")] });
    assert.deepEqual([again.status, again.body.upto, again.body.uncounted], [200, 4, undefined]);
    const over = await ask(who, "events", { epoch, events: [{ n: 5, what: "finish" }] });
    assert.equal(over.body.status, "submitted");
    const { report, view } = await scored(who);
    assert.deepEqual([report.total.points, report.total.most, report.reached], [3_000_000, 6_000_000, "pedagogue"]);
    // Too late is kept and told, and changes nothing.
    const late = await ask(who, "events", { epoch, events: [answer(tasks, 6, 3, "c")] });
    assert.deepEqual([late.body.upto, late.body.uncounted], [6, [6]]);
    assert.equal((await scored(who)).report.total.points, 3_000_000);
    // Appeals: from inside, with a reason of its own for each task.
    const reason = "Дұрыс жауап басқа: оқулықтың 15-бетін қараңыз";
    assert.equal((await ask(who, "appeal", { slot: 3, ground: "key", reason })).status, 201);
    const twice = await ask(who, "appeal", { slot: 4, ground: "key", reason });
    assert.deepEqual([twice.status, twice.body.fields.reason], [422, "reason_repeated"]);
    assert.equal((await ask(who, "appeal", { slot: 5, ground: "key", reason: "жоқ" })).body.fields.reason, "too_short");
    assert.equal((await ask(who, "appeal", {})).status, 400);
    assert.equal(view.status, "submitted");
  });

  test("a second page takes over, and the first is told", async () => {
    const who = people[2];
    const { page: first, epoch, tasks } = await begin(who);
    const line = socket(who, epoch);
    await line.ready;
    const second = await ask(who, "open", { page: page(), device: "Firefox" });
    assert.equal(second.body.view.epoch, epoch + 1);
    await line.next((m) => m.replaced);
    // What the first had done and not sent is not lost; it may not come back by itself.
    const flushed = await ask(who, "events", { epoch, events: [answer(tasks, 1, 0, "c")] });
    assert.deepEqual([flushed.body.replaced, flushed.body.upto], [true, 1]);
    const back = socket(who, epoch);
    await assert.rejects(back.ready);
    const seen = (await ask(who, "look")).body;
    assert.equal(seen.answers.length, 1);
    assert.notEqual(first, undefined);
  });

  test("what was confirmed is there after the worker was killed", async () => {
    const who = people[3];
    const { page: id, epoch, tasks } = await begin(who);
    const events = Array.from({ length: TASKS }, (_, slot) => answer(tasks, slot + 1, slot, "c"));
    const { body } = await ask(who, "events", { epoch, events });
    assert.equal(body.upto, TASKS);
    await site.server.kill();
    await run();
    // The same page comes back and keeps its epoch; the numbers go on where they were.
    const again = await ask(who, "open", { page: id });
    assert.equal(again.body.view.epoch, epoch);
    assert.equal(again.body.answers.length, TASKS);
    const over = await ask(who, "events", { epoch, events: [{ n: TASKS + 1, what: "finish" }] });
    assert.equal(over.body.status, "submitted");
    assert.equal((await scored(who)).report.total.points, TASKS * 1_000_000);
  });

  test("a proctor stops the clock, gives time and ends it", async () => {
    const who = people[4];
    const { epoch, tasks, view } = await begin(who);
    const line = socket(who, epoch);
    await line.ready;
    await line.next((m) => m.view);
    const proctor = (body, token = PROCTOR) => ask(who, "proctor", body, token);
    assert.equal((await proctor({ op: "pause", why: "x" }, who.token)).status, 404);
    assert.equal((await proctor({ op: "pause" })).status, 422);
    assert.equal((await proctor({ op: "toString", why: "x" })).status, 422);
    assert.equal((await proctor({ op: "extend", minutes: 1e9, why: "x" })).status, 422);
    const more = await proctor({ op: "extend", minutes: 40, why: "құжат" });
    assert.equal(more.body.view.deadline, view.deadline + 40 * 60_000);
    assert.equal((await line.next((m) => m.view?.deadline === view.deadline + 40 * 60_000)).view.status, "running");
    assert.equal((await proctor({ op: "pause", why: "жарық сөнді" })).body.view.status, "paused");
    await line.next((m) => m.view?.status === "paused");
    assert.equal((await proctor({ op: "pause", why: "тағы" })).status, 409);
    assert.equal((await proctor({ op: "resume", why: "жарық келді" })).body.view.status, "running");
    const ended = await proctor({ op: "terminate", why: "телефон" });
    assert.equal(ended.body.view.status, "terminated");
    const late = await ask(who, "events", { epoch, events: [answer(tasks, 1, 0, "c")] });
    assert.deepEqual([late.body.status, late.body.uncounted], ["terminated", [1]]);
    line.close();
  });

  test("hostile messages are refused and the attempt goes on", async () => {
    const who = people[5];
    const { epoch, tasks } = await begin(who);
    const status = async (body) => (await ask(who, "events", body)).status;
    assert.equal(await status({ epoch: 99, events: [] }), 409);
    assert.equal(await status({ epoch, events: [{ n: 1, what: "score", value: "100" }] }), 400);
    assert.equal(await status({ epoch, events: Array.from({ length: 201 }, (_, n) => ({ n: n + 1, what: "blur" })) }), 422);
    assert.equal(await status({ epoch, events: [{ n: 1, what: "answer", slot: 0, value: "x".repeat(70_000) }] }), 422);
    // Too long as a whole, whether it says so before or not.
    const long = JSON.stringify({ epoch, events: [], more: "x".repeat(600_000) });
    const post = (more) => fetch(`${site.server.address}/a/${who.id}/events`, { method: "POST", headers: { authorization: `Bearer ${who.token}` }, ...more });
    assert.equal((await post({ body: long })).status, 400);
    assert.equal((await post({ body: new Blob([long]).stream(), duplex: "half" })).status, 400);
    assert.equal(await status([]), 400);
    const line = socket(who, epoch);
    await line.ready;
    line.send("{");
    assert.equal(await line.over, 1007);
    const { body } = await ask(who, "events", { epoch, events: [answer(tasks, 1, 0, "c")] });
    assert.equal(body.upto, 1);
  });

  test("a page that answers without an end is refused, and keeps what was confirmed", { timeout: 120_000 }, async () => {
    const who = people[9];
    const { epoch, tasks } = await begin(who);
    const [a, b] = ["a", "b"].map((letter) => answer(tasks, 0, 0, letter).value);
    const some = (from) => Array.from({ length: 200 }, (_, k) => ({ n: from + k + 1, what: "answer", slot: 0, value: k % 2 ? a : b }));
    let upto = 0;
    let said = { status: 200 };
    while (upto < 50_000) {
      said = await ask(who, "events", { epoch, events: some(upto) });
      if (said.status !== 200) break;
      upto = said.body.upto;
    }
    assert.deepEqual([said.status, said.body, upto], [413, { error: "full" }, 40_000]);
    // Over the line it is said too, and the line is closed.
    const line = socket(who, epoch);
    await line.ready;
    line.send(JSON.stringify({ events: some(upto) }));
    assert.deepEqual(await line.next(({ error }) => error), { error: "full" });
    assert.equal(await line.over, 4013);
    const { body } = await ask(who, "look");
    assert.deepEqual(body.answers.map(({ slot, value }) => [slot, value]), [[0, a]]);
    const done = await ask(who, "events", { epoch, events: [{ n: upto + 1, what: "finish" }] });
    assert.deepEqual([done.body.upto, done.body.status], [upto + 1, "submitted"]);
    await scored(who);
  });

  test("the time ran out while the worker was down: whoever looks first ends it, once", async () => {
    const [seen, unseen] = [people[6], people[7]];
    for (const who of [seen, unseen]) {
      const { epoch, tasks } = await begin(who);
      await ask(who, "events", { epoch, events: [answer(tasks, 1, 0, "c"), answer(tasks, 2, 1, "c")] });
    }
    await site.server.stop();
    // Three hours pass: what the objects and the database remember is that much
    // older, and the alarm, set for the old moment, does not come.
    const back = 3 * 3600_000;
    for (const name of fs.readdirSync(path.join(site.state, "v3/do"), { recursive: true }).filter((one) => one.endsWith(".sqlite"))) {
      const db = new DatabaseSync(path.join(site.state, "v3/do", name));
      if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'kept'").get()) {
        const state = JSON.parse(db.prepare("SELECT value FROM kept WHERE name = 'state'").get().value);
        if (state.status === "running" && state.answered.filter(Boolean).length === 2) {
          for (const moment of ["started_at", "deadline", "seen_at"]) state[moment] -= back;
          db.prepare("UPDATE kept SET value = ? WHERE name = 'state'").run(JSON.stringify(state));
        }
      }
      db.close();
    }
    rows(site.state, (db) => db.prepare("UPDATE exam_attempt SET deadline = deadline - ? WHERE id IN (?, ?)").run(back, seen.id, unseen.id));
    await run();
    // One is looked at by its candidate, the other by nobody but the sweep.
    const late = await ask(seen, "events", { epoch: 1, events: [{ n: 3, what: "blur" }] });
    assert.equal(late.body.status, "expired");
    assert.equal((await scored(seen)).report.total.points, 2_000_000);
    for (let round = 0; round < 2; round += 1) {
      await (await fetch(`${site.server.address}/cdn-cgi/local/scheduled`)).body?.cancel();
    }
    assert.equal((await scored(unseen)).report.total.points, 2_000_000);
    await site.server.stop();
    rows(site.state, (db) => {
      const all = db.prepare("SELECT * FROM exam_attempt ORDER BY candidate").all();
      const of = (who) => all.find(({ id }) => id === who.id);
      assert.deepEqual([seen, unseen].map((who) => [of(who).state, of(who).ended, of(who).scoring, of(who).points]), [["scored", "expired", 1, 2_000_000], ["scored", "expired", 1, 2_000_000]]);
      assert.deepEqual([of(people[4]).state, of(people[4]).points], ["terminated", null]);
      // Every item was counted once for each attempt that was over.
      const { given } = db.prepare("SELECT SUM(exposure) AS given FROM item WHERE topic = 'pedagogy' AND number >= 90000").get();
      assert.equal(given, TASKS * all.filter(({ scoring }) => scoring === 1).length);
      assert.equal(db.prepare("SELECT COUNT(*) AS n FROM exam_response WHERE attempt = ?").get(unseen.id).n, TASKS);
      const appeal = db.prepare("SELECT * FROM exam_appeal").all();
      assert.deepEqual(appeal.map(({ attempt, n }) => [attempt, n]), [[people[1].id, 3]]);
      assert.equal(of(people[1]).head.length, 64);
    });
    await run();
  });
});
