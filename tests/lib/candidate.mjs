// A candidate's page as it behaves: what is done is numbered and kept until it is confirmed, goes over
// the line or by post, and is said again whenever the line has come back.
import { createDecipheriv, createHash } from "node:crypto";
import http from "node:http";
import { line } from "./line.mjs";

/** Numbers of the page: seconds until the line is tried again (about), between looks, and of patience. */
const BACKOFF = [2, 3, 5, 9, 16];
const LOOK_MS = 3000;
const PATIENCE_MS = 15_000;
const BEAT_MS = 10_000;
const MESSAGE_MOST = 100;
/** States in which an attempt is over. */
export const OVER = ["submitted", "expired", "terminated"];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds after so many failures: from half of what is usual to one and a half. */
const wait = (fails) => BACKOFF[Math.min(fails, BACKOFF.length - 1)] * 1000 * (0.5 + Math.random());

/** Numbers that look random: the same ones for the same seed (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function unseal(key, label, sealed) {
  const bytes = sealed.subarray(0, -16);
  const decipher = createDecipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(label), { plaintextLength: bytes.length });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256, timeout: PATIENCE_MS });

/** Asks by post or get; status 0 where nobody answers. `held` gets the request, so that it can be cut. */
function ask({ port, path, token, body, held = () => {} }) {
  return new Promise((resolve) => {
    const nobody = () => resolve({ status: 0, bytes: Buffer.alloc(0) });
    const request = http.request({
      agent, host: "127.0.0.1", port, path, method: body === undefined ? "GET" : "POST", timeout: PATIENCE_MS,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }) },
    }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, json: (answer.headers["content-type"] ?? "").startsWith("application/json"), bytes: Buffer.concat(parts) }));
      answer.on("error", nobody);
    });
    request.on("error", nobody);
    request.on("timeout", () => request.destroy());
    held(request);
    request.end(body);
  });
}

/**
 * A candidate's page. `site` has the port of the worker (it may come back at another); `posts`: no
 * line can be opened from where the person sits.
 */
export class Candidate {
  #site;
  #line;
  #request;
  #fails = 0;
  #said = 0;
  #busy = false;
  #beat;
  #alive = true;
  #mine = [];
  /** Event by number until it is confirmed: what, task, letter, when it was done. */
  #waiting = new Map();

  constructor(site, who, { posts = false, tasks = 50 } = {}) {
    this.#site = site;
    Object.assign(this, { who, posts, tasks, n: 0, upto: 0, status: "ready", ended: false, report: undefined, quit: false });
    this.page = createHash("sha256").update(who.token).digest("hex").slice(0, 16);
    this.born = performance.now();
    /** Every letter that was ever given: task -> number of the event -> letter. */
    this.given = Array.from({ length: tasks }, () => new Map());
    /** The newest answer of each task that was confirmed as counted: number of its event. */
    this.sure = new Array(tasks).fill(0);
    /** Milliseconds from an answer to its confirmation. */
    this.times = [];
    this.lost = 0;
  }

  async #ask(word, body) {
    const { status, bytes, json } = await ask({
      port: this.#site.port, path: `/a/${this.who.id}/${word}`, token: this.who.token,
      body: body === undefined ? undefined : JSON.stringify(body), held: (request) => (this.#request = request),
    });
    return { status, bytes, body: json ? JSON.parse(bytes) : undefined };
  }

