// What a search in the bank of test items costs as it grows: the application on SQLite, natively.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import * as demo from "../demo.mjs";
import { bank } from "../seed-bank.mjs";

const root = process.env.MANSAP_ROOT;

function program() {
  execFileSync("cargo", ["build", "--locked", "--quiet", "--release", "-p", "http-tests", "--example", "bank_search"], { cwd: root, stdio: "inherit" });
  return path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "release/examples/bank_search");
}

/** Milliseconds and by how much each is more than the one before. */
export function growth(all) {
  const digits = (ms) => (ms < 1 ? ms.toPrecision(2) : ms.toFixed(1));
  const factors = all.slice(1).map((ms, n) => `×${(ms / all[n]).toFixed(1)}`).join(", ");
  return `**${all.map(digits).join(" / ")} ms** (${factors})`;
}

/** Milliseconds of each question over so many items. */
async function asked(search, many) {
  const author = demo.region(root).accounts.find((account) => account.login === "item.author1");
  const child = spawn(search, { stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const parts = [];
  child.stdout.on("data", (part) => parts.push(part));
  // A bank of 700,000 is more than a text can hold: it is said as it is made.
  for (const statement of bank(many, author.id, "2026-01-01T00:00:00Z")) {
    if (!child.stdin.write(`${statement}\n`)) await once(child.stdin, "drain");
  }
  child.stdin.end();
  const [code] = await exit;
  if (code !== 0) throw new Error(`the search over ${many} items ended with ${code}`);
  const [, ...lines] = Buffer.concat(parts).toString().trim().split("\n");
  return lines.map((line) => line.split("\t")).map(([name, micros]) => [name, Number(micros) / 1000]);
}

export async function items({ quick }) {
  const search = program();
  const sizes = quick ? [700, 7_000] : [7_000, 70_000, 700_000];
  const seen = [];
  for (const many of sizes) seen.push(Object.fromEntries(await asked(search, many)));
  return Object.keys(seen[0]).map((name) => ({
    what: `search in the bank, ${name}: ${sizes.map((many) => `${many / 1000}k`).join(", ")} items`,
    value: growth(seen.map((one) => one[name])),
    bar: "100 ms at 70k",
  }));
}
