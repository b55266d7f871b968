// Starts and ends the portal on local workerd. Used by scripts/dev and by the tests.
import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
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

/** The portal never runs without the office; with a gateway to send through comes `dispatch`. */
function configs(config, gateway, exam) {
  if (config) return [config];
  const more = { "workers/dispatch/wrangler.toml": gateway, "workers/exam/wrangler.toml": exam };
  return ["wrangler.toml", "workers/office/wrangler.toml", ...Object.keys(more).filter((file) => more[file])];
}

/** The host by which the local portal knows what is meant for the worker of tests. */
const EXAM_HOST = "exam.localhost";

/**
 * A port of its own for the worker of tests. Several workers on one database are one process of
 * wrangler, which gives an address to the first of them alone: this one hands on under another host.
 */
async function examDoor(portal, port) {
  const onward = ({ method, url, headers }) => ({ host: "127.0.0.1", port: portal, method, path: url, headers: { ...headers, host: `${EXAM_HOST}:${portal}` } });
  const door = http.createServer((request, answer) => {
    const inner = http.request(onward(request), (from) => {
      answer.writeHead(from.statusCode, from.headers);
      from.pipe(answer);
    });
    inner.on("error", () => answer.writableEnded || (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    answer.on("close", () => inner.destroy());
    request.pipe(inner);
  });
  // Sockets of pages that sit a test: the handshake is handed on as it is, then bytes both ways.
  door.on("upgrade", (request, socket, head) => {
    const inner = http.request(onward(request));
    const cut = () => {
      socket.destroy();
      inner.destroy();
    };
    const say = (from) => {
      const lines = Array.from({ length: from.rawHeaders.length / 2 }, (_, n) => `${from.rawHeaders[2 * n]}: ${from.rawHeaders[2 * n + 1]}\r\n`);
      socket.write(`HTTP/1.1 ${from.statusCode} ${from.statusMessage}\r\n${lines.join("")}\r\n`);
    };
    inner.on("upgrade", (from, other, rest) => {
      say(from);
      socket.write(rest);
      other.write(head);
      socket.pipe(other).pipe(socket);
      for (const one of [socket, other]) one.on("error", () => (socket.destroy(), other.destroy()));
      socket.on("close", () => other.destroy());
      other.on("close", () => socket.destroy());
    });
    inner.on("response", (from) => {
      say(from);
      from.pipe(socket);
    });
    inner.on("error", cut);
    socket.on("error", cut);
    inner.end();
  });
  await new Promise((resolve, reject) => {
    door.once("error", reject);
    door.listen(port, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${door.address().port}`,
    close() {
      door.closeAllConnections();
      return new Promise((resolve) => door.close(resolve));
    },
  };
}

/**
 * A configuration with other variables, kept beside the run. wrangler hands `--var` and
 * `--env-file` to the first of several workers alone, so each gets a file of its own.
 */
function configured(file, folder, vars) {
  const from = path.dirname(path.join(root, file));
  const text = fs.readFileSync(path.join(root, file), "utf8").split(/^\[env\./m)[0];
  const whole = text.replace(/^(main|directory|migrations_dir) = "(.+)"$/gm, (_, name, where) => `${name} = ${JSON.stringify(path.resolve(from, where))}`);
  const [head, rest] = whole.split(/^\[vars\]\n/m);
  const [own, ...more] = rest.split(/^(?=\[)/m);
  const kept = own.split("\n").filter((line) => !Object.keys(vars).some((name) => line.startsWith(`${name} =`)));
  const set = Object.entries(vars).map(([name, value]) => `${name} = ${JSON.stringify(String(value))}`);
  const to = path.join(folder, `${path.resolve(from) === path.resolve(root) ? "portal" : path.basename(from)}.toml`);
  fs.writeFileSync(to, `${head}[vars]\n${set.concat(kept).join("\n")}\n${more.join("")}`, { mode: 0o600 });
  return to;
}

/**
 * Starts `wrangler dev` in a process group of its own and waits until it answers.
 * `vars` override those of wrangler.toml; `onLine` gets every line it prints. `origin: null` gives
 * the worker no address of its own.
 * `gateway` are the variables that lead to the stand-in of the gateways: with them the worker
 * `dispatch` runs too. With `exam` (true, or a port) the worker of tests does, on the same database
 * and with an address of its own: `server.exam`.
 */
export async function start({ port, state, vars = {}, config, onLine = () => {}, origin, gateway, exam } = {}) {
  port ??= await freePort();
  const address = `http://127.0.0.1:${port}`;
  const secrets = config ? {} : { TOTP_KEY: demo.secrets(local).key.toString("base64") };
  const all = { ...(origin === null ? {} : { ORIGIN: origin ?? address }), ...secrets, ...gateway, ...vars };
  const folder = path.join(local, "run", String(port));
  fs.mkdirSync(folder, { recursive: true });
  const words = [
    "dev", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort()),
    "--persist-to", state,
    "--show-interactive-dev-session=false", "--log-level", "info",
    ...configs(config, gateway, exam).flatMap((file) => ["--config", configured(file, folder, all)]),
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
  const server = { address, port, log, exit, pid: child.pid, exam: undefined, stop, kill };
  let door;

  /** Ends wrangler and its workerd, the hard way if they do not go by themselves. */
  async function stop() {
    void door?.close();
    signal("SIGTERM");
    const late = setTimeout(() => signal("SIGKILL"), 4000);
    await exit;
    clearTimeout(late);
    signal("SIGKILL");
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** As a crash: nothing gets a chance to tidy up. */
  async function kill() {
    void door?.close();
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
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    if (exam) {
      door = await examDoor(port, exam === true ? 0 : exam);
      server.exam = door.address;
    }
    return server;
  }
  await stop();
  throw new Error(`the portal did not start:\n${log.join("\n")}`);
}

/** Starts the trust worker: its own configuration and database, and no secret of the portal. */
export function startTrust({ state, config = "workers/trust/wrangler.toml", ...options }) {
  return start({ ...options, state: path.join(state, "trust"), config, origin: null });
}

/** Starts the worker of tests alone. The portal on the same folder would have to be the same process: `start({ exam: true })`. */
export function startExam({ state, ...options }) {
  return start({ ...options, state, config: "workers/exam/wrangler.toml", origin: null });
}
