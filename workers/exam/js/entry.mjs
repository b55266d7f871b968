// The worker of tests. It looks at the address and hands the request to the object of the attempt;
// every hour it wakes objects whose time ran out and whose alarm never came.
import { act, batch } from "./core.mjs";

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
const ADDRESS = /^\/a\/([0-9a-hjkmnp-tv-z]{26})\/(open|start|events|socket|look|appeal|proctor|block|file|open-block)(?:\/(\d{1,3}))?$/;
/** /s/ULID/live: all attempts of a room in one answer, for who watches it. */
const ROOM = /^\/s\/([0-9a-hjkmnp-tv-z]{26})\/live$/;
/** How long after its last moment an attempt is left to its own alarm, milliseconds. */
const LATE = 60_000;
/** How many the sweep wakes at once, and how often it goes on: an event may ask a thousand times. */
const SOME = 200;
const ROUNDS = 4;

function object(env, attempt) {
  return env.ATTEMPT.get(env.ATTEMPT.idFromName(attempt));
}

function sealed(answer) {
  if (answer.webSocket) return answer;
  const all = new Response(answer.body, answer);
  for (const [name, value] of Object.entries(HEADERS)) all.headers.set(name, value);
  return all;
}

/** Proctors ask from the cabinet, which is at home elsewhere; nobody else does. */
function shared(request, env, answer) {
  if (env.ORIGIN && request.headers.get("origin") === env.ORIGIN) {
    answer.headers.set("access-control-allow-origin", env.ORIGIN);
    answer.headers.set("access-control-expose-headers", "etag");
  }
  answer.headers.set("vary", "origin");
  return answer;
}

function preflight() {
  return new Response(null, {
    status: 204,
    headers: { "access-control-allow-methods": "GET, POST", "access-control-allow-headers": "authorization, content-type, if-none-match", "access-control-max-age": "600" },
  });
}

const digits = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** How a room stands. What has not changed since the page saw it is not sent again. */
async function live(request, env, session) {
  const token = /^Bearer ([0-9a-f]{64})$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token) return new Response(null, { status: 404 });
  const [proctors, seats] = await batch(env, act("room", { session }));
  const who = act("check", { token, candidate: "", proctors });
  if (!who.proctor) return new Response(null, { status: 404 });
  // Nobody can have opened a page before the door was opened to them, and who is scored moves no more.
  const open = seats.filter(({ state }) => !["scored", "annulled"].includes(state));
  const seen = await Promise.allSettled(open.map(({ id }) => object(env, id).glimpse()));
  const glimpses = new Map(open.map(({ id }, n) => [id, seen[n].status === "fulfilled" ? seen[n].value : { lost: true }]));
  const text = JSON.stringify({ seats: seats.map(({ id, state }) => ({ id, state, live: glimpses.get(id) ?? null })) });
  const etag = `"${digits(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).slice(0, 32)}"`;
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers: { etag } });
  return new Response(text, { headers: { "content-type": "application/json", etag } });
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const room = ROOM.exec(pathname);
    if (request.method === "OPTIONS" && (room || /^\/a\/\w{26}\/proctor$/.test(pathname))) return shared(request, env, sealed(preflight()));
    if (pathname === "/healthz") return sealed(new Response("ok"));
    const found = ADDRESS.exec(pathname);
    // The page of candidates, where the platform has not answered with it already.
    if (!found && env.ASSETS && ["GET", "HEAD"].includes(request.method) && !/^\/[as]\//.test(pathname)) return env.ASSETS.fetch(request);
    if (!found && !(room && request.method === "GET")) return sealed(new Response(null, { status: 404 }));
    // A school shares an address: wide enough for a room of two hundred, narrow enough for a script.
    const address = request.headers.get("cf-connecting-ip") ?? "";
    const allowed = (await env.LIMIT_DOOR?.limit({ key: address }).catch(() => undefined))?.success ?? true;
    if (!allowed) return shared(request, env, sealed(Response.json({ error: "too_many" }, { status: 429, headers: { "retry-after": "10" } })));
    try {
      if (room) return shared(request, env, sealed(await live(request, env, room[1])));
      const answer = sealed(await object(env, found[1]).fetch(request));
      return found[2] === "proctor" ? shared(request, env, answer) : answer;
    } catch (error) {
      // The place is enough; a message could carry somebody's data.
      console.error("fault", error?.name);
      return shared(request, env, sealed(Response.json({ error: "fault" }, { status: 500 })));
    }
  },

  async scheduled(event, env) {
    const sql = "SELECT id, deadline FROM exam_attempt WHERE state IN ('running', 'submitted', 'expired', 'terminated') AND scoring = 0 AND deadline < ?1 AND (deadline, id) > (?2, ?3) ORDER BY deadline, id LIMIT ?4";
    let [after, failed] = [{ deadline: 0, id: "" }, 0];
    const count = (woken) => woken.filter(({ status }) => status === "rejected").length;
    // Those that cannot be woken are gone past: they must not keep the others waiting.
    for (let round = 0; round < ROUNDS && after; round++) {
      const [rows] = await batch(env, [[sql, [event.scheduledTime - LATE, after.deadline, after.id, SOME]]]);
      failed += count(await Promise.allSettled(rows.map(({ id }) => object(env, id).wake())));
      after = rows.length === SOME ? rows.at(-1) : undefined;
    }
    // Answers from paper that nobody has sent on.
    const [papers] = await batch(env, [["SELECT attempt FROM exam_paper WHERE applied_at IS NULL ORDER BY attempt LIMIT ?1", [SOME]]]);
    failed += count(await Promise.allSettled(papers.map(({ attempt }) => object(env, attempt).wake(attempt))));
    if (failed > 0) console.error("sweep", failed);
  },
};
