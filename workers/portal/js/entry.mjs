// The entry of the worker: hands events to the WebAssembly module and survives its panics.
//
// A panic or a trap poisons the module's memory. Everything under way is then answered with a
// 500 at once (its futures will never be woken again) and the next event gets a fresh instance
// of the same module, without a cold start of the isolate.
import * as portal from "../build/portal.js";
import module from "../build/portal_bg.wasm";

portal.initSync({ module });

/** Ways to end what is under way. */
const running = new Set();
let broken = false;
let sorry;

function fail() {
  broken = true;
  for (const end of [...running]) end();
  running.clear();
}

globalThis.mansapPanicked = fail;
addEventListener("error", (event) => {
  if (fatal(event.error)) fail();
});

function fatal(error) {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** The plain page of a fault, rendered by the application once, while it was well. */
function fault() {
  const [status, headers, body] = sorry ?? [500, [["content-type", "text/plain"]], "500"];
  return new Response(body, { status, headers });
}

function run(env, work, otherwise) {
  if (broken) {
    portal.__wbg_reset_state();
    broken = false;
  }
  return new Promise((resolve, reject) => {
    const end = () => (otherwise ? resolve(otherwise()) : reject(new Error("the module failed")));
    running.add(end);
    const over = (then) => (value) => {
      running.delete(end);
      then(value);
    };
    const failed = over((error) => {
      console.error("fault", String(error));
      if (fatal(error)) fail();
      end();
    });
    try {
      sorry ??= JSON.parse(portal.sorry(env));
      work().then(over(resolve), failed);
    } catch (error) {
      failed(error);
    }
  });
}

/** What the stand-in of the gateways was given. Development only: nowhere else is there one. */
async function mailbox(env) {
  const answer = await env.DISPATCH?.fetch("https://dispatch/mailbox").catch(() => undefined);
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return new Response(answer?.ok ? answer.body : "No stand-in of the gateways runs: start scripts/dev", { status: answer?.ok ? 200 : 503, headers });
}

export default {
  fetch(request, env, ctx) {
    if (env.DEV === "1" && new URL(request.url).pathname === "/dev/mailbox") return mailbox(env);
    return run(env, () => portal.fetch(request, env, ctx), fault);
  },
  async scheduled(event, env) {
    await run(env, () => portal.scheduled(env));
    // Locally the clock ticks for one worker only; deployed, each has its own.
    if (env.DEV === "1") await env.DISPATCH?.fetch("https://dispatch/sweep", { method: "POST" }).catch(() => {});
  },
};
