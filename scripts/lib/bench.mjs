// The rows of scripts/bench, how they are kept, and the table.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { items } from "./bench/bank.mjs";
import { copy, home } from "./bench/data.mjs";
import { load, rss } from "./bench/load.mjs";
import { ROUTES, compare } from "./bench/peers.mjs";
import { applications } from "./bench/applications.mjs";
import { cabinet } from "./bench/cabinet.mjs";
import { draws } from "./bench/draw.mjs";
import { faults, load as crowd, room } from "./bench/exam.mjs";
import { bytes, lighthouse, paint, shipped } from "./bench/pages.mjs";
import { messages } from "./bench/messages.mjs";
import { psychometrics } from "./bench/psychometrics.mjs";
import { growth } from "./bench/search.mjs";
import { trust } from "./bench/trust.mjs";
import { hono, ours } from "./bench/servers.mjs";

const root = process.env.MANSAP_ROOT;
const kept = path.join(home, "results.json");

/** Memory after a thousand requests and after ten thousand. */
async function memory({ quick }) {
  const state = await copy(10_000, "memory");
  const server = await ours({ state, probe: true });
  // The runtime and its local databases grow by themselves: a worker without WebAssembly shows it.
  const theirs = await copy(10_000, "memory-hono");
  const other = await hono({ state: theirs });
  try {
    const paths = ROUTES.map((route) => route.path);
    const seen = [];
    let asked = 0;
    for (const many of quick ? [100, 1000] : [1000, 10_000]) {
      await load({ port: server.port, path: paths, requests: many - asked });
      asked = many;
      const wasm = await (await fetch(`${server.address}/__memory`)).json();
      await (await fetch(`${server.address}/__probe`)).text();
      await load({ port: other.port, path: paths.filter((one) => !one.includes("q=")), requests: many - (seen.at(-1)?.many ?? 0) });
      seen.push({ many, theirs: rss(other.pid), wasm: wasm.reduce((a, b) => a + b, 0) / 2 ** 20, rss: rss(server.pid) });
    }
    const [a, b] = seen;
    return [{
      what: `memory after ${b.many} requests of the four routes, after ${a.many}`,
      value: `WebAssembly **${b.wasm.toFixed(1)} MB**, ${a.wasm.toFixed(1)} MB; the whole workerd with its local databases ${b.rss.toFixed(0)} MB, ${a.rss.toFixed(0)} MB (under Hono ${b.theirs.toFixed(0)} MB, ${a.theirs.toFixed(0)} MB)`,
      bar: "flat",
    }];
  } finally {
    await server.stop();
    await other.stop();
    for (const one of [state, theirs]) fs.rmSync(one, { recursive: true, force: true });
  }
}

const ROWS = [
  ["bytes", bytes],
  ["shipped", shipped],
  ...ROUTES.map(({ name }) => [`hono-${name}`, (options) => compare({ ...options, only: name })]),
  ["memory", memory],
  ["search", growth],
  ["bank", items],
  ["applications", applications],
  ["messages", messages],
  ["cabinet", cabinet],
  ["psychometrics", psychometrics],
  ["draw", draws],
  ["exam", crowd],
  ["exam-faults", faults],
  ["exam-room", room],
  ["lighthouse", lighthouse],
  ["paint", paint],
  ["trust", trust],
];

/** What runs of rows that do not need the portal: another worker, or a native program alone (""). */
const WORKER = { trust: "trust", exam: "exam", "exam-faults": "exam", "exam-room": "exam", draw: "", bank: "", psychometrics: "" };

function options() {
  try {
    return parseArgs({
      options: {
        only: { type: "string" }, missing: { type: "boolean" }, show: { type: "boolean" }, list: { type: "boolean" },
        quick: { type: "boolean" }, fresh: { type: "boolean" }, out: { type: "string" },
        count: { type: "string" },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message} (see --help)`);
    process.exit(2);
  }
}

const loadNow = () => os.loadavg()[0].toFixed(1);
const version = (name) => JSON.parse(fs.readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8")).version;

function table(results) {
  const days = [...new Set(Object.values(results).map((one) => one.at.slice(0, 10)))].sort();
  const cpus = os.cpus();
  const out = [
    `Measured ${days.join(", ")} on ${cpus.length} × ${cpus[0].model.trim()}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${os.release()}; workerd ${version("workerd")}, Hono ${version("hono")}.`,
    "",
    "| figure | measured | to hold | load | command |",
    "|---|---|---|---|---|",
  ];
  for (const [name] of ROWS) {
    const one = results[name];
    if (!one) continue;
    for (const { what, value, bar } of one.lines) {
      out.push(`| ${what} | ${value} | ${bar} | ${one.load}${one.quick ? " (quick)" : ""} | \`scripts/bench --only ${name}\` |`);
    }
  }
  return out.join("\n");
}

const words = options();
const names = ROWS.map(([name]) => name);
if (words.list) {
  console.log(names.join("\n"));
  process.exit(0);
}
const only = words.only?.split(",");
const unknown = (only ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(", ")} (see --list)`);
  process.exit(2);
}
const count = words.count === undefined ? undefined : Number(words.count);
if (count !== undefined && !(Number.isInteger(count) && count > 0 && count < 1_000_000)) {
  console.error(`--count wants a number, not ${words.count}`);
  process.exit(2);
}
fs.mkdirSync(home, { recursive: true });
const results = fs.existsSync(kept) ? JSON.parse(fs.readFileSync(kept, "utf8")) : {};
const chosen = ROWS.filter(([name]) => (only ? only.includes(name) : !words.missing || !results[name] || results[name].quick));
if (!words.show) {
  // Anonymous reports and tests are workers of their own: the portal need not be built for them.
  for (const worker of new Set(chosen.map(([name]) => WORKER[name] ?? "portal").filter(Boolean))) {
    if (!fs.existsSync(path.join(root, `workers/${worker}/build/${worker}_bg.wasm`))) {
      console.error(`the worker ${worker} is not built: scripts/build --release`);
      process.exit(1);
    }
    const stamp = path.join(process.env.MANSAP_LOCAL, `${worker}.stamp`);
    if (!fs.readFileSync(stamp, "utf8").endsWith("release")) console.error(`WARNING: ${worker} is no release build; its figures mean nothing (scripts/build --release)`);
  }
  if (words.fresh) {
    for (const name of fs.readdirSync(home).filter((name) => name !== "results.json")) fs.rmSync(path.join(home, name), { recursive: true, force: true });
  }
}
let failed = 0;
for (const [name, work] of words.show ? [] : chosen) {
  console.error(`${name}: load ${loadNow()}`);
  const before = loadNow();
  try {
    const lines = await work({ quick: words.quick ?? false, count });
    results[name] = { at: new Date().toISOString(), load: before, quick: words.quick ?? false, lines };
    fs.writeFileSync(kept, JSON.stringify(results, null, 1));
  } catch (error) {
    failed++;
    console.error(`${name} was not measured: ${error.stack ?? error}`);
  }
}
const text = table(results);
console.log(`\n${text}`);
if (words.out) fs.writeFileSync(words.out, `${text}\n`);
process.exit(failed > 0 ? 1 : 0);
