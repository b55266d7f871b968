// What a calibration costs as answers and items grow: ratios of time for one look at all answers.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { median } from "./load.mjs";

const root = process.env.MANSAP_ROOT;
const SHOWN = 50;

function program() {
  execFileSync("cargo", ["build", "--locked", "--quiet", "--release", "-p", "psychometrics", "--features", "simulate", "--example", "cost"], { cwd: root, stdio: "inherit" });
  return path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "release/examples/cost");
}

/** Milliseconds of one look: a run with many looks less a run with none, by the number of looks. */
function look(cost, people, items, rounds) {
  const looks = Math.max(6, Math.round(3_000_000 / (people * SHOWN)));
  const run = (count) => {
    const from = performance.now();
    execFileSync(cost, [people, SHOWN, items, count].map(String));
    return performance.now() - from;
  };
  const times = [];
  for (let n = 0; n < rounds; n++) times.push((run(looks) - run(0)) / looks);
  return median(times);
}

export async function psychometrics({ quick }) {
  const cost = program();
  const rounds = quick ? 1 : 5;
  const answers = [7_000, 70_000, 700_000].map((many) => look(cost, many / SHOWN, 140, rounds));
  const pools = [70, 700, 7_000].map((items) => look(cost, 700_000 / SHOWN, items, rounds));
  // A bank that grows with its answers: ten to each item.
  const banks = [7_000, 70_000, 700_000].map((items) => look(cost, (items * 10) / SHOWN, items, 1));
  const [cells, looks, converged] = execFileSync(cost, [String(700_000 / SHOWN), String(SHOWN), "700", "all"], { encoding: "utf8" }).trim().split(" ");
  const by = ([first, ...rest]) => rest.map((one) => `${(one / first).toFixed(1)}×`).join(", ");
  return [
    { what: "calibration (2PL), one look: 70k and 700k answers against 7k, 140 items", value: by(answers), bar: "10×, 100×" },
    { what: "calibration (2PL), one look at 700k answers: 700 and 7,000 items against 70", value: by(pools), bar: "flat" },
    { what: "calibration (2PL), one look at a bank of 70k and 700k items against 7k, ten answers to each item", value: by(banks), bar: "10×, 100×" },
    { what: `looks until it converges, ${cells} answers to 700 items`, value: `${looks}${converged === "true" ? "" : " (did not)"}, ${pools[1].toFixed(0)} ms each natively`, bar: "–" },
  ];
}
