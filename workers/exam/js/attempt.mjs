// One attempt. It keeps what the module says is to be kept, in one transaction with the state, and
// only then answers: what a page has been told to be saved is on the disk.
import { DurableObject } from "cloudflare:workers";
import { No, act, batch, sealFile } from "./core.mjs";

/** The subprotocol with which a page offers its token: addresses are logged, headers of this kind are not. */
const PROTOCOL = "mansap-exam";
/** A page with a newer one must not come back by itself. */
const REPLACED = 4001;
/** Longest message, bytes. */
const BODY_MOST = 512 * 1024;
const RETRIES = [2_000, 5_000, 15_000, 60_000];
const MINUTE = 60_000;
/** For how long a token that was right is believed: a link that was replaced ends within it. */
const KNOWN = MINUTE;
/** Wrong tokens that an address may try in a minute. */
const GUESSES = 20;

/** Of the state: where it moves, the database is to hear of it. */
const TOLD = ["status", "deadline", "papers"];

const addressOf = (request) => request.headers.get("cf-connecting-ip") ?? "";

const TABLES = `
  CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS block (n INTEGER PRIMARY KEY, sealed TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS file (n INTEGER PRIMARY KEY, block INTEGER NOT NULL, hash TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, cseq INTEGER NOT NULL, row TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS log_event ON log (epoch, cseq) WHERE epoch > 0;
  CREATE TABLE IF NOT EXISTS answer (slot INTEGER NOT NULL, mark INTEGER NOT NULL, value TEXT NOT NULL, late INTEGER NOT NULL, PRIMARY KEY (slot, mark));
`;

const say = (status, body) => Response.json(body, { status });
const refuse = (status, error) => say(status, { error });
/** Words of the module and the statuses that they mean. */
const STATUS = { not_begun: 409, over: 409, already: 409, too_much: 422, epoch: 409, full: 413 };
/** A page that has said more than an attempt may hold. */
const FULL = 4013;

