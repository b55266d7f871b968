// The crossings between the worker's WebAssembly and the runtime: one text each.
import { EmailMessage } from "cloudflare:email";

/** Seconds after which a gateway that does not answer is given up. */
const PATIENCE = 10;
/** Bytes of an answer that are read; gateways say less. */
const MOST = 256 * 1024;

const NAMES = [
  "ORIGIN", "DEV", "SMS_ORDER", "SMS_BY_OPERATOR", "SMS_FROM", "MOBIZON_URL", "MOBIZON_KEY", "SMSC_URL", "SMSC_LOGIN",
  "SMSC_PASSWORD", "KAZINFOTEH_URL", "KAZINFOTEH_LOGIN", "KAZINFOTEH_PASSWORD", "MAIL_ORDER", "MAIL_FROM", "MAIL_URL",
  "MAIL_KEY", "VAPID_PRIVATE", "VAPID_SUBJECT", "MAILBOX_URL",
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

/** Called by the panic hook. */
export function panicked() {
  globalThis.mansapDispatchPanicked?.();
}
