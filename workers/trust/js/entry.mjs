// The entry of the trust worker. It serves the reporter's page, the same bytes to everybody, and hands
// the module the body of a request and nothing else: no header, no address, no place is read, and
// nothing is logged.
//
// Whatever goes wrong looks like every other answer: random bytes of the usual size.
import { DurableObject } from "cloudflare:workers";
import * as trust from "../build/trust.js";
import module from "../build/trust_bg.wasm";
import { FILES } from "../build/page/files.mjs";
import { body } from "./glue.js";

trust.initSync({ module });

/** The one address. */
const PATH = "/t";
const USUAL = 8192;
const HEADERS = {
  "content-type": "application/octet-stream",
  // no-transform: compressed answers would tell by their length what they hold.
  "cache-control": "no-store, no-transform",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

/** For the page: its own scripts, style and module, one Worker, nothing from anywhere else. */
const PAGE_HEADERS = {
  ...HEADERS,
  // Nothing of the page stays on the device: the next person who uses it finds no trace.
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; worker-src 'self'; connect-src 'self'; " +
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types page",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy":
    "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
};

/** Addresses without a language. */
const FIRST = { "/": "/kk", "/officer": "/officer/kk", "/poster": "/poster/kk" };

/** Ways to end what is under way, and how often the module was lost. */
const running = new Set();
let broken = false;
let life = 0;

globalThis.mansapTrustPanicked = () => {
  broken = true;
  for (const end of [...running]) end();
  running.clear();
};

/** Runs something on a module that is well; what a lost module had under way fails. */
function run(work) {
  if (broken) {
    trust.__wbg_reset_state();
    broken = false;
    life += 1;
  }
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error());
    running.add(end);
    const over = (then) => (value) => {
      running.delete(end);
      then(value);
    };
    const failed = over((error) => {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) globalThis.mansapTrustPanicked();
      reject(error);
    });
    try {
      Promise.resolve(work()).then(over(resolve), failed);
    } catch (error) {
      failed(error);
    }
  });
}

function say(bytes, status = 200) {
  return new Response(bytes, { status, headers: HEADERS });
}

/** A page as it is served: the root key is put in. */
const filled = (address, root) => FILES[address][1].replace("{{ROOT}}", root);

/** The same with the sums of other pages, for whoever compares them with a build of their own. */
async function summed(address, root) {
  let text = filled(address, root);
  for (const [mark, of] of text.matchAll(/\{\{SUM (\/\w+)\}\}/g)) {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(filled(of, root))));
    text = text.replace(mark, Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  return text;
}

/** A file of the page, if there is one at this address. */
async function file(request, env) {
  const asked = new URL(request.url).pathname;
  const address = FIRST[asked] ?? asked;
  if (!Object.hasOwn(FILES, address)) return undefined;
  const [type, bytes, script] = FILES[address];
  const root = /^[0-9a-f]{64}$/.test(env.ROOT ?? "") ? env.ROOT : "";
  const shown = type.startsWith("text/html") ? await summed(address, root) : bytes;
  const headers = { ...PAGE_HEADERS, "content-type": type };
  // The script that stands in the page, by its sum: any other is stopped.
  // Its Worker is made of a text in it, so that no script has an address under which a browser keeps it.
  if (script) headers["content-security-policy"] = headers["content-security-policy"].replace("script-src 'self'", `script-src ${script}`).replace("worker-src 'self'", "worker-src blob:");
  return new Response(request.method === "HEAD" ? null : shown, { headers });
}

async function answer(request, env) {
  if (request.method === "GET" || request.method === "HEAD") return (await file(request, env)) ?? say(null, 404);
  if (request.method !== "POST" || new URL(request.url).pathname !== PATH) {
    await request.body?.cancel();
    return say(null, 404);
  }
  try {
    const bytes = await body(request.body);
    return say(await run(() => trust.answer(bytes, env)));
  } catch {
    return say(crypto.getRandomValues(new Uint8Array(USUAL)));
  }
}

export default {
  fetch: answer,
  async scheduled(event, env) {
    await run(() => trust.tick(event.scheduledTime, env));
  },
};

/**
 * Challenges, in the memory of one object. It writes nothing: when it goes, what it knew is gone,
 * and a challenge that was not used is asked for anew.
 */
export class Intake extends DurableObject {
  #made;
  #life = -1;

  async #challenges() {
    return run(() => {
      if (this.#life !== life) {
        this.#made = new trust.Challenges(this.env);
        this.#life = life;
      }
      return this.#made;
    });
  }

  async challenge() {
    const made = await this.#challenges();
    return run(() => made.challenge());
  }

  async spend(challenge, send) {
    const made = await this.#challenges();
    return run(() => made.spend(challenge, send));
  }
}
