// The crossings between the WebAssembly of the trust worker and the runtime.

/** The largest request, bytes. */
const MOST = 1024 * 1024 + 32 * 1024;

/** The bytes of a body, cut off at the first byte too many. */
export async function body(stream) {
  const parts = [];
  let size = 0;
  if (stream) {
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > MOST) {
        reader.cancel().catch(() => {});
        return new Uint8Array();
      }
      parts.push(value);
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** [root key, bits of work]. */
export function settings(env) {
  return [String(env.ROOT ?? ""), String(env.WORK ?? "")];
}

function bytes(hex) {
  const out = new Uint8Array(hex.length / 2);
  for (let at = 0; at < out.length; at += 1) out[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return out;
}

/**
 * One transaction on D1: [[sql, [value, ...]], ...] in, a line of JSON rows a statement out. A
 * value {x: "…"} is bytes in hexadecimal digits. A failure says "full" or nothing.
 */
export async function batch(env, statements) {
  try {
    const prepared = JSON.parse(statements).map(([sql, values]) => {
      const statement = env.TRUST_DB.prepare(sql);
      return values.length === 0 ? statement : statement.bind(...values.map((value) => (value?.x === undefined ? value : bytes(value.x))));
    });
    const done = await env.TRUST_DB.batch(prepared);
    return done.map(({ results }) => JSON.stringify(results)).join("\n");
  } catch (error) {
    throw /full|exceeded|overloaded|too many/i.test(`${error?.message} ${error?.cause?.message}`) ? "full" : "";
  }
}

function intake(env) {
  return env.INTAKE.get(env.INTAKE.idFromName("intake"));
}

/** A new challenge. */
export async function challenge(env) {
  return intake(env).challenge();
}

/** Uses a challenge up. */
export async function spend(env, challenge, send) {
  return intake(env).spend(challenge.slice(), send);
}

/** Called by the panic hook. */
export function panicked() {
  globalThis.mansapTrustPanicked?.();
}
