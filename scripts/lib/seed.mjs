// Reference data and the demo region as SQL. Rows travel as JSON, some dozens of KB a statement.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import * as demo from "./demo.mjs";
import { bank } from "./seed-bank.mjs";

/** D1 takes statements of 100 KB; quoting doubles some letters. */
const CHUNK = 60_000;
/** The first day of the shipped editions. */
const VALID_FROM = "2026-01-01";

const quote = (text) => `'${text.replaceAll("'", "''")}'`;

/** INSERT … SELECT from json_each, in chunks. `columns`: name -> expression over `value`. */
export function insert(table, columns, rows, conflict) {
  const names = Object.keys(columns).join(", ");
  const picks = Object.values(columns).join(", ");
  const statements = [];
  let chunk = [];
  let size = 0;
  const flush = () => {
    if (chunk.length === 0) return;
    statements.push(`INSERT INTO ${table} (${names}) SELECT ${picks} FROM json_each(${quote(`[${chunk.join(",")}]`)}) WHERE true ON CONFLICT ${conflict};`);
    [chunk, size] = [[], 0];
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    const bytes = Buffer.byteLength(text);
    if (size + bytes > CHUNK) flush();
    chunk.push(text);
    size += bytes;
  }
  flush();
  return statements;
}

const field = (name) => `value ->> '$.${name}'`;
const or = (name, otherwise) => `coalesce(value ->> '$.${name}', ${otherwise})`;
const fields = (...names) => Object.fromEntries(names.map((name) => [name, field(name)]));
const update = (key, names) => `(${key}) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(", ")}`;

export function reference(root) {
  const read = (name) => JSON.parse(fs.readFileSync(path.join(root, "schemas/data", name), "utf8"));
  const calendars = fs.readdirSync(path.join(root, "schemas/data")).filter((name) => /^calendar-\d{4}\.json$/.test(name));
  const days = calendars.flatMap(read);
  const years = [...new Set(days.map((day) => `${day.day.slice(0, 4)} ${day.week}`))]
    .map((text) => ({ year: Number(text.slice(0, 4)), week: Number(text.slice(5)) }));
  const items = Object.entries(read("directories.json")).flatMap(([directory, list]) =>
    list.map((item, place) => ({ ...item, directory, place })));
  const topics = read("topics.json").map(({ path, ...name }, position) => ({ path, name, position }));
  return [
    // Names may have been changed in the cabinet: what is there stays.
    ...insert("item_topic", { ...fields("path"), name: "value -> '$.name'", ...fields("position") }, topics, "(path) DO NOTHING"),
    ...insert("kato",
      { ...fields("code", "parent", "level", "kk", "ru"), en: or("en", "''"), ...fields("lat", "lon") },
      read("kato.json"), update("code", ["parent", "level", "kk", "ru", "en", "lat", "lon"])),
    ...insert("directory_item",
      {
        ...fields("directory", "code"), edition: "1", ...fields("kk", "ru"), en: or("en", "''"),
        attrs: "coalesce(value -> '$.attrs', '{}')", place: field("place"), valid_from: quote(VALID_FROM),
      },
      items, update("directory, code, edition", ["kk", "ru", "en", "attrs", "place"])),
    ...insert("calendar_day",
      { day: field("day"), week: `CAST(${field("week")} AS INTEGER)`, working: `${field("kind")} = 'working'`, ...fields("kk", "ru") },
      days, update("day, week", ["working", "kk", "ru"])),
    ...insert("calendar_year", { ...fields("year", "week"), revision: "1" }, years, "(year, week) DO NOTHING"),
  ];
}

export function demoRegion(root, key) {
  const { organisations, people, accounts } = demo.region(root);
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const paths = new Map();
  for (const one of organisations) {
    one.path = `${one.parent ? paths.get(one.parent) : ""}${one.id}/`;
    paths.set(one.id, one.path);
    one.languages = JSON.stringify(one.languages);
    one.rural = one.rural ? 1 : 0;
  }
  const keep = "(id) DO NOTHING";
  const staff = accounts.map((account) => ({
    ...account,
    password: demo.hashPassword(demo.PASSWORD),
    totp: demo.seal(key, account.id),
  }));
  const roles = accounts.flatMap((account) => account.roles.map((role) => ({ ...role, account: account.id })));
  const operator = accounts.find((account) => account.login === demo.API_KEY_LOGIN);
  return [
    ...insert("organisation",
      {
        ...fields("id", "slug", "bin", "level", "type", "parent", "path", "kato", "name_kk", "name_ru"),
        name_en: or("name_en", "''"),
        ...Object.fromEntries(["address_kk", "address_ru", "about_kk", "about_ru", "phone", "email", "site"].map((name) => [name, or(name, "''")])),
        ...fields("lat", "lon", "languages", "rural"), valid_from: quote(VALID_FROM), changed_at: quote(now),
      },
      organisations, keep),
    ...insert("person",
      {
        ...fields("id", "iin", "surname", "name"), patronymic: or("patronymic", "''"),
        phone: or("phone", "''"), email: or("email", "''"), lang: or("lang", "'kk'"), created_at: quote(now),
      },
      people, keep),
    ...insert("account",
      { ...fields("id", "person", "login", "password", "totp"), status: "'active'", created_at: quote(now) },
      staff, keep),
    ...insert("role_assignment",
      {
        ...fields("id", "account", "role", "organisation", "scope", "from_day", "to_day"),
        order_no: or("order_no", "''"), granted_by: "'demo'", granted_at: quote(now),
      },
      roles, keep),
    ...insert("api_key", { ...fields("id", "secret", "name", "account"), created_at: quote(now) },
      [{ id: "01kdvdna01demokey000000000", secret: demo.digest(demo.API_KEY), name: "scripts", account: operator.id }], keep),
  ];
}

