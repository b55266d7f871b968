// The supervisor behind scripts/dev: serves, watches, rebuilds, ticks the cron, tidies up.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import * as demo from "./demo.mjs";
import { startGateway } from "../../tests/gateway/gateway.mjs";
import { portIsFree, start, startTrust } from "./server.mjs";
import { apply, PEOPLE } from "./demo-applications.mjs";
import { publish } from "./trust-publish.mjs";

const root = process.env.MANSAP_ROOT;
const local = process.env.MANSAP_LOCAL;
const port = Number(process.env.PORT ?? 8787);
const trustPort = Number(process.env.TRUST_PORT ?? port + 1);
const examPort = Number(process.env.EXAM_PORT ?? port + 2);
const once = process.argv.includes("--once");
const pidFile = path.join(local, "dev.pid");

for (const [name, wanted] of [["PORT", port], ["TRUST_PORT", trustPort], ["EXAM_PORT", examPort]]) {
  if (await portIsFree(wanted)) continue;
  console.error(`port ${wanted} is taken; choose another: ${name}=${wanted + 10} scripts/dev`);
  process.exit(1);
}
fs.writeFileSync(pidFile, String(process.pid));

const log = fs.createWriteStream(path.join(local, "dev.log"));
let ready = false;
let server;
let gateway;
let trust;
let building;
let ending = false;

async function end(code) {
  if (ending) return;
  ending = true;
  if (building) {
    try {
      process.kill(-building.pid, "SIGTERM");
    } catch {
      // It has just ended.
    }
  }
  await Promise.all([server?.stop(), trust?.stop()]);
  await gateway?.close();
  fs.rmSync(pidFile, { force: true });
  process.exit(code);
}
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => void end(0));

gateway = await startGateway();
server = await start({
  port,
  gateway: gateway.vars,
  exam: examPort,
  vars: { EXAM_ORIGIN: `http://127.0.0.1:${examPort}`, HELP_ORIGIN: `http://127.0.0.1:${trustPort}` },
  state: path.join(local, "state"),
  onLine: (line) => {
    log.write(`${line}\n`);
    if (ready && line.trim() && !line.includes("/cdn-cgi/")) console.log(line);
  },
}).catch((error) => {
  console.error(String(error.message));
  fs.rmSync(pidFile, { force: true });
  process.exit(1);
});
if (ending) await server.stop();
void server.exit.then(() => {
  if (!ending) {
    console.error("the server ended by itself; its last lines:\n" + server.log.slice(-20).join("\n"));
    void end(1);
  }
});

// Of what the trust worker is asked nothing is written down, here neither.
const ceremony = path.join(local, "trust-demo");
trust = await startTrust({
  port: trustPort,
  state: path.join(local, "state"),
  vars: { ROOT: fs.readFileSync(path.join(ceremony, "root.txt"), "utf8") },
}).catch((error) => {
  console.error(String(error.message));
  return end(1);
});
if (ending) await trust?.stop();
await publish(trust.address, path.join(ceremony, "keys.cbor")).catch((error) => console.error(`the directory of officers: ${error.message}`));

await demoVacancies();
await demoApplications();
const { accounts } = demo.region(root);
const wide = Math.max(...accounts.map((account) => account.login.length));
console.log(`
  Mansap  ${server.address}
  cabinet ${server.address}/app
  mailbox ${server.address}/dev/mailbox   (text messages and letters: codes are here)
  tests   ${server.exam}   (attempts of tests of knowledge; links with a token lead there)
  help    ${trust.address} (anonymous reports; demonstration keys of officers in .local/trust-demo)

  Demo accounts, all with the password ${demo.PASSWORD}
  and the second factor ${demo.TOTP_BASE32} (code now: ${demo.totp()}; scripts/totp prints the next):
${accounts.map(({ login, roles }) => `    ${login.padEnd(wide)}  ${roles.map((role) => role.role).join(", ")}`).join("\n")}

  People who apply sign in at ${server.address}/kk/enter; the code is in the mailbox:
${PEOPLE.map((who) => `    ${who.phone}  ${who.surname} ${who.name}`).join("\n")}

  Key for scripts: Authorization: Bearer ${demo.API_KEY}
  Log: .local/dev.log. Ctrl-C ends everything.
`);
ready = true;

// The local runtime has no clock for cron; this is it.
setInterval(tick, 60_000);

function tick() {
  return fetch(`${server.address}/cdn-cgi/local/scheduled`).then((answer) => answer.body?.cancel()).catch(() => {});
}

