// Notifications through the queue to the stand-in of the gateways.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { startGateway } from "../../../tests/gateway/gateway.mjs";
import { addNotices } from "../../../tests/lib/notices.mjs";
import { start } from "../server.mjs";
import { home } from "./data.mjs";
import { rss } from "./load.mjs";

const root = process.env.MANSAP_ROOT;
/** Each notice is a letter and a text message. */
const EACH = 2;
/** Seconds without a single new message after which something is lost. */
const PATIENCE = 180;

/**
 * Half as many notices as messages, written into the outbox; the sweeps hand them over, the queue
 * brings them. MESSAGES=2000 asks for another number than the usual 100,000.
 */
export async function messages({ quick }) {
  const wanted = Number(process.env.MESSAGES ?? (quick ? 2000 : 100_000));
  const state = path.join(home, "messages");
  fs.rmSync(state, { recursive: true, force: true });
  execFileSync("scripts/lib/state", [state], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  addNotices(state, Math.ceil(wanted / EACH));
  const gateway = await startGateway();
  const server = await start({ state, gateway: gateway.vars });
  try {
    const from = Date.now();
    let [last, moved, most] = [0, Date.now(), 0];
    while (gateway.gateway.sent.length < wanted) {
      await (await fetch(`${server.address}/cdn-cgi/local/scheduled`)).body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 500));
      most = Math.max(most, rss(server.pid));
      const now = gateway.gateway.sent.length;
      if (now > last) [last, moved] = [now, Date.now()];
      if (Date.now() - moved > PATIENCE * 1000) throw new Error(`${now} of ${wanted} messages came`);
    }
    const seconds = (Date.now() - from) / 1000;
    const keys = new Map();
    for (const { key } of gateway.gateway.sent) keys.set(key, (keys.get(key) ?? 0) + 1);
    const twice = [...keys.values()].filter((n) => n > 1).length;
    return [{
      what: `${wanted} messages through the queue to the stand-in (MESSAGES=${wanted})`,
      value: `${keys.size} keys, ${twice} sent twice, **${(wanted / seconds).toFixed(0)} a second**, at most ${most.toFixed(0)} MB (workerd, both workers, databases and queue)`,
      bar: "each once",
    }];
  } finally {
    await server.stop();
    await gateway.close();
    fs.rmSync(state, { recursive: true, force: true });
  }
}
