// The trust worker on real workerd for a test file, and people who use it: the scribe
// (workers/trust-core/examples/scribe.rs) seals, signs and opens for them with the crate itself.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { after, before } from "node:test";
import { startTrust } from "../../../scripts/lib/server.mjs";
import { publish } from "../../../scripts/lib/trust-publish.mjs";

export const root = path.resolve(import.meta.dirname, "../../..");
export const local = process.env.MANSAP_LOCAL;
if (!local) throw new Error("run the tests with scripts/check --only trust or scripts/test FILE");

export const KIND = { challenge: 0x10, poll: 0x11, submit: 0x12, chunk: 0x13, directory: 0x14, publish: 0x15, list: 0x16, fetch: 0x17, fetch_chunk: 0x18, letter: 0x19, step: 0x1a, keep: 0x1b };
export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const unhex = (text) => Buffer.from(text, "hex");

const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const program = () => path.join(target, "debug/trust-ceremony");

/** A command of the ceremony. */
export function ceremony(...words) {
  execFileSync("cargo", ["build", "--locked", "--quiet", "-p", "trust-ceremony"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return execFileSync(program(), words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Answers JSON with JSON, in order. */
function scribe() {
  execFileSync("cargo", ["build", "--locked", "--quiet", "-p", "trust-core", "--example", "scribe"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const child = spawn(path.join(target, "debug/examples/scribe"), { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  readline.createInterface({ input: child.stdout }).on("line", (line) => waiting.shift().resolve(JSON.parse(line)));
  child.once("exit", (code) => waiting.splice(0).forEach(({ reject }) => reject(new Error(`the scribe ended with ${code}`))));
  const ask = (op, words = {}) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify({ op, ...words })}\n`);
    });
  return { ask, end: () => child.stdin.end() };
}

/** An empty, migrated database of the trust worker. Files of tests that begin at once make it at most twice. */
export function freshState(name) {
  const migrations = path.join(root, "schemas/migrations/trust");
  const now = fs.readdirSync(migrations).sort().map((file) => fs.readFileSync(path.join(migrations, file), "utf8")).join("");
  const template = path.join(local, "test", `trust-template-${createHash("sha256").update(now).digest("hex").slice(0, 16)}`);
  if (!fs.existsSync(template)) {
    const made = `${template}-${process.pid}`;
    fs.rmSync(made, { recursive: true, force: true });
    execFileSync("wrangler", ["d1", "migrations", "apply", "TRUST_DB", "--local", "--persist-to", path.join(made, "trust"), "--config", "workers/trust/wrangler.toml"], { cwd: root, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, CI: "1" } });
    try {
      // Whole or not at all; whoever comes second finds it there.
      fs.renameSync(made, template);
    } catch (error) {
      if (!fs.existsSync(template)) throw error;
      fs.rmSync(made, { recursive: true, force: true });
    }
  }
  const state = path.join(local, "test", `${name}-${process.pid}`);
  fs.rmSync(state, { recursive: true, force: true });
  fs.cpSync(template, state, { recursive: true });
  return state;
}

/**
 * Starts the worker before the tests of a file and ends it after them, with the directory of the
 * scribe's people published. `work` is the bits of work, "handing-in asking" (workers/trust/wrangler.toml);
 * `prepare` runs once the worker does. With `demo` the directory is that of a demonstration of today, with
 * its people's keys in `keys`, for pages that go by the real clock. `config` is the configuration of a copy
 * of the worker that a test has changed.
 */
export function trust(name, { work = "3 2", prepare, demo = false, config } = {}) {
  const self = { lines: [] };
  const run = async () => {
    const key = demo ? fs.readFileSync(path.join(self.keys, "root.txt"), "utf8") : (await self.scribe("root")).public;
    self.server = await startTrust({ state: self.state, config, vars: { ROOT: key, WORK: work }, onLine: (line) => self.lines.push(line) });
    self.address = self.server.address;
  };
  self.restart = run;
  self.kill = () => self.server.kill();

  /** Posts bytes; returns status, headers, bytes. */
  self.post = async (bytes, init = {}) => {
    const answer = await fetch(`${self.address}/t`, { method: "POST", body: bytes, signal: AbortSignal.timeout(60_000), ...init });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  /** A fresh challenge. */
  self.challenge = async () => {
    const made = await self.scribe("challenge");
    const { bytes } = await self.post(unhex(made.frame));
    const { status, payload } = await self.scribe("read_answer", { kind: made.kind, reply: made.reply, bytes: hex(bytes) });
    assert.equal(status, "Done");
    return payload;
  };
  /** Makes a request, without sending it. */
  self.frame = async (op, words = {}) => self.scribe(op, { challenge: words.challenge ?? (await self.challenge()), ...words });
  /** Sends a request that was made and reads its answer. */
  self.send = async (made, words = {}) => {
    const answer = await self.post(unhex(made.frame), words.init);
    const read = await self.scribe("read_answer", { ...words, kind: made.kind, reply: made.reply, bytes: hex(answer.bytes) });
    return { ...read, answer };
  };
  /** Asks the worker for something. */
  self.ask = async (op, words = {}) => self.send(await self.frame(op, words), { person: words.person, channel: words.channel });
  /** Seals a report and hands it in with its attachments. */
  self.report = async (who, text, more = {}) => {
    const sealed = await self.scribe("report", { who, text, ...more });
    for (const chunk of sealed.chunks) assert.equal((await self.ask("chunk", chunk)).status, "Done");
    const { status } = await self.ask("submit", { who, envelope: sealed.envelope });
    assert.equal(status, "Done");
    return sealed;
  };
  /** Winds the clockwork as if it were that moment. */
  self.tick = async (moment) => {
    const answer = await fetch(`${self.address}/cdn-cgi/local/scheduled?time=${+moment}&cron=0+*+*+*+*`);
    assert.equal(answer.status, 200, await answer.text());
  };
  /** The database's own files, to be read while the worker does not write. */
  self.files = () => walk(path.join(self.state, "trust"));
  self.databases = () => self.files().filter((file) => file.endsWith(".sqlite"));

  before(async () => {
    const started = scribe();
    self.scribe = started.ask;
    self.endScribe = started.end;
    self.state = freshState(name);
    if (demo) self.keys = path.join(self.state, "keys");
    if (demo) ceremony("demo", self.keys, "--today", today());
    await run();
    if (demo) await publish(self.address, path.join(self.keys, "keys.cbor"), program());
    else assert.equal((await self.ask("publish")).status, "Done");
    await prepare?.();
  }, { timeout: 600_000 });
  after(async () => {
    self.endScribe?.();
    await self.server?.stop();
    if (self.state) fs.rmSync(self.state, { recursive: true, force: true });
  });
  return self;
}

function walk(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The day in Astana, and a moment of it. */
export const today = (now = Date.now()) => new Date(now + 5 * 3_600_000).toISOString().slice(0, 10);
export const at = (day, hour) => new Date(`${day}T${String(hour).padStart(2, "0")}:00:00+05:00`);
export const plusDays = (day, count) => new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
