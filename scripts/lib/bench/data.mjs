// Databases with a made-up country: the shipped directories and places, and as many vacancies as
// asked for, always the same ones. Rows are written straight into the local database files; the
// index is built by the portal itself, by its own sweeps.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { insert } from "../seed.mjs";
import { start } from "../server.mjs";

const root = process.env.MANSAP_ROOT;
export const home = path.join(process.env.MANSAP_LOCAL, "bench");

/** Days after which the dates of the data are too near to today. */
const KEEPS_DAYS = 2;
const DAY = 86_400_000;
/** Sweeps of a rebuild at most: each takes two thousand vacancies. */
const SWEEPS = 120;

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, "schemas/data", name), "utf8"));
const field = (name) => `value ->> '$.${name}'`;
const iso = (ms) => new Date(ms).toISOString();

/** A number that looks random and is not: the same for the same place. */
export function mix(n, salt = 0) {
  let x = Math.imul(n + 1, 2654435761) ^ Math.imul(salt + 7, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
const pick = (list, n, salt) => list[mix(n, salt) % list.length];

const thousandths = (degrees) => Math.round(degrees * 1000) / 1000;

function organisations(many) {
  const districts = read("kato.json").filter((unit) => unit.level === 2 && unit.lat !== null);
  return Array.from({ length: many }, (_, n) => {
    const district = districts[n % districts.length];
    const rural = !district.code.endsWith("100000") && mix(n, 1) % 3 > 0;
    return {
      id: `01bench0org${String(n).padStart(15, "0")}`, slug: `mektep-${n}`, bin: String(100000000000 + n),
      type: ["school", "school", "gymnasium", "preschool", "tvet"][mix(n, 2) % 5], kato: district.code,
      kk: `№ ${n} жалпы білім беретін мектеп`, ru: `Общеобразовательная школа № ${n}`, en: `Secondary school No. ${n}`,
      address_kk: `Абай көшесі, ${1 + (mix(n, 3) % 99)}`, address_ru: `улица Абая, ${1 + (mix(n, 3) % 99)}`,
      about_kk: "Мектепте үш жүзден астам оқушы білім алады.", about_ru: "В школе учатся более трёхсот детей.",
      lat: thousandths(district.lat + (mix(n, 4) % 100) / 500), lon: thousandths(district.lon - (mix(n, 5) % 100) / 500),
      rural: rural ? 1 : 0, phone: `+7701${String(1000000 + (mix(n, 6) % 8999999)).slice(0, 7)}`,
    };
  });
}

function* vacancies(many, schools, now) {
  const directories = read("directories.json");
  const positions = directories.position;
  const subjects = directories.subject.map((item) => item.code);
  const extras = directories.extra.map((item) => item.code);
  const documents = directories.document_type.map((item) => item.code);
  const teacher = positions.find((item) => item.code === "subject_teacher");
  const today = Math.floor(now / DAY) * DAY;
  for (let n = 0; n < many; n++) {
    const teaches = mix(n, 10) % 3 > 0;
    const position = teaches ? teacher : pick(positions, n, 11);
    // The end of a working day in Astana.
    const closes = today + (5 + (mix(n, 12) % 30)) * DAY + 13 * 3_600_000;
    const published = today - (mix(n, 13) % 20_000) * 60_000 - DAY;
    const pay = mix(n, 14) % 7 === 0 ? null : 120_000 + (mix(n, 15) % 40) * 10_000;
    const content = {
      position: position.code, subject: teaches || position.attrs?.needs_subject ? pick(subjects, n, 16) : null,
      title: { kk: "", ru: "" }, term: mix(n, 17) % 6 === 0 ? "temporary" : "permanent", openings: 1,
      rate: [50, 100, 100, 100, 150][mix(n, 18) % 5], hours: 18,
      salary_from: pay, salary_to: pay === null ? null : pay + 40_000,
      schedule: "full", language: ["kk", "kk", "ru", "mixed"][mix(n, 19) % 4],
      duties: position.attrs?.duties ?? {}, requirements: position.attrs?.requirements ?? {},
      conditions: { kk: "Кабинет жабдықталған, ұжым тұрақты.", ru: "Кабинет оборудован, коллектив постоянный." },
      bonuses: { kk: "", ru: "" }, experience: mix(n, 20) % 4, documents: documents.slice(0, 6),
      extras: mix(n, 21) % 4 === 0 ? [pick(extras, n, 22)] : [],
      address: { kk: "", ru: "" }, contact_name: "Кадр бөлімі", contact_phone: "+77010000000", contact_email: "kadr@example.kz",
    };
    yield {
      id: `01bench0vac${String(n).padStart(15, "0")}`, number: 2000 + n, slug: `bos-oryn-${2000 + n}`,
      organisation: schools[mix(n, 23) % schools.length].id, content: JSON.stringify(content),
      position: content.position, subject: content.subject, published: iso(published),
      from: iso(published).slice(0, 10), to: iso(closes).slice(0, 10), closes: iso(closes),
    };
  }
}

const fields = (...names) => Object.fromEntries(names.map((name) => [name, field(name)]));
const quote = (text) => `'${text}'`;

/** The database files of a folder by binding: the main one has organisations, the other cards. */
export function files(state) {
  const folder = path.join(state, "v3/d1/miniflare-D1DatabaseObject");
  const found = {};
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")) {
    const file = path.join(folder, name);
    const db = new DatabaseSync(file, { readOnly: true });
    const has = (table) => db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table) !== undefined;
    if (has("organisation")) found.DB = file;
    if (has("by_ending")) found.SEARCH = file;
    db.close();
  }
  return found;
}

