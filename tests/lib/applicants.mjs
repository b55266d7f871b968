// People who apply, as many as a test or a measurement needs: accounts with a session, a phone, an
// e-mail and a file each, written straight into the local database before the server starts, and
// their way through the cabinet's API.
import crypto from "node:crypto";
import { database } from "./notices.mjs";

const id = (n, kind) => `01k${kind}${String(n).padStart(22, "0")}`;
const secret = (n) => crypto.createHash("sha256").update(`applicant ${n}`).digest("base64url");
const sha256 = (text) => crypto.createHash("sha256").update(text).digest("hex");

/** An IIN with its check digit: of somebody born on the first day of 1990 for which there is one. */
function iin(n) {
  for (let day = 1; ; day++) {
    const digits = [..."9001", ...String(day).padStart(2, "0"), "4", ...String(n).padStart(4, "0")].map(Number);
    const sum = (weights) => weights.reduce((all, weight, at) => all + weight * digits[at], 0) % 11;
    let check = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    if (check === 10) check = sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]);
    if (check < 10) return digits.join("") + check;
  }
}

/** Who the n-th is (n below 10,000: the serial number of an IIN has four digits). */
export const applicant = (n) => ({
  n, person: id(n, "p"), account: id(n, "a"), file: id(n, "f"),
  phone: `+7702${String(n).padStart(7, "0")}`, email: `a${n}@example.kz`, lang: ["kk", "ru"][n % 2],
  cookie: `__Host-session=${secret(n)}`,
});

/** Writes `count` people into the folder of a server that does not run. */
export function addApplicants(state, count) {
  const db = database(state);
  const now = new Date(Date.now() - 1000).toISOString();
  const until = new Date(Date.now() + 86_400_000).toISOString();
  db.exec("BEGIN");
  const person = db.prepare("INSERT INTO person (id, surname, name, phone, email, lang, created_at) VALUES (?, 'Сейітова', ?, ?, ?, ?, ?)");
  const account = db.prepare("INSERT INTO account (id, person, login, status, created_at, kind) VALUES (?, ?, ?, 'active', ?, 'applicant')");
  const contact = db.prepare("INSERT INTO contact (id, account, kind, value, verified_at) VALUES (?, ?, ?, ?, ?)");
  const session = db.prepare("INSERT INTO session (id, secret, account, created_at, seen_at, until, factor) VALUES (?, ?, ?, ?, ?, ?, 'code')");
  // No quiet hours: what is sent must not depend on the hour at which a test runs.
  const preference = db.prepare("INSERT INTO preference (account, quiet, stop) VALUES (?, 0, ?)");
  const file = db.prepare("INSERT INTO file (id, person, account, purpose, name, kind, size, sha256, state, object, created_at) VALUES (?, ?, ?, 'document', 'Құжат.pdf', 'pdf', 1000, ?, 'clean', ?, ?)");
  for (let n = 0; n < count; n++) {
    const who = applicant(n);
    person.run(who.person, `Мадина ${n}`, who.phone, who.email, who.lang, now);
    account.run(who.account, who.person, `applicant${n}`, now);
    contact.run(id(n, "c"), who.account, "phone", who.phone, now);
    contact.run(id(n, "e"), who.account, "email", who.email, now);
    session.run(id(n, "s"), sha256(secret(n)), who.account, now, now, until);
    preference.run(who.account, `stop-a${n}`);
    file.run(who.file, who.person, who.account, sha256(who.file), who.file, now);
  }
  db.exec("COMMIT");
  db.close();
}

/** Calls the cabinet's API as the n-th person: `{status, body}`. */
export function client(site, { cookie, lang }) {
  return async (method, where, body, headers = {}) => {
    const answer = await fetch(`${site.address}/api/v1/cabinet/${where}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      headers: {
        cookie, origin: site.address, "sec-fetch-site": "same-origin", "accept-language": lang,
        ...(method === "GET" ? {} : { "idempotency-key": crypto.randomUUID() }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
  };
}

/** What the n-th person writes: complete, with the one file as evidence of everything. */
export function filled(who) {
  const files = [who.file];
  return {
    person: { surname: "Сейітова", name: `Мадина ${who.n}`, iin: iin(who.n), citizenship: "KZ" },
    contacts: { phone: who.phone, email: who.email, kato: "331000000", address: "Қабанбай батыр, 5", lang: who.lang },
    records: [
      { id: "edu-1", kind: "education", title: "ҚазҰПУ, математика", files },
      { id: "exp-1", kind: "experience", title: "№ 5 мектеп, мұғалім", from: "2019-09-01", files },
    ],
    documents: [
      { code: "education", records: ["edu-1"] },
      ...["identity", "criminal_record", "health_075", "psychoneurological", "narcological"].map((code) => ({ code, files })),
    ],
    claims: [{ row: "category", choices: [{ option: "moderator", count: 1 }], files }],
    statement: { has_relatives: false, truthful: true, consent: true },
    seen: ["person", "contacts", "score_sheet"],
  };
}

/** A draft of the n-th person that can be sent: `{who, my, id, version}`. */
export async function draft(site, n, vacancy) {
  const who = applicant(n);
  const my = client(site, who);
  const begun = await my("POST", "my/applications", { vacancy });
  if (begun.status > 201) throw new Error(`draft of ${n}: ${begun.status} ${JSON.stringify(begun.body)}`);
  const { id, version } = begun.body;
  const saved = await my("PUT", `my/applications/${id}`, { content: filled(who) }, { "if-match": `"${version}"` });
  if (saved.status !== 200) throw new Error(`content of ${n}: ${saved.status} ${JSON.stringify(saved.body)}`);
  return { who, my, id, version: saved.body.version };
}

/** Sends a draft; the same `key` is the same attempt. */
export const submit = ({ my, id, version }, key = crypto.randomUUID(), more = "") =>
  my("POST", `my/applications/${id}/commands${more}`, { command: "submit" }, { "if-match": `"${version}"`, "idempotency-key": key });

/** Runs `work` for 0 … count - 1, at most `many` at a time. */
export async function each(count, many, work) {
  let next = 0;
  await Promise.all(Array.from({ length: many }, async () => {
    while (next < count) await work(next++);
  }));
}
