// The crossings between the worker's WebAssembly and the runtime. Each does as much as it can in
// one call and hands over one text: a call costs more than the work it does.

/** The whole request head as one text: [method, url, [[name, value], ...]]. */
export function head(request) {
  return JSON.stringify([request.method, request.url, [...request.headers]]);
}

/**
 * The body, or undefined when it is larger than `most` bytes. A body that says so itself is not
 * touched; one that does not is counted while it comes and dropped at the first byte too many.
 */
export async function body(request, most) {
  if (!request.body) return new Uint8Array();
  const said = Number(request.headers.get("content-length") ?? 0);
  if (said > most) {
    // A file that is a little too large is let through and forgotten, so that its sender reads
    // our answer instead of a broken connection; the rest is not even received.
    if (said <= 4 * most) await request.body.pipeTo(new WritableStream()).catch(() => {});
    else request.body.cancel().catch(() => {});
    return undefined;
  }
  const parts = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    parts.push(value);
  }
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** A response from a status, [[name, value], ...] and the bytes, which are copied. */
export function respond(status, headers, bytes) {
  const empty = bytes.byteLength === 0 || status === 204 || status === 304;
  return new Response(empty ? null : bytes.slice(), { status, headers: JSON.parse(headers) });
}

/** As `respond`, for HEAD: the length is told, the bytes stay. */
export function respondHead(status, headers, length) {
  const all = new Headers(JSON.parse(headers));
  if (status !== 204 && status !== 304) all.set("content-length", String(length));
  return new Response(null, { status, headers: all });
}

/**
 * One transaction on D1: [[sql, [value, ...]], ...] in, one line of JSON rows a statement out.
 * Rows that the database has written as JSON (column `json_rows`) are handed over as they are:
 * quoting them and reading the quotes would cost more than all else that a list does.
 * The message of a failure is kept whole: it names the constraint.
 */
export async function batch(env, binding, statements) {
  try {
    const db = env[binding];
    const prepared = JSON.parse(statements).map(([sql, values]) => {
      const statement = db.prepare(sql);
      return values.length === 0 ? statement : statement.bind(...values);
    });
    const done = await db.batch(prepared);
    return done.map(({ results }) => results[0]?.json_rows ?? JSON.stringify(results)).join("\n");
  } catch (error) {
    throw `${error?.message ?? error} ${error?.cause?.message ?? ""}`;
  }
}

/** Whether the budget of a key has room. Without the binding there is no budget. */
export async function allow(env, binding, key) {
  try {
    const limiter = env[binding];
    return limiter ? (await limiter.limit({ key })).success : true;
  } catch {
    return true;
  }
}

/** Hands a message to the worker `dispatch`; the status of its answer, 503 when there is none. */
export async function express(env, message) {
  try {
    const headers = { "content-type": "application/json" };
    const answer = await env.DISPATCH.fetch("https://dispatch/express", { method: "POST", headers, body: message });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 503;
  }
}

/** Puts jobs into the queue, as many at once as it takes. */
export async function enqueue(env, jobs) {
  try {
    const messages = JSON.parse(jobs).map((body) => ({ body, contentType: "json" }));
    for (let at = 0; at < messages.length; at += 100) await env.JOBS.sendBatch(messages.slice(at, at + 100));
  } catch (error) {
    throw String(error?.message ?? error);
  }
}

/**
 * Streams the body of a request, which must have `size` bytes, into an object of the store or, with
 * the name of an upload, into its part `n`. Nothing of it passes through WebAssembly: it is counted,
 * hashed and looked at (first `first` and last `last` bytes) on its way.
 * [sha256, etag, head, tail]; throws "cut", "longer", "no upload", or what the store says.
 */
