// The steps of scripts/check. A step returns how many checks passed and failed: tests count as
// many as there are, a gate counts one.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { CABINETS, firstLoad, kept, sittingLoad, weight } from "./sizes.mjs";
import { productionRoot, served } from "./trust-page.mjs";
import { differences } from "./trust-same.mjs";

const root = process.env.MANSAP_ROOT;
const KB = 1024;
// A check compiles everything once: what would make the next edit faster only costs here.
process.env.CARGO_INCREMENTAL ??= "0";
// A check says the same of the same tree: whoever looks for new cases sets another number, or runs
// `cargo test`, where every run draws its own.
process.env.PROPTEST_RNG_SEED ??= "20261122";

/** Runs a command and shows what it says; returns its code and its output. */
function run(command, words = [], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      from.setEncoding("utf8");
      from.on("data", (part) => {
        text += part;
        to.write(part);
      });
    }
    child.once("error", (error) => resolve({ code: 1, text: String(error) }));
    child.once("exit", (code) => resolve({ code: code ?? 1, text }));
  });
}

const gate = async (command, ...words) => {
  const { code } = await run(command, words);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
};

/** cargo test: adds up the lines `test result:`; what did not compile is one failure. */
async function cargoTests() {
  const { code, text } = await run("cargo", ["test", "--locked", "--no-fail-fast", "--quiet"]);
  return counted(code, text, /test result: \w+\. (\d+) passed; (\d+) failed/g);
}

/**
 * node --test: its own summary; skipped and cancelled tests have not held. A file with a test that
 * failed runs once more: what holds then is unsteady, which is said at the end and is to be mended,
 * and what fails twice has failed.
 */
async function nodeTests(folder) {
  const names = fs.readdirSync(path.join(root, folder)).filter((name) => name.endsWith(".test.mjs")).sort();
  const first = await nodeRun(names.map((name) => `${folder}/${name}`));
  if (first.failed === 0 || first.files.length === 0) return first;
  console.log(`\n\x1b[1mOnce more: ${first.files.join(", ")}\x1b[0m`);
  const again = await nodeRun(first.files);
  if (again.failed > 0) return { passed: first.passed, failed: Math.max(again.failed, 1) };
  return { passed: first.passed + first.failed, failed: 0, unsteady: first.tests };
}

async function nodeRun(names) {
  const { code, text } = await run("scripts/test", ["--test-reporter=spec", ...names]);
  const of = (word) => [...text.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, "gm"))].reduce((sum, [, n]) => sum + Number(n), 0);
  const failed = of("fail") + of("cancelled") + of("skipped") + of("todo");
  const tests = [...text.matchAll(/^test at (\S+?:\d+):\d+$/gm)].map(([, place]) => place);
  const files = [...new Set(tests.map((place) => place.replace(/:\d+$/, "")))];
  return { passed: of("pass"), failed: failed || (code === 0 && of("pass") > 0 ? 0 : 1), tests, files };
}

function counted(code, text, pattern) {
  let [passed, failed] = [0, 0];
  for (const [, yes, no] of text.matchAll(pattern)) {
    passed += Number(yes);
    failed += Number(no);
  }
  return { passed, failed: failed || (code === 0 && passed > 0 ? 0 : 1) };
}

/** Chromium for the browser tests. */
function chromium() {
  const found = ["chromium", "chromium-browser", "google-chrome"].map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim()).find(Boolean);
  if (found) return found;
  if (process.getuid?.() === 0 && fs.existsSync("/usr/bin/apt-get")) {
    console.log("installing Debian's chromium (a minute)");
    spawnSync("apt-get", ["update", "-q"], { stdio: "inherit" });
    spawnSync("apt-get", ["install", "-qy", "--no-install-recommends", "chromium"], { stdio: "inherit" });
    if (fs.existsSync("/usr/bin/chromium")) return "/usr/bin/chromium";
  }
  console.error("Chromium is missing: run `apt-get install chromium` as root (or set CHROMIUM to its path), then repeat");
  return undefined;
}

async function browser() {
  const program = process.env.CHROMIUM ?? chromium();
  if (!program) return { passed: 0, failed: 1 };
  process.env.CHROMIUM = program;
  return nodeTests("tests/browser");
}

/** Generated files are what the code generates. */
async function drift() {
  const script = path.join(root, "scripts/contracts");
  if (!fs.existsSync(script)) {
    console.error("scripts/contracts is missing: it writes schemas/openapi.json and the permission table");
    return { passed: 0, failed: 1 };
  }
  return gate("scripts/contracts", "--check");
}

