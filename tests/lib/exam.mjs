// Rows of an exam as the office writes them, for tests that run the worker of tests alone.
import { execFileSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

export const KEY = Buffer.from("6465766465766465766465766465766465766465766465766465766465766465", "hex");
const KINDS = ["single", "multiple", "matching", "ordering", "number", "hotspot", "text"];
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
export const ulid = (n) => `01jd${String(n).padStart(22, "0")}`;

/** ChaCha20-Poly1305 with a zero nonce, as the exam's secret is sealed. */
export function seal(key, label, bytes) {
  const cipher = createCipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(label), { plaintextLength: bytes.length });
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** A pool about one topic (the layout of domain::exam::pool): [[ulid, kind], …] in order. */
export function pool(items) {
  const head = Buffer.alloc(16);
  head.write("MPL1", "latin1");
  head.writeUInt16LE(1, 4);
  head.writeUInt32LE(items.length, 8);
  const topic = Buffer.from("\x08pedagogy", "latin1");
  const records = items.map(([id, kind]) => {
    const bits = [...id].reduce((all, letter) => (all << 5n) | BigInt("0123456789abcdefghjkmnpqrstvwxyz".indexOf(letter)), 0n);
    const record = Buffer.alloc(26);
    Buffer.from(bits.toString(16).padStart(32, "0"), "hex").copy(record);
    record[18] = 2;
    record[19] = KINDS.indexOf(kind);
    record.writeUInt16LE(0xffff, 20);
    record.writeUInt16LE(1, 24);
    return record;
  });
  return Buffer.concat([head, topic, ...records]);
}

/** Files of databases that have a table: of the service ("d1") or of objects ("do"). */
export function files(state, kind, table) {
  const folder = path.join(state, "v3", kind);
  return fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".sqlite")).map((name) => path.join(folder, name)).filter((whole) => {
    const db = new DatabaseSync(whole);
    const found = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table);
    db.close();
    return found;
  });
}

