// Schemathesis: thousands of requests made up from schemas/openapi.json; the answers must be what
// the document promises. It is a Python tool: it is installed, pinned, into .tools/venv.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { portal, root } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

const VERSION = "4.32.5";
const EXAMPLES = process.env.SCHEMATHESIS_EXAMPLES ?? "50";
const site = portal("schemathesis", { prepare: (running) => publish(running, 6) });
const venv = path.join(process.env.MANSAP_TOOLS, "venv");
const program = path.join(venv, "bin/schemathesis");

function install() {
  // A checkout that was moved has a tool that does not start: it is made anew.
  const have = fs.existsSync(program) ? spawnSync(program, ["--version"], { encoding: "utf8" }).stdout : "";
  if (String(have).includes(VERSION)) return undefined;
  const python = ["python3", "python"].find((name) => spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0);
  if (!python) return "Python 3.10 or newer is missing (Debian: apt-get install python3-venv)";
  for (const [command, ...words] of [
    [python, "-m", "venv", "--clear", venv],
    [path.join(venv, "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", `schemathesis==${VERSION}`],
  ]) {
    const { status, stderr } = spawnSync(command, words, { encoding: "utf8" });
    if (status !== 0) return `${command} ${words.join(" ")} failed; Debian needs python3-venv and python3-pip:\n${stderr}`;
  }
  return undefined;
}

test("the public API keeps every promise of its OpenAPI document", { timeout: 600_000 }, async () => {
  const document = path.join(root, "schemas/openapi.json");
  assert.ok(fs.existsSync(document), "schemas/openapi.json is missing: scripts/contracts writes it");
  assert.equal(install(), undefined);
  const child = spawn(program, [
    "--config-file", path.join(root, "tests/attack/schemathesis.toml"), "run", document, "--url", site.address, "--max-examples", EXAMPLES, "--checks", "all",
    "--seed", "1", "--no-color", "--request-timeout", "10",
  ], { cwd: path.join(root, "tests/out"), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += part));
  const code = await new Promise((resolve) => child.once("exit", resolve));
  fs.writeFileSync(path.join(root, "tests/out/schemathesis.txt"), said);
  assert.equal(code, 0, said.slice(-6000));
});
