// Independent packages (numpy, scipy, statsmodels, girth) find what our item analysis finds.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";

const root = process.env.MANSAP_ROOT;
if (!root) throw new Error("run the tests with scripts/check --only psychometrics or scripts/test FILE");
const large = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 };

test("independent packages find the same numbers", { timeout: 900_000 }, () => {
  const python = execFileSync("tests/psychometrics/peer/install", large).trim();
  const ours = execFileSync("cargo", ["run", "--locked", "--quiet", "-p", "psychometrics", "--features", "simulate", "--example", "peer"], large);
  const { status, stdout, stderr } = spawnSync(python, ["tests/psychometrics/peer/check.py"], { ...large, input: ours });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  const compared = stdout.split("\n").filter((line) => line.startsWith("ok "));
  assert.ok(compared.length > 30, stdout);
});
