// Notifications through the queue to the stand-in of the gateways.
import { workerdMemory } from "../../../tests/lib/memory.mjs";
import { addNotices } from "../../../tests/lib/notices.mjs";
import { portal, taken } from "./running.mjs";

/** Each notice is a letter and a text message. */
const EACH = 2;
/** Seconds without a single new message after which something is lost. */
const PATIENCE = 180;
/** How often the clock ticks while it runs, ms: in the field it is a minute. */
const TICK = 3000;

/**
 * Half as many notices as messages, written into the outbox; the sweeps hand them over, the queue
 * brings them. `--count 2000` asks for another number than the usual 100,000.
 */
export async function messages({ quick, count }) {
  const wanted = count ?? (quick ? 2000 : 100_000);
  const site = await portal("messages", { stage: (state) => addNotices(state, Math.ceil(wanted / EACH)) });
  try {
    const from = Date.now();
    let [last, moved, most, said] = [0, Date.now(), 0, Date.now()];
    while (site.gateway.sent.length < wanted) {
      await site.tick();
      await new Promise((resolve) => setTimeout(resolve, TICK));
      most = Math.max(most, workerdMemory(site.server.pid));
      const now = site.gateway.sent.length;
      if (now > last) [last, moved] = [now, Date.now()];
      if (Date.now() - moved > PATIENCE * 1000) throw new Error(`${now} of ${wanted} messages came`);
      if (Date.now() - said > 30_000) {
        console.error(`  ${now} of ${wanted}, ${((now * 1000) / (Date.now() - from)).toFixed(0)} a second`);
        said = Date.now();
      }
    }
    const seconds = (Date.now() - from) / 1000;
    // Whatever would come twice would come now.
    for (let n = 0; n < 4; n++) await site.tick();
    const [all, keys, twice] = taken(site.gateway);
    if (twice > 0 || all !== keys) throw new Error(`${all} messages under ${keys} keys, ${twice} keys more than once`);
    return [{
      what: `${wanted} messages through the queue to the stand-in`,
      value: `${keys} keys, each once, in ${(seconds / 60).toFixed(1)} minutes; **${(wanted / seconds).toFixed(0)} a second**, at most ${most.toFixed(0)} MB (workerd: all workers, databases and queue)`,
      bar: "each once",
    }];
  } finally {
    await site.close();
  }
}
