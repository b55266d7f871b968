// The entry of the worker `portal`.
import { serve } from "../../edge/js/entry.mjs";
import * as wasm from "../build/portal.js";
import module from "../build/portal_bg.wasm";

const { fetch } = serve(wasm, module);

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

/** What exists in development alone: the mailbox, and the worker of tests behind a host of its own. */
function local(request, env) {
  const { hostname, pathname } = new URL(request.url);
  if (hostname === "exam.localhost") return env.EXAM?.fetch(request) ?? new Response("No worker of tests runs: start scripts/dev", { status: 503 });
  return pathname === "/dev/mailbox" ? mailbox(env) : undefined;
}

export default {
  fetch(request, env, ctx) {
    return (env.DEV === "1" && local(request, env)) || fetch(request, env, ctx);
  },
  /** What happens by itself happens in the office. */
  async scheduled(event, env) {
    const asks = [env.OFFICE.fetch("https://office/sweep", { method: "POST" })];
    // Locally the clock ticks for one worker only; deployed, `dispatch` has its own.
    if (env.DEV === "1" && env.DISPATCH) asks.push(env.DISPATCH.fetch("https://dispatch/sweep", { method: "POST" }));
    for (const done of await Promise.allSettled(asks)) {
      if (done.status === "rejected") console.error("sweep", String(done.reason));
      else await done.value.body?.cancel();
    }
  },
};
