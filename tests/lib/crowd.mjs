// Many candidates at once: the rows that an exam for them begins with, and what is left of it at the
// end, compared with what their pages (candidate.mjs) were told.
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OVER } from "./candidate.mjs";
import { KEY, pool, rows, seal, sha256, ulid } from "./exam.mjs";

const LETTERS = "abcd";
const RIGHT = "c";
/** Where the numbers of identifiers begin. */
const FIRST = 1_000_000;

function body(lang, n) {
  const stem = lang === "kk"
    ? `${n}-сұрақ. Сабақта білім алушылардың оқу жетістігін бағалаудың қай түрі олардың келесі қадамын жоспарлауға көмектеседі?`
    : `Вопрос ${n}. Какой вид оценивания учебных достижений на уроке помогает обучающимся планировать следующий шаг?`;
  const options = [...LETTERS].map((id) => ({ id, text: [{ p: [{ t: `${lang === "kk" ? "жауап" : "ответ"} ${id}` }] }] }));
  return JSON.stringify({ stem: [{ p: [{ t: stem }] }], task: { kind: "single", shuffle: true, options } });
}

/**
 * Puts a published exam of `tasks` single choices out of `items` into the database, and `people` who
 * were let in, `room` of them in a session. No worker may run.
 */
export function stageCrowd(state, { people, tasks = 50, items = 2300, minutes = 80, room = 200 }) {
  const [exam, secret, proctor] = [ulid(FIRST), Buffer.alloc(32, 9), sha256("proctor of the crowd")];
  const sessions = Array.from({ length: Math.ceil(people / room) }, (_, n) => ulid(FIRST + 1 + n));
  const all = Array.from({ length: people }, (_, n) => ({
    id: ulid(FIRST * 2 + n), candidate: `c-${n}`, token: sha256(`candidate ${n} of the crowd`), session: sessions[Math.floor(n / room)], n,
  }));
  rows(state, (db) => {
    const { account } = db.prepare("SELECT id AS account FROM account LIMIT 1").get();
    const folk = db.prepare("SELECT id FROM person ORDER BY id LIMIT 50").all();
    const { id: organisation } = db.prepare("SELECT id FROM organisation LIMIT 1").get();
    const prepared = new Map();
    const put = (sql, ...values) => {
      if (!prepared.has(sql)) prepared.set(sql, db.prepare(sql));
      prepared.get(sql).run(...values);
    };
    db.exec("BEGIN");
    const bank = Array.from({ length: items }, (_, n) => ulid(FIRST * 3 + n));
    bank.forEach((id, n) => {
      put("INSERT INTO item (id, number, code, kind, level, topic, head, state, live, created_by, created_at, changed_at) VALUES (?, ?, ?, 'single', 'apply', 'pedagogy', 1, 'active', 1, ?, '', '')", id, FIRST + n, `CROWD-${n}`, account);
      put("INSERT INTO item_version (item, version, state, kk, ru, author, at) VALUES (?, 1, 'active', ?, ?, ?, '')", id, body("kk", n), body("ru", n), account);
      put("INSERT INTO item_key (item, version, answers) VALUES (?, 1, ?)", id, JSON.stringify({ key: { of: "options", right: [RIGHT] }, scoring: { points: 1, rule: "all" } }));
    });
    const blueprint = { sections: [{ code: "one", title: { kk: "Пән", ru: "Предмет" }, cells: [{ topic: "pedagogy", count: tasks }] }] };
    put(
      "INSERT INTO exam (id, title, purpose, edition, group_code, blueprint, minutes, state, commitment, sealed, created_at, changed_by, changed_at) VALUES (?, ?, 'attestation', '2025-02-25', 'secondary', ?, ?, 'published', ?, ?, '', ?, '')",
      exam, JSON.stringify({ kk: "Сынақ", ru: "Тест" }), JSON.stringify(blueprint), minutes, sha256(secret), seal(KEY, `${exam}|0`, secret).toString("hex"), account,
    );
    const blob = pool(bank.map((id) => [id, "single"]));
    for (const lang of ["kk", "ru"]) put("INSERT INTO exam_pool (exam, lang, version, blob) VALUES (?, ?, ?, ?)", exam, lang, sha256(blob), blob.toString("hex"));
    for (const session of sessions) {
      put("INSERT INTO exam_session (id, exam, organisation, place, starts_at, changed_by, changed_at) VALUES (?, ?, ?, '{}', '', ?, '')", session, exam, organisation, account);
      put("INSERT INTO exam_proctor (session, account, token) VALUES (?, ?, ?)", session, account, sha256(proctor));
    }
    for (const { id, candidate, token, session, n } of all) {
      put("INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'admitted')", id, exam, session, folk[n % folk.length].id, candidate, n % 2 === 0 ? "kk" : "ru", sha256(token));
    }
    db.exec("COMMIT");
  });
  return { exam, sessions, proctor, tasks, people: all };
}

/** Makes all attempts that run older, as if that much time had passed; no worker may run. */
export function age(state, milliseconds) {
  for (const { db, kept } of objects(state)) {
    const now = JSON.parse(kept.state);
    if (now.status !== "running") continue;
    for (const moment of ["started_at", "deadline", "seen_at"]) now[moment] -= milliseconds;
    db.prepare("UPDATE kept SET value = ? WHERE name = 'state'").run(JSON.stringify(now));
  }
  rows(state, (db) => db.prepare("UPDATE exam_attempt SET deadline = deadline - ? WHERE deadline IS NOT NULL").run(milliseconds));
}

