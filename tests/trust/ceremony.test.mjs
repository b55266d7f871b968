// The ceremony: keys, rotation, withdrawal, and what it refuses to sign.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { publish } from "../../scripts/lib/trust-publish.mjs";
import { startTrust } from "../../scripts/lib/server.mjs";
import { freshState, local, root } from "./lib/trust.mjs";

const folder = path.join(local, "test", `ceremony-keys-${process.pid}`);
fs.mkdirSync(folder, { recursive: true });
after(() => fs.rmSync(folder, { recursive: true, force: true }));
fs.writeFileSync(path.join(folder, "words"), "ұзын құпия сөйлем\n");

function run(...words) {
  const done = spawnSync(path.join(root, "scripts/trust-ceremony"), words, { cwd: folder, encoding: "utf8", env: { ...process.env, CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR ?? path.join(root, "target") } });
  return { ok: done.status === 0, said: done.stdout + done.stderr };
}
function good(...words) {
  const { ok, said } = run(...words);
  assert.ok(ok, `${words.join(" ")}: ${said}`);
  return said;
}
function refused(pattern, ...words) {
  const { ok, said } = run(...words);
  assert.ok(!ok, words.join(" "));
  assert.match(said, pattern);
}
const secret = ["--passphrase-file", "words"];
const day = (text) => ["--today", text, ...secret];
const plan = (name, what) => fs.writeFileSync(path.join(folder, name), JSON.stringify(what));
const sign = (name, today, out, ...more) => ["sign", name, "--root-key", "root.vault", "--out", out, ...day(today), ...more];

test("a ceremony, a rotation and a withdrawal", { timeout: 900_000 }, () => {
  const key = good("root", "root.vault", ...day("2026-11-01")).match(/ROOT = "([0-9a-f]{64})"/)[1];
  for (const [id, role] of [[1, "officer"], [2, "officer"], [3, "officer"], [7, "custodian"]]) {
    good("person", `${id}.vault`, "--role", role, "--id", String(id), "--name", `Адам ${id}`, ...day("2026-11-01"));
  }
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".vault"))) {
    assert.equal(fs.statSync(path.join(folder, name)).mode & 0o077, 0, "for its owner alone");
    assert.doesNotMatch(fs.readFileSync(path.join(folder, name), "latin1"), /sign|seed/, "encrypted");
  }
  refused(/exists/i, "root", "root.vault", ...day("2026-11-01"));

  const people = ["1", "2", "3", "7"].map((id) => `${id}.public.json`);
  const channels = [{ name: "main", officers: [1, 2, 3], custodians: [7] }];
  fs.copyFileSync(path.join(root, "schemas/trust/questionnaire.json"), path.join(folder, "questionnaire.json"));
  plan("1.json", { version: 1, people, channels, questions: ["questionnaire.json"] });
  const said = good(...sign("1.json", "2026-11-01", "1.cbor"));
  assert.match(said, /questionnaire [0-9a-f]{64}/, "what may be asked is signed too");
  assert.match(said, /2026-11-01 to 2026-12-11/);
  assert.doesNotMatch(said, /DEMO/);
  assert.equal(good("show", "1.cbor", "--root", key), said);
  refused(/signature/, "show", "1.cbor", "--root", "0".repeat(64));
  refused(/40 days/, ...sign("1.json", "2026-11-01", "x.cbor", "--days", "41"));

  // Keys end: without rotation the next directory would leave the channel without readers.
  refused(/too_few_officers/, ...sign("1.json", "2027-01-20", "x.cbor"));
  for (const id of ["1", "2", "3", "7"]) good("month", `${id}.vault`, ...day("2027-01-20"));
  plan("2.json", { version: 2, people, revoked: [3], channels });
  assert.match(good(...sign("2.json", "2027-01-20", "2.cbor", "--previous", "1.cbor")), /3 officer Адам 3: keys withdrawn/);
  refused(/version must be more/, ...sign("1.json", "2027-01-20", "x.cbor", "--previous", "2.cbor"));

  plan("few.json", { version: 3, people, revoked: [2, 3], channels });
  refused(/too_few_officers.*at least 2/, ...sign("few.json", "2027-01-20", "x.cbor"));
  plan("gone.json", { version: 3, people: people.slice(1), channels: [{ name: "main", officers: [2, 3] }] });
  refused(/1 \(Адам 1\) is gone/, ...sign("gone.json", "2027-01-20", "x.cbor", "--previous", "2.cbor"));
  assert.ok(!fs.existsSync(path.join(folder, "x.cbor")), "what was refused was not written");

  const boxes = () => JSON.parse(fs.readFileSync(path.join(folder, "1.public.json"))).epochs.length;
  const before = boxes();
  refused(/over/, "forget", "1.vault", "--until", "2027-02-01", ...day("2027-01-20"));
  good("forget", "1.vault", "--until", "2026-12-10", ...day("2027-01-20"));
  assert.equal(boxes(), before, "keys that are good stay");
});

test("a wrong or short passphrase opens and makes nothing", () => {
  fs.writeFileSync(path.join(folder, "other"), "another long sentence\n");
  fs.writeFileSync(path.join(folder, "short"), "short\n");
  good("person", "9.vault", "--role", "officer", "--id", "9", "--name", "A", ...day("2026-11-01"));
  refused(/wrong passphrase/, "month", "9.vault", "--today", "2026-11-01", "--passphrase-file", "other");
  refused(/at least 12/, "person", "10.vault", "--role", "officer", "--id", "10", "--name", "A", "--today", "2026-11-01", "--passphrase-file", "short");
  assert.ok(!fs.existsSync(path.join(folder, "10.vault")));
});

test("the demonstration says what it is, renews itself and is taken by the worker", { timeout: 300_000 }, async () => {
  const today = "2026-11-22";
  const first = good("demo", "demo", "--today", today);
  assert.match(first, /version 1, .*DEMONSTRATION/);
  assert.equal(good("demo", "demo", "--today", "2026-12-01"), first, "good for now");
  assert.match(good("demo", "demo", "--today", "2026-12-25"), /version 2, 2026-12-25/);
  const state = freshState("ceremony");
  const key = fs.readFileSync(path.join(folder, "demo/root.txt"), "utf8");
  const server = await startTrust({ state, vars: { ROOT: key, WORK: "3 2" } });
  try {
    const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
    const program = path.join(target, "debug/trust-ceremony");
    await publish(server.address, path.join(folder, "demo/keys.cbor"), program);
    await publish(server.address, path.join(folder, "demo/keys.cbor"), program);
    await assert.rejects(publish(server.address, path.join(folder, "1.cbor"), program), /Refused/, "another root");
  } finally {
    await server.stop();
    fs.rmSync(state, { recursive: true, force: true });
  }
});