  /** Asks until it is answered: who comes in presses again. */
  async #insist(word, body) {
    for (let n = 0; ; n++) {
      const answer = await this.#ask(word, body);
      if (answer.status === 200) return answer;
      if (answer.status !== 0 && answer.status < 500) throw new Error(`${word}: ${answer.status} ${answer.bytes}`);
      await pause(wait(n));
    }
  }

  /** Comes in, fetches the tasks, begins, opens the line. */
  async begin() {
    const opened = await this.#insist("open", { page: this.page, device: "Chrome, Android" });
    this.epoch = opened.body.view.epoch;
    const sealed = (await this.#insist("block/0")).bytes;
    const begun = await this.#insist("start", {});
    this.#view(begun.body.view);
    const [[, key]] = begun.body.keys;
    const tasks = JSON.parse(unseal(Buffer.from(key, "hex"), `${this.who.id}|0`, sealed));
    for (const { n, body: task } of tasks) {
      this.#mine[n] = Object.fromEntries(task.task.options.map(({ id, text }) => [text[0].p[0].t.at(-1), id]));
    }
    if (this.posts) void this.#post();
    else this.#connect();
  }

  /** Whether the line stands. */
  get online() {
    return this.#line?.isOpen ?? false;
  }

  /** Events that nobody has confirmed. */
  get unsent() {
    return this.#waiting.size;
  }

  #view({ status, deadline }) {
    Object.assign(this, { status, deadline });
    if (OVER.includes(status)) this.ended = true;
  }

  // ---------------------------------------------------------------------------- what is done

  answer(slot, letter) {
    const n = this.#act("answer", slot, JSON.stringify({ options: [this.#mine[slot][letter]] }));
    this.given[slot].set(n, letter);
  }

  show(slot) {
    this.#act("show", slot, "");
  }

  finish() {
    this.#act("finish", undefined, "");
    this.ended = true;
  }

  #act(what, slot, value) {
    const n = ++this.n;
    const event = { n, what, mono: Math.round(performance.now() - this.born), ...(slot === undefined ? {} : { slot }), ...(value === "" ? {} : { value }) };
    this.#waiting.set(n, { event, at: performance.now() });
    this.#flush();
    return n;
  }

  #flush() {
    if (!this.online) return;
    for (;;) {
      const fresh = [];
      for (const [n, { event }] of this.#waiting) {
        if (n > this.#said && fresh.length < MESSAGE_MOST) fresh.push(event);
      }
      if (fresh.length === 0 || !this.#line.send(JSON.stringify({ events: fresh }))) return;
      this.#said = fresh.at(-1).n;
    }
  }

  #received({ upto, uncounted = [], status, deadline }) {
    const now = performance.now();
    for (const [n, { event, at }] of this.#waiting) {
      if (n > upto) break;
      this.#waiting.delete(n);
      if (event.what !== "answer") continue;
      this.times.push(now - at);
      if (uncounted.includes(n)) this.lost++;
      else this.sure[event.slot] = Math.max(this.sure[event.slot], n);
    }
    this.upto = Math.max(this.upto, upto);
    this.#view({ status, deadline });
  }

  // ------------------------------------------------------------------------------- the line

  #connect() {
    const made = line({
      port: this.#site.port, path: `/a/${this.who.id}/socket?epoch=${this.epoch}`, protocols: ["mansap-exam", this.who.token],
      open: () => {
        this.#fails = 0;
        this.#alive = true;
        this.#said = this.upto;
        clearInterval(this.#beat);
        this.#beat = setInterval(() => this.#ping(), BEAT_MS);
        this.#flush();
      },
      heard: (text) => {
        this.#alive = true;
        if (text === "pong") return;
        const { received, view } = JSON.parse(text);
        if (received) this.#received(received);
        else if (view) this.#view(view);
      },
      gone: () => this.#gone(made),
    });
    this.#line = made;
  }

  #ping() {
    if (!this.#alive) return this.#line?.cut();
    this.#alive = false;
    this.#line?.send("ping");
    return undefined;
  }

  #gone(which) {
    if (this.#line !== which) return;
    clearInterval(this.#beat);
    this.#line = undefined;
    if (this.quit || this.ended) return;
    setTimeout(() => this.#again(), wait(this.#fails++));
  }

  /** As the page does it: what is not confirmed goes out by post, then how it stands, then the line. */
  async #again() {
    if (this.quit || this.ended || this.#busy) return;
    this.#busy = true;
    const reached = await this.#send() && (await this.#look());
    this.#busy = false;
    if (this.quit || this.ended) return;
    if (reached) this.#connect();
    else setTimeout(() => this.#again(), wait(this.#fails++));
  }

  /** Everything by post; whether it was taken. */
  async #send() {
    while (this.#waiting.size > 0) {
      if (this.quit) return false;
      const events = [...this.#waiting.values()].slice(0, MESSAGE_MOST).map(({ event }) => event);
      const { status, body: said } = await this.#ask("events", { epoch: this.epoch, events });
      if (status !== 200) return false;
      this.#received(said);
    }
    return true;
  }

  async #look() {
    const { status, body: said } = await this.#ask("look");
    if (status !== 200) return false;
    this.report = said.report;
    this.#view(said.view);
    return true;
  }

  /** Where no line can be opened. */
  async #post() {
    while (!this.ended && !this.quit) {
      await pause(LOOK_MS);
      await this.#send();
    }
  }

  /** Cuts what is under way: the line, or the request. */
  cut() {
    this.#line?.cut();
    if (this.posts) this.#request?.destroy();
  }

  /** Over for the person: asks until what it has done is confirmed and the result is there. */
  async settle() {
    this.ended = true;
    while (!this.quit && !(await this.#send() && (await this.#look()) && this.report)) await pause(LOOK_MS);
    this.leave();
  }

  /** Goes for good, without a word. */
  leave() {
    this.quit = true;
    clearInterval(this.#beat);
    this.cut();
  }
}

/** Does `work` for each, so many at a time. */
export async function crowded(list, atOnce, work) {
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, async () => {
    while (next < list.length) await work(list[next++]);
  }));
}
