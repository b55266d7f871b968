// MDN HTTP Observatory behind TLS: the score that a scanner on the internet would give.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { local, portal, root } from "../lib/portal.mjs";
import { certificate, tlsProxy } from "../lib/tls.mjs";

const WANTED = 120;
const site = portal("observatory", { origin: "https://localhost", vars: { DEV: "" } });
let proxy;
after(() => proxy?.close());

test(`the observatory gives ${WANTED} or more`, async () => {
  const tls = certificate(path.join(local, "test"));
  proxy = await tlsProxy(tls, site.port);
  const folder = path.join(root, "node_modules/@mdn/mdn-http-observatory");
  // The list of preloaded hosts is a download; we are not on it anyway.
  const preload = path.join(folder, "conf/hsts-preload.json");
  if (!fs.existsSync(preload)) fs.writeFileSync(preload, "{}");
  const text = await new Promise((resolve, reject) => {
    const words = [path.join(folder, "src/scan.js"), `localhost:${proxy.address().port}`];
    execFile(process.execPath, words, { cwd: folder, env: { ...process.env, NODE_EXTRA_CA_CERTS: tls.file } },
      (error, stdout, stderr) => (error && !stdout ? reject(new Error(stderr)) : resolve(stdout)));
  });
  const { scan, tests, error } = JSON.parse(text);
  assert.equal(error, undefined);
  const lost = Object.entries(tests).filter(([, one]) => one.scoreModifier < 0).map(([name, one]) => `${name}: ${one.result}`);
  console.log(`observatory: ${scan.score} ${scan.grade}`);
  assert.ok(scan.score >= WANTED, `${scan.score}; ${lost.join(", ")}`);
});