/** Does something with the rows of the service; no worker may run. */
export function rows(state, work) {
  const db = new DatabaseSync(files(state, "d1", "exam_attempt")[0]);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const text = (words) => [{ p: [{ t: words }] }];
const list = (words) => words.map((one, n) => ({ id: "abcdef"[n], text: text(one) }));
const LANGS = {
  kk: {
    single: ["Қайсысы жұп сан?", ["жеті", "сегіз", "тоғыз", "он бір"]],
    multiple: ["Қайсылары жай сан?", ["төрт", "бес", "жеті", "тоғыз"]],
    matching: ["Амалды нәтижесімен сәйкестендіріңіз.", ["2 + 2", "3 × 3"], ["тоғыз", "төрт"]],
    ordering: ["Өсу ретімен орналастырыңыз.", ["үш", "бір", "екі"]],
    number: "Жартысы нешеге тең?", text: "Қазақстанның елордасы қай қала?",
  },
  ru: {
    single: ["Какое число чётное?", ["семь", "восемь", "девять", "одиннадцать"]],
    multiple: ["Какие числа простые?", ["четыре", "пять", "семь", "девять"]],
    matching: ["Соотнесите действие и результат.", ["2 + 2", "3 × 3"], ["девять", "четыре"]],
    ordering: ["Расставьте по возрастанию.", ["три", "один", "два"]],
    number: "Чему равна половина?", text: "Какой город — столица Казахстана?",
  },
};

function bodies(lang) {
  const of = LANGS[lang];
  const half = { e: "math", c: [{ e: "mfrac", c: [{ e: "mn", t: "1" }, { e: "mn", t: "2" }] }] };
  return {
    single: { stem: text(of.single[0]), task: { kind: "single", shuffle: true, options: list(of.single[1]) } },
    multiple: { stem: text(of.multiple[0]), task: { kind: "multiple", shuffle: true, most: 2, options: list(of.multiple[1]) } },
    matching: { stem: text(of.matching[0]), task: { kind: "matching", left: list(of.matching[1]), right: list(of.matching[2]).map((one) => ({ ...one, id: one.id + one.id })), shuffle: true } },
    ordering: { stem: text(of.ordering[0]), task: { kind: "ordering", options: list(of.ordering[1]) } },
    number: { stem: [{ p: [{ t: `${of.number} ` }, { math: half }] }], task: { kind: "number", unit: "" } },
    text: { stem: text(of.text), task: { kind: "text", gaps: [{ id: "1", width: 12 }] } },
  };
}

const RIGHT = {
  single: { of: "options", right: ["b"] },
  multiple: { of: "options", right: ["b", "c"] },
  matching: { of: "pairs", right: [["a", "bb"], ["b", "aa"]] },
  ordering: { of: "order", right: ["b", "c", "a"] },
  number: { of: "number", right: [{ from: 0.5, to: 0.5 }] },
  text: { of: "gaps", right: [{ gap: "1", accept: [{ text: "Астана" }] }] },
};
export const ORDER = ["single", "multiple", "matching", "ordering", "number", "text"];

const usual = () => {
  const [kk, ru] = [bodies("kk"), bodies("ru")];
  return ORDER.map((kind) => ({ kind, kk: kk[kind], ru: ru[kind], key: RIGHT[kind] }));
};

/**
 * An exam of six tasks, one of each kind, in that order, or of `tasks` ({kind, kk, ru, key}, each of a
 * kind of its own); `people` are {id, candidate, token, lang, state, sign}. `forward`: two sections, the
 * second opens when the first is left; `calculator`: the test allows one.
 */
export function stage(state, people, { n = 1, forward = false, calculator = false, tasks = usual() } = {}) {
  const [exam, session] = [ulid(n * 1000), ulid(n * 1000 + 1)];
  const secret = Buffer.alloc(32, 7);
  rows(state, (db) => {
    const { account } = db.prepare("SELECT id AS account FROM account LIMIT 1").get();
    const folk = db.prepare("SELECT id FROM person ORDER BY id LIMIT 50").all();
    const { id: organisation } = db.prepare("SELECT id FROM organisation LIMIT 1").get();
    const put = (sql, ...values) => db.prepare(sql).run(...values);
    const items = tasks.map(({ kind }, at) => [ulid(n * 1000 + 500 + at), kind]);
    items.forEach(([id, kind], at) => {
      put("INSERT INTO item (id, number, code, kind, level, topic, head, state, live, created_by, created_at, changed_at) VALUES (?, ?, ?, ?, 'apply', 'pedagogy', 1, 'active', 1, ?, '', '')", id, 90_000 + n * 100 + at, `T-${n}-${at}`, kind, account);
      put("INSERT INTO item_version (item, version, state, kk, ru, author, at) VALUES (?, 1, 'active', ?, ?, ?, '')", id, JSON.stringify(tasks[at].kk), JSON.stringify(tasks[at].ru), account);
      put("INSERT INTO item_key (item, version, answers) VALUES (?, 1, ?)", id, JSON.stringify({ key: tasks[at].key, scoring: { points: 1, rule: "all" } }));
    });
    const cells = tasks.map(({ kind }) => ({ topic: "pedagogy", kind, count: 1 }));
    const titles = [{ kk: "Пәндік білім", ru: "Предметные знания" }, { kk: "Оқыту әдістемесі", ru: "Методика преподавания" }];
    const sections = [cells.slice(0, 3), cells.slice(3)].filter((some) => some.length > 0).map((some, at) => ({ code: `part${at}`, title: titles[at], cells: some }));
    put(
      "INSERT INTO exam (id, title, purpose, edition, group_code, blueprint, minutes, navigation, calculator, state, commitment, sealed, created_at, changed_by, changed_at) VALUES (?, ?, 'attestation', '2025-02-25', 'secondary', ?, 80, ?, ?, 'published', ?, ?, '', ?, '')",
      exam, JSON.stringify({ kk: "Педагогтің білімін бағалау", ru: "Оценка знаний педагога" }), JSON.stringify({ sections }), forward ? "forward" : "free", Number(calculator), sha256(secret), seal(KEY, `${exam}|0`, secret).toString("hex"), account,
    );
    const blob = pool(items);
    for (const lang of ["kk", "ru"]) put("INSERT INTO exam_pool (exam, lang, version, blob) VALUES (?, ?, ?, ?)", exam, lang, sha256(blob), blob.toString("hex"));
    put("INSERT INTO exam_session (id, exam, organisation, place, starts_at, changed_by, changed_at) VALUES (?, ?, ?, '{}', '', ?, '')", session, exam, organisation, account);
    people.forEach(({ id, candidate, token, lang = "kk", state: stands = "admitted", sign = 0 }, at) => {
      put("INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state, sign) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", id, exam, session, folk[at].id, candidate, lang, sha256(token), stands, sign);
    });
  });
}

/** Puts a file of the bank into the store and among its media; no worker may run. Returns its hash. */
export function media(state, bytes, type) {
  const hash = sha256(bytes);
  const file = path.join(state, `${hash}.bin`);
  fs.writeFileSync(file, bytes);
  const wrangler = path.join(process.env.MANSAP_ROOT, "node_modules/.bin/wrangler");
  execFileSync(wrangler, ["r2", "object", "put", `mansap-files/bank/${hash}`, "--file", file, "--local", "--persist-to", state], { cwd: state, stdio: ["ignore", "ignore", "inherit"] });
  rows(state, (db) => {
    const { account } = db.prepare("SELECT id AS account FROM account LIMIT 1").get();
    db.prepare("INSERT INTO item_media (hash, type, size, account, at) VALUES (?, ?, ?, ?, '')").run(hash, type, bytes.length, account);
  });
  return hash;
}

/** Lets somebody in while no worker runs. */
export function admit(state, id) {
  rows(state, (db) => db.prepare("UPDATE exam_attempt SET state = 'admitted' WHERE id = ?").run(id));
}

/** Makes an attempt older, as if that much time had passed; no worker may run. */
export function older(state, id, milliseconds) {
  for (const file of files(state, "do", "kept")) {
    const db = new DatabaseSync(file);
    const read = (name) => JSON.parse(db.prepare("SELECT value FROM kept WHERE name = ?").get(name)?.value ?? "null");
    if (read("meta")?.attempt === id) {
      const kept = read("state");
      for (const moment of ["started_at", "deadline", "seen_at"]) kept[moment] -= milliseconds;
      db.prepare("UPDATE kept SET value = ? WHERE name = 'state'").run(JSON.stringify(kept));
    }
    db.close();
  }
}