export async function receive(env, request, object, size, upload, n, first, last) {
  const { readable, writable } = new FixedLengthStream(size);
  const digest = new crypto.DigestStream("SHA-256");
  const [into, hash] = [writable.getWriter(), digest.getWriter()];
  digest.digest.catch(() => {});
  const kept = upload
    ? env.FILES.resumeMultipartUpload(object, upload).uploadPart(n, readable)
    : env.FILES.put(object, readable);
  // A store that gives up must not leave the writer waiting for a reader.
  const failed = new Promise((_, reject) => kept.catch(reject));
  failed.catch(() => {});
  let seen = 0;
  const head = new Uint8Array(Math.min(first, size));
  const ends = [];
  let held = 0;
  try {
    const reader = request.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read().catch(() => { throw "cut"; });
      if (done) break;
      if (seen + value.byteLength > size) {
        reader.cancel().catch(() => {});
        throw "longer";
      }
      if (seen < head.length) head.set(value.subarray(0, head.length - seen), seen);
      if (last > 0) {
        ends.push(value.slice(-last));
        held += ends.at(-1).byteLength;
        while (held - ends[0].byteLength >= last) held -= ends.shift().byteLength;
      }
      seen += value.byteLength;
      await Promise.race([Promise.all([into.write(value), hash.write(value)]), failed]);
    }
    if (seen < size) throw "cut";
    await Promise.race([Promise.all([into.close(), hash.close()]), failed]);
    const [stored, sum] = await Promise.all([kept, digest.digest]);
    const tail = new Uint8Array(Math.min(last, size));
    let at = tail.length;
    for (const end of ends.reverse()) {
      const part = end.subarray(Math.max(0, end.byteLength - at));
      at -= part.byteLength;
      tail.set(part, at);
      if (at === 0) break;
    }
    return [hex(sum), stored.etag, head, tail];
  } catch (error) {
    into.abort(error).catch(() => {});
    hash.abort(error).catch(() => {});
    await kept.catch(() => {});
    throw storeError(error);
  }
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the store says, as one of the words that the application knows. */
function storeError(error) {
  const text = String(error?.message ?? error);
  if (/upload does not exist|NoSuchUpload|10024/i.test(text)) return "no upload";
  if (/InvalidPart|parts could not be found|10025/i.test(text)) return "parts";
  return text;
}

/** Takes what is left of a body that nobody wanted, so that its sender reads our answer. */
export async function discard(request, most) {
  if (!request.body || request.bodyUsed) return;
  const said = Number(request.headers.get("content-length") ?? 0);
  if (said > 0 && said <= most) await request.body.pipeTo(new WritableStream()).catch(() => {});
  else request.body.cancel().catch(() => {});
}

/** One step in the store: begin, complete, abort, size, read, write, remove. */
export async function store(env, what, object, more) {
  const files = env.FILES;
  try {
    switch (what) {
      case "begin": return (await files.createMultipartUpload(object)).uploadId;
      case "complete": {
        const [upload, parts] = JSON.parse(more);
        const all = parts.map(([partNumber, etag]) => ({ partNumber, etag }));
        await files.resumeMultipartUpload(object, upload).complete(all);
        return undefined;
      }
      case "abort": return await files.resumeMultipartUpload(object, more).abort();
      case "size": return (await files.head(object))?.size ?? null;
      case "read": {
        const [offset, length] = JSON.parse(more);
        const got = await files.get(object, length > 0 ? { range: { offset, length } } : {});
        return got ? new Uint8Array(await got.arrayBuffer()) : null;
      }
      // The bytes lie in the module's memory, which may grow meanwhile.
      case "write": return void (await files.put(object, more.slice()));
      case "remove": return await files.delete(JSON.parse(more));
    }
  } catch (error) {
    throw storeError(error);
  }
}

/** A response whose body is a piece of an object; undefined when there is no such object. */
export async function respondPiece(env, status, headers, object, offset, length, bodiless) {
  const all = new Headers(JSON.parse(headers));
  all.set("content-length", String(length));
  if (bodiless) return new Response(null, { status, headers: all });
  const got = await env.FILES.get(object, { range: { offset, length } });
  if (!got) return undefined;
  return new Response(got.body, { status, headers: all });
}

/** Hands a request on to the worker `office`, as it is. */
export function hand_on(env, request) {
  if (!env.OFFICE) throw "the binding OFFICE is missing";
  return env.OFFICE.fetch(request);
}

