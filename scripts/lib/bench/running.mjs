// Servers of a measurement: whatever ends it, Ctrl-C too, ends them.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { startGateway } from "../../../tests/gateway/gateway.mjs";
import { start } from "../server.mjs";
import { home } from "./data.mjs";

const root = process.env.MANSAP_ROOT;
/** So long an answer may take. */
const SILENCE_MS = 30_000;
const open = new Set();

async function closeAll() {
  await Promise.all([...open].map((one) => one.close()));
}
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => void closeAll().then(() => process.exit(1)));

/**
 * The portal with all its workers on databases of its own and, unless `gateway: false`, the
 * stand-in of the gateways. `stage` writes into the databases before.
 */
export async function portal(name, { stage, gateway: wanted = true } = {}) {
  const state = path.join(home, name);
  fs.rmSync(state, { recursive: true, force: true });
  execFileSync("scripts/lib/state", [state], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  stage?.(state);
  const gateway = wanted ? await startGateway() : undefined;
  const site = { state, gateway: gateway?.gateway };
  const close = async () => {
    open.delete(site);
    await site.server?.stop();
    await gateway?.close();
    fs.rmSync(state, { recursive: true, force: true });
  };
  Object.assign(site, { close });
  open.add(site);
  try {
    site.server = await start({ state, gateway: gateway?.vars });
  } catch (error) {
    await close();
    throw error;
  }
  site.address = site.server.address;
  site.ask = (where, init = {}) => fetch(new URL(where, site.address), { redirect: "manual", signal: AbortSignal.timeout(SILENCE_MS), ...init });
  // A sweep that takes too long goes on by itself; the next tick comes all the same.
  site.tick = () => site.ask("/cdn-cgi/local/scheduled").then((answer) => answer.body?.cancel()).catch(() => {});
  /** Ends the server, so that its databases can be read; `close` still has to follow. */
  site.halt = () => site.server.stop();
  return site;
}

/** How often the stand-in took each key: [messages, keys, keys that it took more than once]. */
export function taken(gateway) {
  const keys = new Map();
  for (const { key } of gateway.sent) keys.set(key, (keys.get(key) ?? 0) + 1);
  return [gateway.sent.length, keys.size, [...keys.values()].filter((n) => n > 1).length];
}
