// What selecting 120 tasks costs as the pool grows, natively. Ratios: what the machine does beside it
// is in both.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { growth } from "./bank.mjs";

const root = process.env.MANSAP_ROOT;

export async function draws({ quick }) {
  execFileSync("cargo", ["build", "--locked", "--quiet", "--release", "-p", "http-tests", "--example", "draw_cost"], { cwd: root, stdio: "inherit" });
  const program = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "release/examples/draw_cost");
  const sizes = quick ? [7_000, 70_000] : [7_000, 70_000, 700_000];
  const lines = execFileSync(program, sizes.map(String), { encoding: "utf8" }).trim().split("\n").map((line) => line.split("\t").map(Number));
  const told = (at) => growth(lines.map((line) => line[at] / 1000));
  const of = sizes.map((many) => `${many / 1000}k`).join(", ");
  return [
    { what: `120 tasks of 30 cells drawn from a warm pool of ${of} items`, value: told(3), bar: "1 ms at 70k" },
    { what: `the pool read and checked, ${of} items (once an isolate)`, value: told(1), bar: "as the pool" },
    { what: `the plan of 30 cells made, ${of} items (once an isolate)`, value: told(2), bar: "as the pool" },
  ];
}
