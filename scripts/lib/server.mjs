// Starts and ends the portal on local workerd. Used by scripts/dev and by the tests.
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import * as demo from "./demo.mjs";

const root = process.env.MANSAP_ROOT;
const local = process.env.MANSAP_LOCAL;

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export function portIsFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/**
 * The configuration of the worker `dispatch` with other variables: what the command line says
 * reaches the first worker only. Returns the file.
 */
function dispatchConfig(state, vars) {
  const folder = path.join(root, "workers/dispatch");
  const [local, ...environments] = fs.readFileSync(path.join(folder, "wrangler.toml"), "utf8").split(/^(?=\[env\.)/m);
  const set = (text, [name, value]) => text.replace(new RegExp(`^${name} = .*$`, "m"), `${name} = ${JSON.stringify(value)}`);
  const own = Object.entries(vars).reduce(set, local);
  const text = [own, ...environments].join("")
    .replace('main = "js/entry.mjs"', `main = ${JSON.stringify(path.join(folder, "js/entry.mjs"))}`)
    .replaceAll('"../../schemas', `"${root}/schemas`);
  fs.mkdirSync(state, { recursive: true });
  const file = path.join(state, "dispatch.toml");
  fs.writeFileSync(file, text);
  return file;
}

/**
 * Starts `wrangler dev` in a process group of its own and waits until it answers.
 * `vars` override those of wrangler.toml; `onLine` gets every line it prints. `origin: null` gives
 * the worker no address of its own.
 * `gateway` are the variables that lead to the stand-in of the gateways: with them the worker
 * `dispatch` runs too.
 */
export async function start({ port, state, vars = {}, config, envFile, onLine = () => {}, origin, gateway } = {}) {
  port ??= await freePort();
  const address = `http://127.0.0.1:${port}`;
  const all = { ...(origin === null ? {} : { ORIGIN: origin ?? address }), ...vars };
  const words = [
    "dev", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort()),
    "--persist-to", state, "--env-file", envFile ?? demo.secrets(local).file,
    "--show-interactive-dev-session=false", "--log-level", "info",
    ...Object.entries(all).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ...(config ? ["--config", config] : []),
    ...(gateway ? ["--config", "wrangler.toml", "--config", dispatchConfig(state, { ORIGIN: all.ORIGIN, ...gateway })] : []),
  ];
  const child = spawn(path.join(root, "node_modules/.bin/wrangler"), words, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        log.push(line);
        if (log.length > 5000) log.shift();
        onLine(line);
      }
    });
  }
  let ended;
  const exit = new Promise((resolve) => child.once("exit", (code) => resolve((ended = code ?? -1))));
  const server = { address, port, log, exit, pid: child.pid, stop, kill };

  /** Ends wrangler and its workerd, the hard way if they do not go by themselves. */
  async function stop() {
    signal("SIGTERM");
    const late = setTimeout(() => signal("SIGKILL"), 4000);
    await exit;
    clearTimeout(late);
    signal("SIGKILL");
  }

  /** As a crash: nothing gets a chance to tidy up. */
  async function kill() {
    signal("SIGKILL");
    await exit;
  }

  function signal(name) {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone.
    }
  }

  const until = Date.now() + 60_000;
  while (ended === undefined && Date.now() < until) {
    try {
      const answer = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(5000) });
      await answer.body?.cancel();
      return server;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await stop();
  throw new Error(`the portal did not start:\n${log.join("\n")}`);
}

/** Starts the trust worker: its own configuration and database, and no secret of the portal. */
export function startTrust({ state, ...options }) {
  const envFile = path.join(local, "trust.vars");
  fs.writeFileSync(envFile, "");
  return start({ ...options, state: path.join(state, "trust"), config: "workers/trust/wrangler.toml", envFile, origin: null });
}
