// Modules that panic where a test wants it: the body of one exported function becomes `unreachable`.

/** Reads and writes the numbers of the format. */
function number(bytes, at) {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) return [value, at];
  }
}

function written(value) {
  const out = [];
  do {
    const byte = value % 128;
    value = Math.floor(value / 128);
    out.push(value > 0 ? byte | 128 : byte);
  } while (value > 0);
  return out;
}

/** The module with an exported function that panics whenever it is called. */
export function panicking(bytes, name) {
  const sections = [];
  for (let at = 8; at < bytes.length; ) {
    const [size, body] = number(bytes, at + 1);
    sections.push({ kind: bytes[at], body: bytes.subarray(body, body + size) });
    at = body + size;
  }
  const section = (kind) => sections.find((one) => one.kind === kind);
  // Functions that are imported come first in the count.
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
  const index = exported(section(7).body, name) - imported;
  const code = section(10);
  let [count, at] = number(code.body, 0);
  if (index < 0 || index >= count) throw new Error(`no function ${name}`);
  const parts = [code.body.subarray(0, at)];
  for (let one = 0; one < count; one += 1) {
    const [size, body] = number(code.body, at);
    // No locals, unreachable, end.
    parts.push(one === index ? Buffer.from([3, 0, 0, 11]) : code.body.subarray(at, body + size));
    at = body + size;
  }
  code.body = Buffer.concat(parts);
  const made = Buffer.concat([bytes.subarray(0, 8), ...sections.flatMap(({ kind, body }) => [Buffer.from([kind, ...written(body.length)]), body])]);
  if (!WebAssembly.validate(made)) throw new Error(`the module without ${name} is none`);
  return made;
}

function exported(body, name) {
  let [count, at] = number(body, 0);
  for (; count > 0; count -= 1) {
    const [length, from] = number(body, at);
    const [index, next] = number(body, from + length + 1);
    if (body.subarray(from, from + length).toString() === name) return index;
    at = next;
  }
  throw new Error(`${name} is not exported`);
}
