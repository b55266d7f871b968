// The worker of tests. It looks at the address and hands the request to the object of the attempt;
// every hour it wakes objects whose time ran out and whose alarm never came.
import { batch } from "./core.mjs";

export { Attempt } from "./attempt.mjs";

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

/** /a/ULID/word, and for blocks a number. */
const ADDRESS = /^\/a\/([0-9a-hjkmnp-tv-z]{26})\/(open|start|events|socket|look|appeal|proctor|block|open-block)(?:\/(\d{1,3}))?$/;
/** How long after its last moment an attempt is left to its own alarm, milliseconds. */
const LATE = 60_000;
/** How many the sweep wakes at once. */
const SOME = 200;

function object(env, attempt) {
  return env.ATTEMPT.get(env.ATTEMPT.idFromName(attempt));
}

function sealed(answer) {
  if (answer.webSocket) return answer;
  const all = new Response(answer.body, answer);
  for (const [name, value] of Object.entries(HEADERS)) all.headers.set(name, value);
  return all;
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return sealed(new Response("ok"));
    const found = ADDRESS.exec(pathname);
    // The page of candidates, where the platform has not answered with it already.
    if (!found && env.ASSETS && ["GET", "HEAD"].includes(request.method) && !pathname.startsWith("/a/")) return env.ASSETS.fetch(request);
    if (!found) return sealed(new Response(null, { status: 404 }));
    // A school shares an address: wide enough for a room of two hundred, narrow enough for a script.
    const address = request.headers.get("cf-connecting-ip") ?? "";
    const allowed = (await env.LIMIT_DOOR?.limit({ key: address }).catch(() => undefined))?.success ?? true;
    if (!allowed) return sealed(Response.json({ error: "too_many" }, { status: 429, headers: { "retry-after": "10" } }));
    try {
      return sealed(await object(env, found[1]).fetch(request));
    } catch (error) {
      // The place is enough; a message could carry somebody's data.
      console.error("fault", error?.name);
      return sealed(Response.json({ error: "fault" }, { status: 500 }));
    }
  },

  async scheduled(event, env) {
    const sql = "SELECT id FROM exam_attempt WHERE state IN ('running', 'submitted', 'expired', 'terminated') AND scoring = 0 AND deadline < ?1 ORDER BY deadline LIMIT ?2";
    const [rows] = await batch(env, [[sql, [event.scheduledTime - LATE, SOME]]]);
    const woken = await Promise.allSettled(rows.map(({ id }) => object(env, id).wake()));
    const failed = woken.filter(({ status }) => status === "rejected").length;
    if (failed > 0) console.error("sweep", failed);
  },
};