/**
 * Periods run into the next year near the end of this one, and its calendar is approved late: a
 * demonstration has a made-up one, so that it works on every day of the year.
 */
export function demoCalendars(root, year = new Date().getFullYear()) {
  const missing = [year, year + 1].filter((one) => !fs.existsSync(path.join(root, `schemas/data/calendar-${one}.json`)));
  const years = missing.flatMap((one) => [5, 6].map((week) => ({ year: one, week, day: `${one}-01-01` })));
  return [
    ...insert("calendar_day",
      { ...fields("day", "week"), working: "0", kk: quote("Көрсетілім күнтізбесі"), ru: quote("Демонстрационный календарь") },
      years, "(day, week) DO NOTHING"),
    ...insert("calendar_year", { ...fields("year", "week"), revision: "1" }, years, "(year, week) DO NOTHING"),
  ];
}

/** Two people who apply, with filled profiles. */
export function demoApplicants(root) {
  const people = JSON.parse(fs.readFileSync(path.join(root, "schemas/demo/applicants.json"), "utf8"));
  const now = new Date().toISOString();
  const inThreeYears = `${new Date().getUTCFullYear() + 3}-01-01T00:00:00.000Z`;
  const keep = "(id) DO NOTHING";
  const each = (name, rows) => people.flatMap((person) => person[name].map((row, place) => rows(person, row, place)));
  const records = each("records", (person, { id, record, visibility }) => ({
    id, person: person.id, kind: record.kind, record: JSON.stringify(record), visibility, valid_to: record.valid_to ?? null,
  }));
  const consents = each("consents", (person, purpose, place) => ({
    // One letter of the person's number makes it the number of a consent.
    id: `${person.id.slice(0, 25)}${"xyz"[place]}`, person: person.id, purpose, lang: person.lang,
    version: fs.readdirSync(path.join(root, "schemas/consents", purpose)).sort().at(-1).replace(".json", ""),
  }));
  return [
    ...insert("person", { ...fields("id", "iin", "surname", "name", "patronymic", "lang"), created_at: quote(now) }, people, keep),
    ...insert("account",
      { id: field("account"), person: field("id"), login: field("account"), kind: "'applicant'", status: "'active'", created_at: quote(now) },
      people, keep),
    ...insert("contact",
      { ...fields("id", "account", "kind", "value"), verified_at: quote(now) },
      each("contacts", (person, contact) => ({ ...contact, account: person.account })), keep),
    ...insert("person_card", { person: field("id"), content: "value -> '$.card'", changed_at: quote(now) }, people, "(person) DO NOTHING"),
    ...insert("profile_item",
      {
        ...fields("id", "person", "kind", "record", "visibility", "valid_to"), state: "'draft'", source: "'owner'",
        created_at: quote(now), changed_at: quote(now),
      },
      records, keep),
    ...insert("consent",
      { ...fields("id", "person", "purpose", "version", "lang"), digest: "''", channel: "'sign_in'", given_at: quote(now), until: quote(inThreeYears) },
      consents, keep),
  ];
}

function main() {
  const root = process.env.MANSAP_ROOT;
  const local = process.env.MANSAP_LOCAL;
  const { values } = parseArgs({
    options: {
      demo: { type: "boolean" },
      remote: { type: "boolean" },
      env: { type: "string" },
      bank: { type: "string" },
      state: { type: "string", default: path.join(local, "state") },
    },
  });
  const items = Number(values.bank ?? 0);
  if (!Number.isInteger(items) || items < 0 || items > 1_000_000) {
    console.error("--bank needs a number of items, up to a million");
    process.exit(1);
  }
  if (values.remote && (values.demo || items || !values.env)) {
    console.error(values.demo || items ? "--demo and --bank are for local databases only" : "--remote needs --env staging or production");
    process.exit(1);
  }
  const statements = reference(root);
  if (values.demo) statements.push(...demoCalendars(root), ...demoRegion(root, demo.secrets(local).key), ...demoApplicants(root));
  if (items) {
    if (!values.demo) {
      console.error("--bank needs --demo: the items are written by a demo account");
      process.exit(1);
    }
    const author = demo.region(root).accounts.find((account) => account.login === "item.author1");
    statements.push(...bank(items, author.id, new Date().toISOString().replace(/\.\d+Z$/, "Z")));
  }
  const file = path.join(local, `seed-${process.pid}.sql`);
  fs.writeFileSync(file, statements.join("\n"));
  try {
    const where = values.remote ? ["--remote", "--env", values.env] : ["--local", "--persist-to", values.state];
    execFileSync("wrangler", ["d1", "execute", "DB", ...where, "--yes", "--file", file], {
      stdio: ["ignore", values.remote ? "inherit" : "ignore", "inherit"],
    });
  } finally {
    fs.rmSync(file, { force: true });
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) main();
