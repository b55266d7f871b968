// The crossings between the worker's WebAssembly and the runtime: one text each.
import { EmailMessage } from "cloudflare:email";
import { connect } from "cloudflare:sockets";

/** Seconds after which a gateway that does not answer is given up. */
const PATIENCE = 10;
/** Bytes of an answer that are read; gateways say less. */
const MOST = 256 * 1024;

const NAMES = [
  "ORIGIN", "DEV", "SMS_ORDER", "SMS_BY_OPERATOR", "SMS_FROM", "MOBIZON_URL", "MOBIZON_KEY", "SMSC_URL", "SMSC_LOGIN",
  "SMSC_PASSWORD", "KAZINFOTEH_URL", "KAZINFOTEH_LOGIN", "KAZINFOTEH_PASSWORD", "MAIL_ORDER", "MAIL_FROM", "MAIL_URL",
  "MAIL_KEY", "VAPID_PRIVATE", "VAPID_SUBJECT", "MAILBOX_URL", "CLAMD", "CLAMD_TLS", "CLAMD_SECONDS",
];

/** Settings and secrets, and whether the runtime's own letters are bound. */
export function settings(env) {
  return JSON.stringify([Object.fromEntries(NAMES.map((name) => [name, String(env[name] ?? "")])), Boolean(env.MAIL)]);
}

/** One transaction on D1: [[sql, [value, ...]], ...] in, one line of JSON rows a statement out. */
export async function batch(env, statements) {
  try {
    const prepared = JSON.parse(statements).map(([sql, values]) => {
      const statement = env.DB.prepare(sql);
      return values.length === 0 ? statement : statement.bind(...values);
    });
    const done = await env.DB.batch(prepared);
    return done.map(({ results }) => results[0]?.json_rows ?? JSON.stringify(results)).join("\n");
  } catch (error) {
    throw `${error?.message ?? error} ${error?.cause?.message ?? ""}`;
  }
}

/** A call to a gateway, which may redirect nowhere: the address holds secrets. */
export async function call(method, url, headers, body) {
  let answer;
  try {
    answer = await fetch(url, {
      method,
      headers: JSON.parse(headers),
      body: method === "GET" ? undefined : body.slice(),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE * 1000),
    });
  } catch (error) {
    // Only what certainly did not connect is told apart from what may have. (Deployed, a gateway
    // that refuses the connection is an answer of 521.)
    throw /refused|not resolve|ENOTFOUND|ECONNREFUSED/i.test(String(error?.message ?? error)) ? "not reached" : "silent";
  }
  try {
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return [answer.status, bytes.subarray(0, MOST)];
  } catch {
    throw "silent";
  }
}

/** A letter by the runtime's own way. */
export async function post(env, from, to, raw) {
  try {
    await env.MAIL.send(new EmailMessage(from, to, raw));
  } catch (error) {
    throw String(error?.message ?? error);
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

/** A piece of an object of the store; null where there is none. */
export async function read(env, object, offset, length) {
  try {
    const got = await env.FILES.get(object, length > 0 ? { range: { offset, length } } : {});
    return got ? new Uint8Array(await got.arrayBuffer()) : null;
  } catch (error) {
    throw String(error?.message ?? error);
  }
}

/** Writes an object. Its bytes lie in the module's memory, which may grow meanwhile. */
export async function write(env, object, bytes) {
  try {
    await env.FILES.put(object, bytes.slice());
  } catch (error) {
    throw String(error?.message ?? error);
  }
}

/** Why a scanner that hangs was given up. */
const LATE = "no answer in time";

/**
 * Streams an object to clamd (INSTREAM over TCP) and returns its answer, of which it may give one
 * before it has everything: a file beyond its limit. The bytes go past WebAssembly. Throws why
 * there is no answer; each step has its time, a large file as many steps as it needs.
 */
export async function scan(env, scanner, object, start, chunk) {
  const [address, tls, seconds] = JSON.parse(scanner);
  const opening = start.slice();
  const got = await env.FILES.get(object);
  if (!got) throw "the object is missing";
  const source = got.body.getReader();
  let [socket, sent] = [undefined, 0];
  let late;
  const silence = new Promise((_, reject) => {
    late = () => setTimeout(() => reject(LATE), seconds * 1000);
  });
  silence.catch(() => {});
  let timer = late();
  const step = async (work) => {
    clearTimeout(timer);
    timer = late();
    return Promise.race([work, silence]);
  };
  try {
    socket = connect(address, { secureTransport: tls ? "on" : "off", allowHalfOpen: true });
    socket.closed.catch(() => {});
    await step(socket.opened);
    const answer = words(socket.readable.getReader());
    answer.catch(() => {});
    let said = false;
    answer.then(() => (said = true), () => {});
    try {
      const sink = socket.writable.getWriter();
      sink.closed.catch(() => {});
      await step(sink.write(opening));
      while (!said) {
        const { done, value } = await step(source.read());
        for (let at = 0; !done && at < value.byteLength; at += chunk) {
          await step(sink.write(framed(value.subarray(at, at + chunk))));
          sent = Math.min(sent + chunk, got.size);
        }
        if (!done) continue;
        await step(sink.write(framed(new Uint8Array())));
        break;
      }
    } catch (error) {
      // It hung up on us: what it had said before counts.
      if (error === LATE) throw error;
    }
    const text = await step(answer);
    if (text.length === 0) throw "the connection was closed";
    return text;
  } catch (error) {
    const text = String(error?.message ?? error);
    // A scanner that ends a file beyond its limit often hangs up before its words have come.
    if (sent > 0 && error !== LATE) throw `${text} after ${sent} of ${got.size} bytes; is StreamMaxLength of clamd.conf large enough?`;
    throw text;
  } finally {
    clearTimeout(timer);
    source.cancel().catch(() => {});
    socket?.close().catch(() => {});
  }
}

/** A chunk with its length before it. */
function framed(bytes) {
  const all = new Uint8Array(4 + bytes.byteLength);
  new DataView(all.buffer).setUint32(0, bytes.byteLength);
  all.set(bytes, 4);
  return all;
}

/** What comes until a zero byte or the end; an answer is a line. */
async function words(reader) {
  const all = [];
  while (all.length < 4096 && all.at(-1) !== 0) {
    const { done, value } = await reader.read();
    if (done) break;
    all.push(...value.subarray(0, 4096));
  }
  return new Uint8Array(all);
}

/** Called by the panic hook. */
export function panicked() {
  globalThis.mansapDispatchPanicked?.();
}
