// Compares what builds of anonymous reports serve, byte by byte, and prints the sums.
// Usage: node trust-reproduce.mjs <address or nothing> <checkout> [checkout]
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { productionRoot, served } from "./trust-page.mjs";

const [against, ...folders] = process.argv.slice(2);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Everything that a build serves or runs: addresses, and the module of the worker. */
function built(folder) {
  const worker = path.join(folder, "workers/trust/build");
  const all = served(path.join(worker, "page"), productionRoot(folder)).map(({ address, bytes }) => [address, bytes]);
  for (const name of ["trust_bg.wasm", "trust.js"]) all.push([`worker: ${name}`, fs.readFileSync(path.join(worker, name))]);
  return new Map(all);
}

const [first, ...others] = folders.map(built);
let wrong = 0;
for (const other of others) {
  for (const name of new Set([...first.keys(), ...other.keys()])) {
    const [one, two] = [first.get(name), other.get(name)];
    if (one && two && Buffer.compare(Buffer.from(one), Buffer.from(two)) === 0) continue;
    wrong += 1;
    console.error(`! ${name}: ${one ? sha256(one) : "missing"} and ${two ? sha256(two) : "missing"}`);
  }
}
for (const [name, bytes] of first) {
  // A path of the machine would make the next one's build another.
  const path_ = /\/(?:root|home|Users|tmp|build)\/[\w./-]+/.exec(Buffer.from(bytes).toString("latin1"));
  if (path_) {
    wrong += 1;
    console.error(`! ${name} holds a path: ${path_[0]}`);
  }
  console.log(`sha256 ${sha256(bytes)}  ${name}`);
}
if (against) {
  for (const [address, bytes] of first) {
    if (!address.startsWith("/")) continue;
    const answer = await fetch(new URL(address, against));
    const theirs = Buffer.from(await answer.arrayBuffer());
    if (sha256(theirs) === sha256(bytes)) continue;
    wrong += 1;
    console.error(`! ${against} serves something else at ${address}: ${answer.status}, ${sha256(theirs)}`);
  }
}
const builds = folders.length === 1 ? "one build" : `${folders.length} builds`;
console.log(wrong > 0 ? `${wrong} differences` : `${first.size} files of ${builds}: no difference${against ? `, and ${against} serves them` : ""}`);
process.exit(wrong > 0 ? 1 : 0);