/** Once on fresh data: the example list goes the way of every district's list, through the import. */
async function demoVacancies() {
  const done = path.join(local, "state", "demo-vacancies");
  if (fs.existsSync(done)) return;
  console.log("load the demo vacancies (schemas/examples/district-vacancies.xlsx)");
  const words = ["vacancies", "schemas/examples/district-vacancies.xlsx", "--mode", "publish", "--url", server.address];
  const report = await new Promise((resolve) => {
    const child = spawn("scripts/import", words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, MANSAP_KEY: demo.API_KEY } });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
    child.once("error", () => resolve({ code: 2, text }));
    child.once("exit", (code) => resolve({ code, text }));
  });
  // Exit code 1: some rows were refused, as the example means them to be.
  const last = report.text.trim().split("\n").at(-1);
  if (report.code === 2) return console.error(`the demo vacancies could not be loaded: ${last}`);
  console.log(last);
  await demoOutcomes();
  fs.writeFileSync(done, new Date().toISOString());
  await tick();
}

/** Competitions that are over: published, then ended by the commands that a clerk would give. */
async function demoOutcomes() {
  const { organisations } = demo.region(root);
  const post = async (where, body, more) => {
    const answer = await fetch(`${server.address}/api/v1/cabinet/${where}`, {
      method: "POST",
      headers: { authorization: `Bearer ${demo.API_KEY}`, "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...more },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return JSON.parse(text);
  };
  for (const { organisation, content, commands } of JSON.parse(fs.readFileSync(path.join(root, "schemas/demo/outcomes.json"), "utf8"))) {
    try {
      let vacancy = await post("vacancies", { organisation: organisations.find(({ key }) => key === organisation).id, content });
      for (const command of [{ command: "publish", at: null, again: true }, ...commands]) {
        vacancy = await post(`vacancies/${vacancy.id}/commands`, command, { "if-match": `"${vacancy.version}"` });
      }
      console.log(`  № ${vacancy.number}: ${vacancy.state}`);
    } catch (error) {
      console.error(`a competition of the demonstration could not be led to its end: ${error.message}`);
    }
  }
}

/** Once on fresh data: some people apply, the way everybody does. */
async function demoApplications() {
  const done = path.join(local, "state", "demo-applications");
  if (fs.existsSync(done)) return;
  console.log("send the demo applications");
  const lines = await apply(server.address, gateway.gateway).catch((error) => [`the demo applications could not be sent: ${error.message}`]);
  console.log(lines.map((line) => `  ${line}`).join("\n"));
  fs.writeFileSync(done, new Date().toISOString());
  await tick();
}

if (!once) watch();

function watch() {
  const workers = ["workers", "schemas", "Cargo.toml"];
  const cabinet = ["frontend"];
  const ignored = /(^|\/)(build|dist|target|node_modules|migrations|\.[^/]*)(\/|$)|~$|\.tmp$/;
  const dirty = new Set();
  let timer;
  const changed = (what) => (_, name) => {
    if (!name || ignored.test(name)) return;
    // The trust worker shares nothing with the portal but the folder.
    dirty.add(/^(rules\/)?trust/.test(name) ? "trust" : what);
    clearTimeout(timer);
    timer = setTimeout(rebuild, 150);
  };
  for (const folder of workers) fs.watch(path.join(root, folder), { recursive: true }, changed("workers"));
  for (const folder of cabinet) fs.watch(path.join(root, folder), { recursive: true }, changed("cabinet"));
  fs.watch(path.join(root, "schemas/migrations"), { recursive: true }, () => {
    console.log("migrations changed: end this with Ctrl-C and start again to apply them");
  });

  async function rebuild() {
    if (building || ending || dirty.size === 0) return;
    // The public pages carry the styles of frontend/styles, the cabinet shares the domain crate.
    const what = dirty.size > 1 || dirty.has("cabinet") ? "all" : [...dirty][0];
    dirty.clear();
    const from = Date.now();
    building = spawn("scripts/build", ["--dev", what], { cwd: root, detached: true, stdio: ["ignore", "inherit", "pipe"] });
    let said = "";
    building.stderr.setEncoding("utf8");
    building.stderr.on("data", (text) => (said += text));
    const code = await new Promise((resolve) => building.once("exit", resolve));
    building = undefined;
    const seconds = ((Date.now() - from) / 1000).toFixed(1);
    if (code === 0) console.log(`built ${what} in ${seconds} s`);
    else if (!ending) console.error(`${said}\nbuild failed after ${seconds} s; the last good one still runs`);
    void rebuild();
  }
}
