// The daily letters to officers. What is known here is a day and who is an officer on it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = process.env.MANSAP_ROOT;

/** The letter of a day to an officer: the same to all of them on every day, but for its key. */
export function letter({ day, officer, from, to }) {
  const { subject, text } = JSON.parse(fs.readFileSync(path.join(root, "schemas/trust/digest.json"), "utf8"));
  return {
    key: createHash("sha256").update(`digest|${day}|${officer.toLowerCase()}`).digest("hex"),
    body: JSON.stringify({ from, to: [to], subject, text, headers: { "Auto-Submitted": "auto-generated" } }),
  };
}

/** Officers of a day, by their signing keys. */
function officers(day, words) {
  const sql = `SELECT lower(hex(officer)) AS officer FROM digest WHERE day = '${day}' ORDER BY officer`;
  const said = execFileSync("wrangler", ["d1", "execute", "TRUST_DB", "--json", "--command", sql, "--config", "workers/trust/wrangler.toml", ...words], { cwd: root, encoding: "utf8", env: { ...process.env, CI: "1" } });
  return JSON.parse(said)[0].results.map((row) => row.officer);
}

/** Sends what is due on a day; returns how many letters left and who has no address. */
export async function send({ day, list, addresses, url, key, from }) {
  let sent = 0;
  const missing = [];
  for (const officer of list) {
    const to = addresses[officer];
    if (!to) {
      missing.push(officer);
      continue;
    }
    const made = letter({ day, officer, from, to });
    const answer = await fetch(`${url}/emails`, {
      method: "POST", body: made.body, signal: AbortSignal.timeout(30_000),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": made.key, "user-agent": "Mansap" },
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`the mail API answered ${answer.status}: ${said.slice(0, 200)}`);
    sent += 1;
  }
  return { sent, missing };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { day: { type: "string" }, env: { type: "string" }, remote: { type: "boolean" }, "persist-to": { type: "string" } } });
  const day = values.day ?? new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10);
  const need = (name) => process.env[name] || fail(`${name} is not set (see --help)`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) fail("--day YYYY-MM-DD");
  if (!positionals[0]) fail("the file of addresses is missing (see --help)");
  const addresses = Object.fromEntries(Object.entries(JSON.parse(fs.readFileSync(positionals[0], "utf8"))).map(([sign, to]) => [sign.toLowerCase(), to]));
  const where = values["persist-to"] ? ["--local", "--persist-to", path.resolve(values["persist-to"])] : [values.remote ? "--remote" : "--local", ...(values.env ? ["--env", values.env] : [])];
  const setting = { url: need("MAIL_URL"), key: need("MAIL_KEY"), from: need("MAIL_FROM") };
  const list = officers(day, where);
  if (list.length === 0) fail(`there is no digest of ${day}: the worker's clockwork has not run, or it is before its hour`);
  const { sent, missing } = await send({ day, list, addresses, ...setting });
  console.log(`${day}: ${sent} letters`);
  if (missing.length > 0) fail(`without an address: ${missing.join(", ")}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
