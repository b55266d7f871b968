// The entry of the worker: queue, minute and service binding, each handed to the WebAssembly
// module. It has no public address: only the portal reaches `fetch`, through its binding.
//
// A panic poisons the module's memory: what is under way fails (the queue brings it back), and
// the next event gets a fresh instance.
import * as dispatch from "../build/dispatch.js";
import module from "../build/dispatch_bg.wasm";

dispatch.initSync({ module });

const running = new Set();
let broken = false;

globalThis.mansapDispatchPanicked = () => {
  broken = true;
  for (const end of [...running]) end();
  running.clear();
};

function run(work) {
  if (broken) {
    dispatch.__wbg_reset_state();
    broken = false;
  }
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error("the module failed"));
    running.add(end);
    const over = (then) => (value) => {
      running.delete(end);
      then(value);
    };
    const failed = over((error) => {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) globalThis.mansapDispatchPanicked();
      reject(error);
    });
    try {
      Promise.resolve(work()).then(over(resolve), failed);
    } catch (error) {
      failed(error);
    }
  });
}

/** The mailbox of development: the page of the stand-in, as it is. */
async function mailbox(env) {
  const where = await run(() => dispatch.mailbox(env));
  if (!where) return new Response(null, { status: 404 });
  try {
    return await fetch(`${where}/mailbox`, { signal: AbortSignal.timeout(5000) });
  } catch {
    return new Response(null, { status: 503 });
  }
}

/** The dead-letter queue has the name of the queue and this ending. */
const DEAD = "-dead";
/** Seconds until the queue brings back a batch that failed. */
const LATER = 30;

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    try {
      if (url.pathname === "/express" && request.method === "POST") {
        const body = await request.text();
        return new Response(null, { status: await run(() => dispatch.express(env, body)) });
      }
      if (url.pathname === "/sweep" && request.method === "POST") {
        await run(() => dispatch.sweep(env));
        return new Response(null, { status: 204 });
      }
      if (url.pathname === "/mailbox" && request.method === "GET") return await mailbox(env);
    } catch (error) {
      console.error("fault", String(error));
      return new Response(null, { status: 503 });
    }
    return new Response(null, { status: 404 });
  },

  async queue(batch, env) {
    try {
      if (batch.queue.endsWith(DEAD)) await run(() => dispatch.dead(env, batch.messages.length));
      else await run(() => dispatch.jobs(env, JSON.stringify(batch.messages.map(({ body }) => body))));
      batch.ackAll();
    } catch (error) {
      console.error("queue", String(error));
      batch.retryAll({ delaySeconds: LATER });
    }
  },

  async scheduled(event, env) {
    await run(() => dispatch.sweep(env));
  },
};
