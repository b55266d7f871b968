// The portal and its peers on workerd, without anything between them and the client: no proxy of
// a development server, no inspector, no logs. What runs is the bundle that would be deployed.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_readConfig as readConfig } from "wrangler";
import * as demo from "../demo.mjs";
import { freePort } from "../server.mjs";

const root = process.env.MANSAP_ROOT;
const local = process.env.MANSAP_LOCAL;
/** Nobody reaches it: budgets are asked as in production and never run out. */
const ENDLESS = 1_000_000_000;

const running = new Set();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, () => {
    void Promise.all([...running].map((server) => server.stop())).then(() => process.exit(1));
  });
}

/** The same for all, so that their answers can be compared. */
export const ORIGIN = "http://mansap.localhost";

/** The bundle of a wrangler.toml, as `wrangler deploy` would upload it. */
function bundle(config, name) {
  const to = path.join(local, "bench/bundle", name);
  fs.rmSync(to, { recursive: true, force: true });
  // wrangler wants the folder of the cabinet even where nobody asks for the cabinet.
  fs.mkdirSync(path.join(root, "frontend/dist"), { recursive: true });
  execFileSync("wrangler", ["deploy", "--dry-run", "--outdir", to, "--config", config, "--env=", "--minify"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return to;
}

const TYPES = { ".js": "ESModule", ".mjs": "ESModule", ".wasm": "CompiledWasm", ".json": "Text", ".html": "Text" };

function modules(folder, main) {
  const list = fs.readdirSync(folder)
    .filter((name) => TYPES[path.extname(name)])
    .map((name) => ({ type: TYPES[path.extname(name)], path: path.join(folder, name) }));
  const first = list.findIndex((module) => path.basename(module.path) === main);
  return [...list.splice(first, 1), ...list];
}

const built = new Map();

/** The folder of a bundle, made once a run. */
export function bundled(name, config) {
  if (!built.has(name)) built.set(name, bundle(config, name));
  return built.get(name);
}

/**
 * Starts a worker. `config` is its wrangler.toml, `state` the folder of its databases; `probe`
 * puts a module between the runtime and the worker that counts what it asks of the databases. With
 * `base` (an address) it asks the database of another process (database.mjs) and has none itself.
 */
export async function start({ name, config, state, vars = {}, probe = false, base }) {
  const settings = readConfig({ config });
  const folder = bundled(name, config);
  const main = fs.readdirSync(folder).find((file) => file === path.basename(settings.main).replace(/\.(ts|mjs|js)$/, ".js"));
  const at = (file) => path.join(root, "scripts/lib/bench", file);
  if (probe) {
    fs.writeFileSync(path.join(folder, "probe.mjs"), fs.readFileSync(at("probe.mjs"), "utf8").replace("./worker.js", `./${main}`));
    fs.copyFileSync(at("memory.mjs"), path.join(folder, "memory.mjs"));
  }
  if (base) fs.writeFileSync(path.join(folder, "shard.mjs"), fs.readFileSync(at("shard.mjs"), "utf8").replace("./worker.js", `./${main}`));
  const ids = Object.fromEntries(settings.d1_databases.map((one) => [one.binding, one.database_id]));
  const limits = Object.fromEntries((settings.ratelimits ?? []).map((one) => [
    one.name, { namespace_id: one.namespace_id, simple: { limit: ENDLESS, period: 60 } },
  ]));
  return serve(name, state, {
    modules: modules(folder, probe ? "probe.mjs" : base ? "shard.mjs" : main),
    modulesRoot: folder,
    compatibilityDate: settings.compatibility_date,
    compatibilityFlags: settings.compatibility_flags,
    bindings: { ...settings.vars, ORIGIN, EDGE_CACHE: "off", BASE: base ?? "", ...vars },
    d1Databases: base ? {} : ids,
    durableObjects: Object.fromEntries((settings.durable_objects?.bindings ?? []).map((one) => [one.name, { className: one.class_name, useSQLite: true }])),
    r2Buckets: Object.fromEntries((settings.r2_buckets ?? []).map((one) => [one.binding, one.bucket_name])),
    ratelimits: limits,
  });
}

/** The database of the service and nothing else, for several workers that share it. */
export async function database({ state }) {
  const { d1_databases: [{ database_id: id }], compatibility_date: compatibilityDate } = readConfig({ config: OURS[1] });
  const script = fs.readFileSync(path.join(root, "scripts/lib/bench/database.mjs"), "utf8");
  return serve("database", state, { modules: [{ type: "ESModule", path: "database.mjs", contents: script }], compatibilityDate, d1Databases: { DB: id } });
}

/** Runs what a worker consists of, on a port of its own. */
async function serve(name, state, options) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const runtime = new Miniflare(convertV4MiniflareOptions({
    name,
    ...options,
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    resourcePersistencePath: path.join(state, "v3"),
    host: "127.0.0.1",
    port: await freePort(),
    cf: false,
    telemetry: { enabled: false },
  }));
  await runtime.ready;
  const server = {
    name,
    address,
    port,
    pid: workerds().at(-1),
    /** The clock of the worker ticks. */
    tick: async () => (await runtime.getWorker()).scheduled({ scheduledTime: new Date() }),
    /** As a crash: nothing gets a chance to tidy up. Returns once it runs again, on the same port. */
    kill: async () => {
      const before = server.pid;
      process.kill(before, "SIGKILL");
      for (;;) {
        const there = await answers(address);
        server.pid = workerds().at(-1);
        if (there && server.pid && server.pid !== before) return;
        await pause(20);
      }
    },
    stop: async () => {
      if (running.delete(server)) await runtime.dispose();
    },
  };
  running.add(server);
  return server;
}

/** Whether a worker answers at all. */
async function answers(address) {
  const answer = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer !== undefined;
}

/** All that run here die in one moment, as with the machine; returns once all of them run again. */
export async function killAll() {
  const [before, servers] = [workerds(), [...running]];
  for (const pid of before) process.kill(pid, "SIGKILL");
  for (;;) {
    const there = await Promise.all(servers.map(({ address }) => answers(address)));
    const pids = workerds();
    if (there.every(Boolean) && pids.length >= before.length && pids.every((pid) => !before.includes(pid))) return;
    await pause(20);
  }
}

/** Each workerd among our own children, the newest last. */
export function workerds() {
  const children = fs.readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
  const ours = children.filter((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "workerd";
    } catch {
      // It has just ended.
      return false;
    }
  });
  return ours.map(Number);
}

const totpKey = () => demo.secrets(local).key.toString("base64");

export const OURS = ["mansap", path.join(root, "wrangler.toml")];

/** The portal. */
export const ours = (options) =>
  start({ name: OURS[0], config: OURS[1], ...options, vars: { TOTP_KEY: totpKey(), DEV: "", ...options.vars } });

/** The worker of tests. */
export const tests = (options) =>
  start({ name: "mansap-exam", config: path.join(root, "workers/exam/wrangler.toml"), ...options });

/** The same routes in Hono. */
export const hono = (options) =>
  start({ name: "hono", config: path.join(root, "tests/peers/hono/wrangler.toml"), ...options });