function fill(state, many, now) {
  const schools = organisations(Math.max(60, Math.ceil(many / 25)));
  const db = new DatabaseSync(files(state).DB);
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  for (const statement of insert("organisation", {
    ...fields("id", "slug", "bin", "type", "kato", "address_kk", "address_ru", "about_kk", "about_ru", "lat", "lon", "rural", "phone"),
    level: quote("organisation"), path: "'/' || (value ->> '$.id') || '/'", name_kk: field("kk"), name_ru: field("ru"), name_en: field("en"),
    languages: quote('["kk","ru"]'), valid_from: quote("2026-01-01"), changed_at: quote(iso(now)),
  }, schools, "DO NOTHING")) db.exec(statement);
  for (const statement of insert("vacancy", {
    ...fields("id", "number", "slug", "organisation", "content", "position", "subject"),
    state: quote("published"), procedure: quote("teachers-competition"), edition: quote("2023-08-15"),
    published_at: field("published"), accept_from: field("from"), accept_to: field("to"), closes_at: field("closes"),
    created_by: quote("bench"), created_at: field("published"), changed_by: quote("bench"), changed_at: field("published"),
  }, vacancies(many, schools, now), "DO NOTHING")) db.exec(statement);
  db.exec("INSERT OR IGNORE INTO vacancy_slug (slug, vacancy) SELECT slug, id FROM vacancy");
  db.exec(`INSERT INTO journal (at, action, object_type, object_id, after)
    SELECT published_at, 'vacancy.publish', 'vacancy', id, '{}' FROM vacancy ORDER BY id LIMIT 100`);
  db.exec("COMMIT");
  db.close();
}

/** Sweeps until the index is whole; the sweep is the office's, so all workers run. */
async function build(state, many) {
  const server = await start({ state });
  const search = new DatabaseSync(files(state).SEARCH, { readOnly: true });
  try {
    const rebuilt = search.prepare("SELECT value FROM meta WHERE name = 'rebuild'");
    for (let sweep = 0; sweep < SWEEPS && !rebuilt.get()?.value?.startsWith("done"); sweep++) {
      await (await fetch(`${server.address}/cdn-cgi/local/scheduled`)).body?.cancel();
    }
    const { n } = search.prepare("SELECT count(*) AS n FROM fact").get();
    if (n < many) throw new Error(`the index has ${n} of ${many} vacancies`);
  } finally {
    search.close();
    await server.stop();
  }
}

/** A folder of databases with `many` vacancies, made once and kept; nobody writes to it. */
export async function country(many) {
  const state = path.join(home, `country-${many}`);
  const note = path.join(state, "made.json");
  const schema = execFileSync("sh", ["-c", "cat schemas/migrations/*/*.sql schemas/data/*.json scripts/lib/bench/data.mjs workers/domain/src/search/index.rs | cksum"], { cwd: root, encoding: "utf8" });
  const made = fs.existsSync(note) ? JSON.parse(fs.readFileSync(note, "utf8")) : undefined;
  if (made?.schema === schema && Date.now() - made.now < KEEPS_DAYS * DAY) return state;
  console.error(`making a country of ${many} vacancies`);
  const template = path.join(home, "template");
  execFileSync("scripts/lib/state", [template], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  fs.rmSync(state, { recursive: true, force: true });
  fs.cpSync(template, state, { recursive: true });
  const now = Date.now();
  fill(state, many, now);
  await build(state, many);
  fs.writeFileSync(note, JSON.stringify({ schema, now }));
  return state;
}

/**
 * Where the copies of a run lie: in memory where there is room, because a page of a vacancy counts
 * its view, and otherwise the disk of the machine would be measured.
 */
const MEMORY = "/dev/shm";
export const copies = fs.existsSync(MEMORY) ? path.join(MEMORY, `mansap-bench-${process.pid}`) : path.join(home, "run");
process.on("exit", () => fs.rmSync(copies, { recursive: true, force: true }));

/** A copy of `country` for a server of its own. */
export async function copy(many, name) {
  const from = await country(many);
  const to = path.join(copies, name);
  fs.rmSync(to, { recursive: true, force: true });
  fs.cpSync(from, to, { recursive: true });
  return to;
}
