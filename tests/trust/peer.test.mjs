// The second implementation (Python, OpenSSL and libsodium) and ours open what the other sealed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";

const root = process.env.MANSAP_ROOT;
if (!root) throw new Error("run the tests with scripts/check --only trust or scripts/test FILE");
const exchange = path.join(root, "tests/trust/peer/exchange.py");
const large = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 };
let python;

const ours = (word, input) =>
  execFileSync("cargo", ["run", "--locked", "--quiet", "-p", "trust-core", "--example", "peer", word], { ...large, input });
const theirs = (word, input) => execFileSync(python, [exchange, word], { ...large, input });

describe("two implementations", { timeout: 900_000 }, () => {
  before(() => {
    python = execFileSync("tests/trust/peer/install", large).trim();
    execFileSync("cargo", ["build", "--locked", "--quiet", "-p", "trust-core", "--example", "peer"], large);
  }, { timeout: 900_000 });

  test("B1 the second implementation opens the frozen vectors", () => {
    const frozen = fs.readFileSync(path.join(root, "tests/trust/vectors/trust-1.json"), "utf8");
    assert.equal(theirs("open", frozen).trim(), "opened");
  });

  test("B1 the second implementation opens what ours seals", () => {
    assert.equal(theirs("open", ours("make")).trim(), "opened");
  });

  test("B1 ours opens what the second implementation seals", () => {
    for (let round = 0; round < 3; round += 1) assert.equal(ours("open", theirs("make")).trim(), "opened");
  });
});