// --------------------------------------------------------------------------------- the verdict

function chained(before, row) {
  const number = (value) => (value === null || value === undefined ? "-" : String(value));
  const head = [before, row.n, row.at, row.epoch, row.cseq, row.kind, number(row.slot), number(row.mono), row.fate];
  return sha256(`${head.join("\n")}\n${row.payload}`);
}

/** The objects of a folder of state, wherever in it they lie: their database and what they keep. */
function* objects(state) {
  for (const name of fs.readdirSync(state, { recursive: true })) {
    if (!name.split(path.sep).includes("do") || !name.endsWith(".sqlite") || name.endsWith("metadata.sqlite")) continue;
    const db = new DatabaseSync(path.join(state, name), { timeout: 10_000 });
    try {
      if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log'").get()) continue;
      const kept = Object.fromEntries(db.prepare("SELECT name, value FROM kept").all().map((row) => [row.name, row.value]));
      if (kept.meta) yield { db, kept };
    } finally {
      db.close();
    }
  }
}

/**
 * What is wrong, in words, where anything is: an answer that was confirmed and is not scored, an
 * attempt that was ended or counted twice or never, a log that does not hang together. No worker may
 * run. `counts` are the numbers behind it.
 */
export function verdict(state, candidates) {
  const wrong = [];
  const byId = new Map(candidates.map((one) => [one.who.id, one]));
  const counts = { attempts: 0, events: 0, answers: 0, confirmed: 0, after: 0, ended: {} };
  const newest = new Map();
  for (const { db, kept } of objects(state)) {
    const { attempt } = JSON.parse(kept.meta);
    const one = byId.get(attempt);
    if (!one) continue;
    const log = db.prepare("SELECT row FROM log ORDER BY n").all().map(({ row }) => JSON.parse(row));
    counts.attempts++;
    counts.events += log.length;
    const say = (what) => wrong.push(`${one.who.candidate}: ${what}`);
    let head = "0".repeat(64);
    for (const row of log) {
      if (row.hash !== chained(head, row)) say(`row ${row.n} is not chained`);
      head = row.hash;
    }
    const seen = log.filter(({ epoch }) => epoch === 1).map(({ cseq }) => cseq);
    if (new Set(seen).size !== seen.length) say("an event was taken twice");
    const came = new Set(seen);
    for (let n = 1; n <= one.upto; n++) if (!came.has(n)) say(`event ${n} was confirmed and is not there`);
    const ends = log.filter(({ kind }) => OVER.includes(kind));
    if (ends.length !== 1) say(`ended ${ends.length} times`);
    else counts.ended[ends[0].kind] = (counts.ended[ends[0].kind] ?? 0) + 1;
    const holds = new Array(one.tasks).fill(0);
    for (const { kind, fate, slot, cseq } of log) {
      if (kind !== "answer") continue;
      if (["counted", "late"].includes(fate)) holds[slot] = Math.max(holds[slot], cseq);
      else counts.after++;
    }
    newest.set(attempt, { holds, hashes: new Set(log.map(({ hash }) => hash)) });
  }
  rows(state, (db) => {
    const answers = db.prepare("SELECT n, answer, points FROM exam_response WHERE attempt = ? ORDER BY n");
    const attempts = db.prepare("SELECT id, state, scoring, points, head FROM exam_attempt WHERE id = ?");
    for (const one of candidates) {
      const say = (what) => wrong.push(`${one.who.candidate}: ${what}`);
      const known = newest.get(one.who.id);
      if (!known) {
        say("there is no object");
        continue;
      }
      const row = attempts.get(one.who.id);
      if (row.state !== "scored" || row.scoring !== 1) say(`${row.state}, scored ${row.scoring} times`);
      if (!known.hashes.has(row.head)) say("the head that was written is not of its log");
      const responses = answers.all(one.who.id);
      if (responses.length !== one.tasks) say(`${responses.length} of ${one.tasks} answers are written`);
      let right = 0;
      for (const { n, answer } of responses) {
        const letter = answer === null ? undefined : JSON.parse(answer).options?.[0];
        counts.answers += letter === undefined ? 0 : 1;
        counts.confirmed += one.sure[n] > 0 ? 1 : 0;
        if (known.holds[n] < one.sure[n]) say(`task ${n}: answer ${one.sure[n]} was confirmed, ${known.holds[n]} counts`);
        if (letter !== one.given[n].get(known.holds[n])) say(`task ${n}: scored ${letter}, given ${one.given[n].get(known.holds[n])}`);
        right += letter === RIGHT ? 1 : 0;
      }
      if (row.points !== right * 1_000_000) say(`${row.points} points for ${right} right answers`);
    }
    const { given } = db.prepare("SELECT sum(exposure) AS given FROM item WHERE code LIKE 'CROWD-%'").get();
    const all = candidates.reduce((sum, one) => sum + one.tasks, 0);
    if (given !== all) wrong.push(`items were counted ${given} times for ${all} tasks`);
  });
  return { wrong, counts };
}