/** Sizes of what is shipped, compressed as it travels. */
function sizes() {
  const rows = [];
  const brotli = (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  // The portal is what a citizen waits for; the office only has to fit the platform (3 MB) with room.
  for (const [name, most] of [["portal", 1024 * KB], ["office", 2560 * KB], ["exam", 512 * KB]]) {
    const build = path.join(root, `workers/${name}/build`);
    const parts = [`${name}_bg.wasm`, `${name}.js`].map((file) => zlib.gzipSync(fs.readFileSync(path.join(build, file)), { level: 9 }).length);
    rows.push([`${name} script, gzip`, parts.reduce((a, b) => a + b), most]);
  }
  for (const name of CABINETS) {
    rows.push([`cabinet ${name}: first load, brotli`, weight(firstLoad(name), brotli), 160 * KB]);
    rows.push([`cabinet ${name}: kept for offline, brotli`, weight(kept(name), brotli), 250 * KB]);
  }
  // Candidates come with what phone and line they have.
  rows.push(["page of candidates: first load, brotli", weight(sittingLoad(), brotli), 160 * KB]);
  // What the reporter's page is, for whoever compares it with what is served in production.
  const page = served(path.join(root, "workers/trust/build/page"), productionRoot(root));
  for (const { address, sum } of page) console.log(`  sha256 ${sum}  ${address}`);
  const first = page.filter(({ address }) => address === "/kk" || /^\/[mwps]-.*\.\w+$/.test(address));
  rows.push(["reporter's page: first load, brotli", first.reduce((sum, { bytes }) => sum + brotli(bytes), 0), 120 * KB]);
  let failed = 0;
  for (const [what, size, most] of rows) {
    const fits = size > 0 && size <= most;
    failed += fits ? 0 : 1;
    console.log(`${fits ? "  " : "! "}${what.padEnd(44)} ${(size / KB).toFixed(1)} KB of ${most / KB} KB`);
  }
  return { passed: rows.length - failed, failed };
}

/** The pages of reports, made again in another folder. */
async function same() {
  const wrong = await differences(root, path.join(process.env.MANSAP_LOCAL, "bindgen"));
  for (const line of wrong) console.error(`! ${line}`);
  if (wrong.length === 0) console.log("  the same bytes from another folder; no path of this machine in them");
  return { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length === 0 ? 0 : 1 };
}

/** The page of reports and its module, for whoever compares them with what is served and published. */
function sums() {
  const folder = path.join(root, "workers/trust/build/page");
  if (!fs.existsSync(path.join(folder, "sums.json"))) return;
  console.log("\nSHA-256 of the page of anonymous reports and its module, as they are served in production (published at /kk/more):");
  for (const { address, sum } of served(folder, productionRoot(root))) {
    if (/^\/(kk|ru|en|[mwp]-\S+)$/.test(address)) console.log(`  ${sum}  ${address}`);
  }
}

const clippy = (...words) => gate("cargo", "clippy", "--locked", "--quiet", ...words, "--", "-D", "warnings");

const STEPS = [
  ["format", "Format (rustfmt)", () => gate("cargo", "fmt", "--all", "--check")],
  ["clippy", "Lints, native", () => clippy("--workspace", "--exclude", "portal", "--exclude", "office", "--exclude", "edge", "--exclude", "dispatch", "--all-targets", "--all-features")],
  // Cabinets have no line that is for wasm32 alone: they were linted natively.
  ["clippy-wasm", "Lints, wasm32", () => clippy("-p", "portal", "-p", "office", "-p", "dispatch", "-p", "exam", "-p", "trust", "-p", "trust-page", "-p", "trust-officer", "--target", process.env.WASM_TARGET)],
  ["data", "Data and texts (scripts/check-data)", () => gate("scripts/check-data")],
  ["native", "Native tests (cargo test)", cargoTests],
  ["drift", "Contracts are what the code generates", drift],
  ["build", "Release build", () => gate("scripts/build", "--release")],
  ["sizes", "Sizes", sizes],
  ["same", "Reports: the page is the same when it is made elsewhere", same],
  ["edge", "Tests on workerd", () => nodeTests("tests/edge")],
  ["trust", "Anonymous reports: workerd, second implementation", () => nodeTests("tests/trust")],
  ["psychometrics", "Item analysis against independent packages", () => nodeTests("tests/psychometrics")],
  ["browser", "Tests in Chromium", browser],
  ["attack", "Attacks", () => nodeTests("tests/attack")],
];

const words = process.argv.slice(2);
if (words.includes("--list")) {
  for (const [name, title] of STEPS) console.log(`${name.padEnd(12)} ${title}`);
  process.exit(0);
}
const at = words.indexOf("--only");
const only = at < 0 ? undefined : (words[at + 1] ?? "").split(",");
const unknown = (only ?? []).filter((name) => !STEPS.some(([have]) => have === name));
if (unknown.length > 0 || (at < 0 && words.length > 0)) {
  console.error(`unknown: ${unknown.concat(at < 0 ? words : []).join(" ")} (see --help and --list)`);
  process.exit(2);
}

fs.mkdirSync(path.join(root, "tests/out"), { recursive: true });
const table = [];
for (const [name, title, work] of STEPS) {
  if (only && !only.includes(name)) continue;
  console.log(`\n\x1b[1m== ${title}\x1b[0m`);
  const from = Date.now();
  let result;
  try {
    result = await work();
  } catch (error) {
    console.error(String(error?.stack ?? error));
    result = { passed: 0, failed: 1 };
  }
  table.push({ name, ...result, seconds: (Date.now() - from) / 1000 });
}

console.log();
for (const { name, passed, failed, seconds } of table) {
  console.log(`${failed ? "! " : "  "}${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(0).padStart(6)} s`);
}
const unsteady = table.flatMap((row) => row.unsteady ?? []);
if (unsteady.length > 0) console.log(`unsteady (failed once, held when repeated): ${unsteady.join(", ")}`);
const total = (key) => table.reduce((sum, row) => sum + row[key], 0);
if (table.some(({ name }) => ["build", "sizes", "same", "trust"].includes(name))) sums();
console.log(`${total("passed")} passed, ${total("failed")} failed`);
process.exit(total("failed") > 0 ? 1 : 0);