/** The text of a body; undefined, and the rest is not read, where it is longer. */
async function upTo(body, most) {
  const [parts, decoder] = [[], new TextDecoder()];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > most) return undefined;
    parts.push(decoder.decode(part, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}

export class Attempt extends DurableObject {
  #meta;
  #state;
  /** The last moment at which something is taken; none where nothing runs. */
  #due = null;
  /** Whether the database has not heard how it stands. */
  #untold = false;
  /** What the alarm is set to, as far as this instance knows. */
  #alarm;
  /** Tokens that were looked up; each is looked up again once it is a minute old. */
  #doors = new Map();
  /** Wrong tokens of the last minute by address: whoever guesses is not worth a look at the database. */
  #strangers = new Map();

  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  // ------------------------------------------------------------------------------------ storage

  #sql(text, ...values) {
    return this.ctx.storage.sql.exec(text, ...values).toArray();
  }

  #load() {
    if (this.#state) return true;
    this.#sql(TABLES);
    const kept = Object.fromEntries(this.#sql("SELECT name, value FROM kept").map(({ name, value }) => [name, value]));
    if (!kept.state) return false;
    this.#state = JSON.parse(kept.state);
    this.#meta = JSON.parse(kept.meta);
    this.#untold = kept.untold !== undefined;
    return true;
  }

  #keep(name, value) {
    this.#sql("INSERT INTO kept (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", name, value);
  }

  /** One step: everything that comes of it is written before anything is answered. */
  async #step(op) {
    const before = this.#state.status;
    const untold = this.#untold;
    const done = act("step", { state: this.#state, now: Date.now(), op });
    const moved = TOLD.some((name) => done.state[name] !== this.#state[name]);
    this.ctx.storage.transactionSync(() => {
      for (const row of done.rows) {
        this.#sql("INSERT INTO log (n, epoch, cseq, row) VALUES (?1, ?2, ?3, ?4)", row.n, row.epoch, row.cseq, JSON.stringify(row));
      }
      for (const { slot, mark, value, late } of done.puts) {
        if (value === null) this.#sql("DELETE FROM answer WHERE slot = ?1 AND mark = ?2", slot, Number(mark));
        else this.#sql("INSERT INTO answer (slot, mark, value, late) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (slot, mark) DO UPDATE SET value = ?3, late = ?4", slot, Number(mark), value, Number(late));
      }
      this.#keep("state", JSON.stringify(done.state));
      if (!untold && moved) this.#keep("untold", "1");
    });
    this.#untold ||= moved;
    [this.#state, this.#due] = [done.state, done.due ?? null];
    await this.#arm();
    // A database that does not answer is told by the alarm.
    if (done.state.status !== before) this.ctx.waitUntil(this.#tell().catch(() => {}));
    return done;
  }

  // ------------------------------------------------------------------------------- alarms, D1

  /**
   * Sets the alarm to the end of the time, or sooner where the database still has to hear something.
   * Setting it is a write: one that stands is left alone.
   */
  async #arm() {
    const now = Date.now();
    const end = this.#due === null ? Infinity : this.#due + 1;
    const at = this.#untold ? Math.min(end, now + RETRIES[0]) : end;
    const stands = this.#alarm === at || (this.#untold && this.#alarm > now && this.#alarm < at);
    if (at !== Infinity && !stands) await this.#wakeAt(at);
  }

  async #wakeAt(at) {
    this.#alarm = at;
    await this.ctx.storage.setAlarm(at);
  }

  /** Tells the database how it stands; scores what is over. Whatever fails is tried again. */
  async #tell() {
    if (!this.#untold) return;
    const { attempt, lang, claimed, edition, group, key } = this.#meta;
    const state = this.#state;
    if (["submitted", "expired", "terminated"].includes(state.status)) {
      const [tasks] = await batch(this.env, act("ask", { attempt, lang }));
      const answers = this.#sql("SELECT slot, value, late FROM answer WHERE mark = 0").map(({ late, ...answer }) => ({ ...answer, late: late === 1 }));
      const outcome = act("result", { attempt, lang, claimed, edition, group, key, state, tasks, answers, now: Date.now() });
      await batch(this.env, outcome.write);
      this.#keep("report", JSON.stringify(outcome.report));
    } else {
      await batch(this.env, act("mirror", { attempt, state }));
    }
    // It may have gone on meanwhile: then it is told once more.
    if (TOLD.every((name) => this.#state[name] === state[name])) {
      this.#sql("DELETE FROM kept WHERE name IN ('untold', 'tries')");
      this.#untold = false;
      await this.#arm();
    }
    this.#push({ view: this.#view() });
  }

  async alarm() {
    if (!this.#load()) return;
    this.#alarm = undefined;
    await this.#step("look");
    try {
      await this.#tell();
    } catch (error) {
      console.error("untold", error instanceof No ? error.message : error?.name);
      const tries = Number(this.#sql("SELECT value FROM kept WHERE name = 'tries'")[0]?.value ?? 0);
      this.#keep("tries", String(tries + 1));
      // Our own alarm again: the platform's retries end after some.
      const again = Date.now() + RETRIES[Math.min(tries, RETRIES.length - 1)];
      await this.#wakeAt(this.#due === null ? again : Math.min(again, this.#due + 1));
    }
  }

  /** For the sweep: an alarm that never came, answers from paper that nobody has fetched. */
  async wake(attempt) {
    await this.alarm();
    if (attempt) await this.#paper(attempt);
  }

  /** Answers that two people have read from paper lie in the database; they are taken from there alone. */
  async #paper(attempt, row) {
    const [papers] = await batch(this.env, act("paper", { attempt }));
    if (papers.length === 0) return undefined;
    if (!this.#load()) {
      const found = row ?? (await batch(this.env, act("door", { attempt })))[0][0];
      if (!found) return undefined;
      await this.#prepare(found);
    }
    const [{ answers, why }] = papers;
    const done = await this.#step({ paper: { answers: JSON.parse(answers), why } });
    if (!done.cannot) await this.#tell();
    this.#push({ view: this.#view() });
    return done;
  }

  /** For the room: how it stands, without a step. Nothing where no page has come yet. */
  glimpse() {
    if (!this.#load()) return null;
    const alive = this.ctx.getWebSockets().map((socket) => this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
    return act("glimpse", { state: this.#state, now: Date.now(), seen: alive.length > 0 ? Math.max(...alive) : null });
  }

  // ------------------------------------------------------------------------------------- doors

  /** Who holds the token: "candidate", {proctor: account}, or undefined. */
  async #door(attempt, token, address) {
    if (typeof token !== "string" || token.length < 64 || token.length > 200) return undefined;
    const now = Date.now();
    const known = this.#doors.get(token);
    if (known?.until > now) return known;
    if (!known && this.#guesses(address, now) >= GUESSES) return undefined;
    let answer;
    try {
      answer = await batch(this.env, act("door", { attempt }));
    } catch (error) {
      // Whoever came in before goes on while the database does not answer.
      if (known) return known;
      throw error;
    }
    const [rows, proctors] = answer;
    const who = rows.length === 0 ? "nobody" : act("check", { token, candidate: rows[0].token, proctors });
    if (who === "nobody") {
      this.#doors.delete(token);
      this.#strangers.set(address, { since: this.#strangers.get(address)?.since ?? now, n: this.#guesses(address, now) + 1 });
      return undefined;
    }
    const found = { who, row: rows[0], until: now + KNOWN };
    this.#doors.set(token, found);
    return found;
  }

  /** Wrong tokens of an address within the last minute. */
  #guesses(address, now) {
    const found = this.#strangers.get(address);
    if (found && now - found.since < MINUTE) return found.n;
    this.#strangers.delete(address);
    return 0;
  }

  /** The pool is hundreds of kilobytes and the same for thousands: the module knows it once it has read it. */
  async #draw(row) {
    const key = this.env.EXAM_KEY ?? "";
    try {
      return act("draw", { row, key });
    } catch (error) {
      if (!(error instanceof No)) throw error;
    }
    const [pools] = await batch(this.env, [["SELECT blob FROM exam_pool WHERE exam = ?1 AND lang = ?2", [row.exam, row.lang]]]);
    return act("draw", { row, pool: pools[0]?.blob ?? "", key });
  }

  async #prepare(row) {
    const drawn = await this.#draw(row);
    const results = await batch(this.env, [...drawn.write, ...drawn.read]);
    const { blocks, files } = act("blocks", { attempt: row.id, key: drawn.key, state: drawn.state, slots: drawn.slots, bodies: results.at(-1) });
    const meta = {
      attempt: row.id, lang: row.lang, claimed: row.claimed, edition: row.edition, group: row.group_code, key: drawn.key,
      title: JSON.parse(row.title), sections: drawn.sections, calculator: row.calculator === 1, blocks: blocks.length, files: files.length,
    };
    // Two requests may have come as far as this; the first one that keeps something wins.
    if (this.#load()) return;
    this.ctx.storage.transactionSync(() => {
      blocks.forEach((sealed, n) => this.#sql("INSERT INTO block (n, sealed) VALUES (?1, ?2)", n, sealed));
      for (const { n, block, hash } of files) this.#sql("INSERT INTO file (n, block, hash) VALUES (?1, ?2, ?3)", n, block, hash);
      this.#keep("meta", JSON.stringify(meta));
      this.#keep("state", JSON.stringify(drawn.state));
    });
    this.#load();
  }

  // ----------------------------------------------------------------------------------- requests

  async fetch(request) {
    const [, , attempt, word, n] = new URL(request.url).pathname.split("/");
    if (word === "socket") return this.#socket(request, attempt);
    const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    const door = await this.#door(attempt, token, addressOf(request));
    if (!door) return refuse(404, "not_found");
    const body = request.method === "POST" ? await this.#body(request) : {};
    if (body === undefined) return refuse(400, "malformed");
    if (word === "proctor") return door.who.proctor && request.method === "POST" ? this.#proctor(door, body) : refuse(404, "not_found");
    if (door.who !== "candidate") return refuse(404, "not_found");
    if (word === "open" && request.method === "POST") return this.#open(door.row, body);
    if (!this.#load()) return refuse(409, "not_open");
    if (request.method === "GET") {
      if (word === "look") return this.#look();
      if (word === "block" && n) return this.#block(Number(n));
      if (word === "file" && n) return this.#file(Number(n));
      return refuse(405, "method");
    }
    switch (word) {
      case "start": return this.#start(attempt);
      case "events": return this.#events(body);
      case "open-block": return this.#openBlock(Number(n));
      case "appeal": return this.#appeal(body);
      default: return refuse(405, "method");
    }
  }

  async #body(request) {
    if (Number(request.headers.get("content-length") ?? 0) > BODY_MOST) return undefined;
    try {
      const text = await upTo(request.body, BODY_MOST);
      const read = text === undefined ? undefined : JSON.parse(text || "{}");
      return read && typeof read === "object" && !Array.isArray(read) ? read : undefined;
    } catch {
      return undefined;
    }
  }

  #view() {
    const { status, epoch, block, started_at, deadline, finished_at, extra } = this.#state;
    return { status, epoch, block, started_at, deadline, finished_at, extra, now: Date.now() };
  }

  /** Page and device come in; the same page that comes again keeps its epoch. */
  async #open(row, { page, device }) {
    if (typeof page !== "string" || !/^[0-9a-f]{16,64}$/.test(page)) return refuse(422, "page");
    if (!this.#load()) await this.#prepare(row);
    const held = this.#sql("SELECT value FROM kept WHERE name = 'page'")[0]?.value;
    if (held !== page) {
      const done = await this.#step({ take_over: { device: String(device ?? "").slice(0, 200) } });
      if (done.cannot) return refuse(STATUS[done.cannot], done.cannot);
      this.#keep("page", page);
      this.#replace(done.state.epoch);
    } else {
      await this.#step("look");
    }
    return say(200, this.#known());
  }

  #known() {
    const { title, sections, calculator, blocks, files = 0, lang, key, edition } = this.#meta;
    const { terms } = this.#state;
    return {
      view: this.#view(),
      exam: { title, sections, calculator, lang, blocks, files, slots: terms.slots, forward: terms.forward, length: terms.length, grace: terms.grace },
      keys: act("key", { key, state: this.#state }),
      answers: this.#sql("SELECT slot, mark, value FROM answer ORDER BY slot, mark"),
      appeals_until: act("until", { edition, state: this.#state }),
    };
  }

  async #look() {
    await this.#step("look");
    const report = this.#sql("SELECT value FROM kept WHERE name = 'report'")[0]?.value;
    if (!report) return say(200, this.#known());
    const stands = await this.#standing();
    return say(200, { ...this.#known(), report: JSON.parse(report), ...stands });
  }

  /** The result as it stands now: a decision of the commission changes it in the database. */
  async #standing() {
    try {
      const [[row]] = await batch(this.env, act("standing", { attempt: this.#meta.attempt }));
      if (!row?.report) return {};
      return { report: JSON.parse(row.report), scoring: row.scoring, annulled: row.state === "annulled", appeals: JSON.parse(row.appeals) };
    } catch (error) {
      console.error("standing", error instanceof No ? error.message : error?.name);
      return {};
    }
  }

  #block(n) {
    const sealed = this.#sql("SELECT sealed FROM block WHERE n = ?1", n)[0]?.sealed;
    if (!sealed) return refuse(404, "not_found");
    const bytes = Uint8Array.from(sealed.match(/../g), (pair) => Number.parseInt(pair, 16));
    return new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
  }

  /** A picture or a video of a task: only those of this attempt, sealed as the tasks are. */
  async #file(n) {
    const file = this.#sql("SELECT n, block, hash FROM file WHERE n = ?1", n)[0];
    const kept = file ? await this.env.FILES.get(`bank/${file.hash}`) : null;
    if (!kept) {
      if (file) console.error("no file", file.hash);
      return refuse(404, "not_found");
    }
    const { attempt, key } = this.#meta;
    const sealed = sealFile(key, attempt, file, new Uint8Array(await kept.arrayBuffer()));
    return new Response(sealed, { headers: { "content-type": "application/octet-stream" } });
  }

  /** The clock begins only for somebody whose identity was checked. */
  async #start(attempt) {
    if (this.#state.started_at === null) {
      const [rows] = await batch(this.env, [["SELECT state FROM exam_attempt WHERE id = ?1", [attempt]]]);
      if (rows[0]?.state !== "admitted") return refuse(409, "not_admitted");
      const done = await this.#step("start");
      // Two pages pressed at once: it has begun, that is what both wanted.
      if (done.cannot && done.cannot !== "already") return refuse(STATUS[done.cannot], done.cannot);
      this.#push({ view: this.#view(), keys: this.#known().keys });
    }
    return say(200, this.#known());
  }

  async #openBlock(block) {
    const done = await this.#step({ block: { block } });
    if (done.cannot) return refuse(STATUS[done.cannot], done.cannot);
    return say(200, this.#known());
  }

  async #events({ epoch, events }) {
    const done = await this.#receive(epoch, events);
    return done.received ? say(200, done.received) : refuse(STATUS[done.cannot] ?? 400, done.cannot ?? "malformed");
  }

  async #receive(epoch, events, seen = null) {
    try {
      return await this.#step({ receive: { epoch, events, seen } });
    } catch (error) {
      if (error instanceof No) return { cannot: "malformed" };
      throw error;
    }
  }

  async #appeal(appeal) {
    const { attempt, edition } = this.#meta;
    await this.#step("look");
    const [have] = await batch(this.env, [["SELECT n AS slot, ground, reason FROM exam_appeal WHERE attempt = ?1", [attempt]]]);
    let asked;
    try {
      asked = act("appeal", { attempt, edition, state: this.#state, now: Date.now(), appeal, have });
    } catch (error) {
      if (error instanceof No) return refuse(400, "malformed");
      throw error;
    }
    if (asked.refused) {
      const [error, fields] = asked.refused;
      return say(error === "fields" ? 422 : 409, { error, fields: Object.fromEntries(fields), until: asked.until });
    }
    await batch(this.env, asked.write);
    return say(201, { until: asked.until });
  }

  async #proctor({ who, row }, { op, minutes, why }) {
    if (op === "paper") {
      const done = await this.#paper(row.id, row);
      if (!done) return refuse(409, "no_paper");
      return done.cannot ? refuse(STATUS[done.cannot], done.cannot) : say(200, { attempt: row.id, view: done.view });
    }
    if (typeof why !== "string" || why.trim() === "") return refuse(422, "why");
    if (!this.#load()) return refuse(409, "not_open");
    const reason = `${who.proctor}: ${why}`;
    const ops = {
      pause: () => ({ pause: { why: reason } }),
      resume: () => ({ resume: { why: reason } }),
      extend: () => ({ extend: { minutes: Number.isSafeInteger(minutes) ? minutes : 0, why: reason } }),
      terminate: () => ({ terminate: { why: reason } }),
    };
    if (!Object.hasOwn(ops, op)) return refuse(422, "op");
    const done = await this.#step(ops[op]());
    if (done.cannot) return refuse(STATUS[done.cannot], done.cannot);
    this.ctx.waitUntil(this.#tell().catch(() => {}));
    this.#push({ view: this.#view() });
    return say(200, { attempt: row.id, view: done.view });
  }

  // ------------------------------------------------------------------------------------ sockets

  async #socket(request, attempt) {
    const [name, token] = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((word) => word.trim());
    const door = name === PROTOCOL ? await this.#door(attempt, token, addressOf(request)) : undefined;
    if (!door || door.who !== "candidate") return refuse(404, "not_found");
    if (request.headers.get("upgrade") !== "websocket") return refuse(426, "upgrade");
    if (!this.#load()) return refuse(409, "not_open");
    const epoch = Number(new URL(request.url).searchParams.get("epoch"));
    if (epoch !== this.#state.epoch) return refuse(409, "replaced");
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment({ epoch });
    server.send(JSON.stringify({ view: this.#view() }));
    return new Response(null, { status: 101, webSocket: client, headers: { "sec-websocket-protocol": PROTOCOL } });
  }

  async webSocketMessage(socket, message) {
    const { epoch } = socket.deserializeAttachment() ?? {};
    if (!this.#load() || typeof message !== "string" || message.length > BODY_MOST) return socket.close(1009, "");
    let events;
    try {
      ({ events } = JSON.parse(message));
    } catch {
      return socket.close(1007, "");
    }
    const seen = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null;
    const done = await this.#receive(epoch, events, seen);
    socket.send(JSON.stringify(done.received ? { received: done.received } : { error: done.cannot }));
    // Whoever floods is not worth a line any more; posts are refused as well.
    if (done.cannot === "full") socket.close(FULL, "full");
  }

  /** The other half of the goodbye: without it the page waits for its own patience to end. */
  webSocketClose(socket, code) {
    try {
      socket.close(code >= 3000 ? code : 1000, "");
    } catch {
      // It is closed already.
    }
  }

  webSocketError() {}

  #push(message) {
    const text = JSON.stringify(message);
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(text);
      } catch {
        // It is going; the page asks again when it is back.
      }
    }
  }

  #replace(epoch) {
    for (const socket of this.ctx.getWebSockets()) {
      if ((socket.deserializeAttachment()?.epoch ?? 0) >= epoch) continue;
      try {
        // Said in words as well: some browsers tell a page of a goodbye only after their patience.
        socket.send(JSON.stringify({ replaced: true }));
        socket.close(REPLACED, "replaced");
      } catch {
        // It is going already.
      }
    }
  }
}
