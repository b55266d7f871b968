// What a search in the bank of test items costs as it grows: the application on SQLite, natively.
import { execFileSync } from "node:child_process";
import path from "node:path";
import * as demo from "../demo.mjs";
import { bank } from "../seed-bank.mjs";

const root = process.env.MANSAP_ROOT;

function program() {
  execFileSync("cargo", ["build", "--locked", "--quiet", "--release", "-p", "http-tests", "--example", "bank_search"], { cwd: root, stdio: "inherit" });
  return path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "release/examples/bank_search");
}

/** Milliseconds of each question over so many items. */
function asked(search, many) {
  const author = demo.region(root).accounts.find((account) => account.login === "item.author1");
  const input = [...bank(many, author.id, "2026-01-01T00:00:00Z")].join("\n");
  const [, ...lines] = execFileSync(search, { input, encoding: "utf8", maxBuffer: 1 << 20 }).trim().split("\n");
  return lines.map((line) => line.split("\t")).map(([name, micros]) => [name, Number(micros) / 1000]);
}

export async function items({ quick }) {
  const search = program();
  const sizes = quick ? [700, 7_000] : [700, 7_000, 70_000];
  const seen = sizes.map((many) => Object.fromEntries(asked(search, many)));
  return Object.keys(seen[0]).map((name) => ({
    what: `search in the bank, ${name}: ${sizes.map((many) => `${many / 1000}k`).join(", ")} items, ms`,
    value: seen.map((one) => one[name].toFixed(1)).join(", "),
    bar: "100 ms at 70k",
  }));
}
