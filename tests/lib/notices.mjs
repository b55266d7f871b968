// Notices written straight into the local database, as many as a test or a measurement needs.
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The main database in a folder of local state; the server must not run. */
export function database(state) {
  const folder = path.join(state, "v3/d1/miniflare-D1DatabaseObject");
  for (const name of fs.readdirSync(folder).filter((one) => one.endsWith(".sqlite"))) {
    // A runtime that has just ended may hold it for a moment.
    const db = new DatabaseSync(path.join(folder, name), { timeout: 10_000 });
    if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'notice'").get()) return db;
    db.close();
  }
  throw new Error(`no main database in ${folder}`);
}

const id = (n) => `01k${String(n).padStart(23, "0")}`;

/** People with an e-mail and a phone each, and a notice to each; all of them wait in the outbox. */
export function addNotices(state, count) {
  const db = database(state);
  const now = new Date(Date.now() - 1000).toISOString();
  const args = (n) => JSON.stringify({
    number: { text: `A-${n}` }, vacancy: { text: "Математика мұғалімі" }, organisation: { text: "№ 1 мектеп" }, moment: { moment: now },
  });
  db.exec("BEGIN");
  const person = db.prepare("INSERT INTO person (id, surname, name, phone, email, lang, created_at) VALUES (?, 'Т', 'Т', ?, ?, ?, ?)");
  const account = db.prepare("INSERT INTO account (id, person, login, status, created_at, kind) VALUES (?, ?, ?, 'active', ?, 'applicant')");
  // No quiet hours: a test must not depend on the hour at which it runs.
  const preference = db.prepare("INSERT INTO preference (account, quiet, stop) VALUES (?, 0, ?)");
  const notice = db.prepare("INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at) VALUES (?, ?, ?, 'application.submitted', 'application', ?, ?, ?, ?)");
  const outbox = db.prepare("INSERT INTO outbox (at, topic, key, next_at) VALUES (?, 'notice.created', ?, ?)");
  for (let n = 0; n < count; n++) {
    const one = id(n);
    person.run(one, `+7701${String(n).padStart(7, "0")}`, `p${n}@example.kz`, ["kk", "ru", "en"][n % 3], now);
    account.run(one, one, `load${n}`, now);
    preference.run(one, `stop-${n}`);
    notice.run(one, one, one, one, one, args(n), now);
    outbox.run(now, one, now);
  }
  db.exec("COMMIT");
  db.close();
}