/** Asks the worker `office` to do something of its own: whether it did. */
export async function ask_office(env, path) {
  try {
    const answer = await env.OFFICE.fetch(`https://office${path}`, { method: "POST" });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** The settings, and the key as numbers, or null when it is no base64. */
export function settings(env) {
  let key = null;
  try {
    key = Array.from(atob(env.TOTP_KEY ?? ""), (letter) => letter.charCodeAt(0));
  } catch {
    // Said by the caller, without the value.
  }
  const text = (name) => String(env[name] ?? "");
  return JSON.stringify({
    origin: text("ORIGIN"),
    hosts: text("HOSTS"),
    dev: text("DEV"),
    build: text("BUILD"),
    push_key: text("VAPID_PUBLIC"),
    security_contact: text("SECURITY_CONTACT"),
    edge_cache: text("EDGE_CACHE"),
    faults: text("FAULTS"),
    totp_key: key,
    exam_key: (text("EXAM_KEY").match(/^(?:[0-9a-f]{2}){32}$/) ? text("EXAM_KEY").match(/../g) : []).map((pair) => Number.parseInt(pair, 16)),
    exam_origin: text("EXAM_ORIGIN"),
    help_origin: text("HELP_ORIGIN"),
    assets: Boolean(env.ASSETS),
  });
}

/** A file of the cabinet under our own headers; undefined when there is none. */
export async function asset(env, request, url, headers) {
  const file = await env.ASSETS.fetch(new Request(url, { method: request.method, headers: conditions(request) }));
  if (file.status !== 200 && file.status !== 304) {
    await file.body?.cancel();
    return undefined;
  }
  const all = new Headers();
  for (const name of ["content-type", "etag", "content-length"]) {
    const value = file.headers.get(name);
    if (value !== null) all.set(name, value);
  }
  for (const [name, value] of JSON.parse(headers)) all.set(name, value);
  return new Response(request.method === "HEAD" ? null : file.body, { status: file.status, headers: all });
}

function conditions(request) {
  const tag = request.headers.get("if-none-match");
  return tag === null ? {} : { "if-none-match": tag };
}

// What was to be done after a cached answer travels with the copy and never leaves the edge.
const AFTER = "x-mansap-after";
// So does the cache rule for browsers, which differs from the one for the copy.
const RULE = "x-mansap-cache-control";

/** A cached page: [response, text of what is to be done after it]; undefined when there is none. */
export async function cached(request, url) {
  const kept = await caches.default.match(url);
  if (!kept) return undefined;
  const headers = new Headers(kept.headers);
  const after = headers.get(AFTER) ?? "[]";
  headers.set("cache-control", headers.get(RULE) ?? "no-store");
  headers.delete(AFTER);
  headers.delete(RULE);
  headers.delete("cf-cache-status");
  headers.delete("age");
  headers.set("x-cache", "hit");
  const known = request.headers.get("if-none-match");
  if (known !== null && known.split(",").some((tag) => tag.trim() === headers.get("etag"))) {
    await kept.body?.cancel();
    headers.delete("content-length");
    return [new Response(null, { status: 304, headers }), after];
  }
  const bytes = request.method === "HEAD" ? (await kept.body?.cancel(), null) : kept.body;
  return [new Response(bytes, { status: kept.status, headers }), after];
}

/** Keeps a copy of a page for some seconds. */
export function keep(ctx, url, response, seconds, after) {
  const copy = new Response(response.clone().body, response);
  copy.headers.delete("set-cookie");
  copy.headers.set(AFTER, after);
  copy.headers.set(RULE, copy.headers.get("cache-control") ?? "no-store");
  copy.headers.set("cache-control", `public, s-maxage=${seconds}`);
  response.headers.set("x-cache", "miss");
  ctx.waitUntil(caches.default.put(url, copy).catch(() => {}));
}

/** Keeps the event alive until a promise is settled. */
export function waitUntil(ctx, promise) {
  ctx.waitUntil(promise);
}

/** Waits. */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Called by the panic hook: the entry answers everything that was under way. */
export function panicked(message) {
  globalThis.mansapPanicked?.(message);
}
