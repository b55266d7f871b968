// Repeats the draws of an exam from public data. Written from the description of the draw, with an
// implementation of ChaCha8 of its own: if it agrees with the service, neither of them cheats alone.
import { createHash, createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";

const TRIES = 64;
const UNKNOWN = 0xffff;
const LEVELS = ["remember", "understand", "apply", "analyse", "evaluate", "create"];
const KINDS = ["single", "multiple", "matching", "ordering", "number", "hotspot", "text"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** One block of ChaCha8 (RFC 8439's layout, 8 rounds, nonce zero): 16 words. */
function block(key, counter) {
  const start = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...key, counter, 0, 0, 0];
  const x = Uint32Array.from(start);
  const turn = (value, by) => (value << by) | (value >>> (32 - by));
  const quarter = (a, b, c, d) => {
    x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 16);
    x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 8);
    x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 7);
  };
  for (let round = 0; round < 8; round += 2) {
    quarter(0, 4, 8, 12); quarter(1, 5, 9, 13); quarter(2, 6, 10, 14); quarter(3, 7, 11, 15);
    quarter(0, 5, 10, 15); quarter(1, 6, 11, 12); quarter(2, 7, 8, 13); quarter(3, 4, 9, 14);
  }
  return x.map((value, at) => value + start[at]);
}

/** Numbers below a bound out of a seed, without bias. */
function chance(seed) {
  const key = Array.from({ length: 8 }, (_, at) => seed.readUInt32LE(4 * at));
  let words = [];
  let counter = 0;
  let at = 0;
  const word = () => {
    if (at === words.length) {
      words = block(key, counter);
      counter += 1;
      at = 0;
    }
    at += 1;
    return words[at - 1];
  };
  return (bound) => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const value = word();
      if (value < limit) return value % bound;
    }
  };
}

function ulid(bytes) {
  let bits = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let n = 0; n < 26; n += 1) {
    text = "0123456789abcdefghjkmnpqrstvwxyz"[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
}

function readPool(blob) {
  let at = 0;
  const take = (n) => {
    if (at + n > blob.length) throw new Error("the pool is cut short");
    at += n;
    return blob.subarray(at - n, at);
  };
  if (take(4).toString("latin1") !== "MPL1") throw new Error("this is no pool");
  const [topics, groups] = [take(2).readUInt16LE(), take(2).readUInt16LE()];
  const [count, foes] = [take(4).readUInt32LE(), take(4).readUInt32LE()];
  const word = () => take(take(1)[0]).toString("utf8");
  const names = Array.from({ length: topics }, word);
  for (let n = 0; n < groups; n += 1) word();
  const items = Array.from({ length: count }, () => ({
    id: ulid(take(16)), topic: names[take(2).readUInt16LE()], level: LEVELS[take(1)[0]], kind: KINDS[take(1)[0]],
    facility: take(2).readUInt16LE(), exposure: take(2).readUInt16LE(), version: take(2).readUInt16LE(), groups: [],
  }));
  for (let n = 0; n < foes; n += 1) items[take(4).readUInt32LE()].groups.push(take(2).readUInt16LE());
  if (at !== blob.length) throw new Error("the pool is longer than it says");
  return items;
}

/** The items of a form, `ulid.version`, or undefined where none fits. */
function draw(seed, blueprint, pool) {
  const below = chance(seed);
  const cap = blueprint.exposure_cap ?? 0;
  const weight = (item) => (cap === 0 ? 1000 : Math.ceil((Math.max(0, cap - item.exposure) * 1000) / cap));
  const under = (topic, of) => !of || topic === of || topic.startsWith(`${of}/`);
  const of = (cell) => pool.filter((item) => weight(item) > 0 && under(item.topic, cell.topic)
    && (!cell.level || cell.level === item.level) && (!cell.kind || cell.kind === item.kind));
  const cells = blueprint.sections.map((section) => section.cells.map((cell) => [cell.count, of(cell)]));

  const one = () => {
    const taken = new Set();
    const sections = [];
    for (const section of cells) {
      const form = [];
      for (const [count, candidates] of section) {
        const items = [...candidates];
        let i = 0;
        for (let n = 0; n < count;) {
          if (i === items.length) return undefined;
          const j = i + below(items.length - i);
          if (cap > 0 && below(1000) >= weight(items[j])) continue;
          [items[i], items[j]] = [items[j], items[i]];
          const item = items[i];
          i += 1;
          if (item.groups.some((group) => taken.has(group))) continue;
          for (const group of item.groups) taken.add(group);
          form.push(item);
          n += 1;
        }
      }
      sections.push(form);
    }
    return sections;
  };

  for (let n = 0; n < TRIES; n += 1) {
    const sections = one();
    if (!sections) continue;
    const known = sections.flat().map((item) => item.facility).filter((facility) => facility !== UNKNOWN);
    const sum = known.reduce((all, facility) => all + facility, 0);
    const window = blueprint.difficulty;
    if (window && (sum < known.length * window.from || sum > known.length * window.to)) continue;
    if (blueprint.shuffle) {
      for (const form of sections) {
        for (let at = 0; at < form.length; at += 1) {
          const other = at + below(form.length - at);
          [form[at], form[other]] = [form[other], form[at]];
        }
      }
    }
    return sections.flat().map((item) => `${item.id}.${item.version}`);
  }
  return undefined;
}

/** What does not agree, in words; empty if all does. */
export function verify(data) {
  const wrong = [];
  if (!/^[0-9a-f]{64}$/.test(data.secret ?? "")) return ["the secret is not revealed yet"];
  const secret = Buffer.from(data.secret, "hex");
  const blob = Buffer.from(data.pool, "hex");
  if (sha256(secret) !== data.commitment) wrong.push("the secret is not the one that was committed to");
  if (sha256(blob) !== data.bank_version) wrong.push("the pool is not the one that the exam names");
  const pool = readPool(blob);
  for (const { candidate, attempt, items } of data.attempts) {
    const text = [data.exam, candidate, attempt, data.bank_version].join("|");
    const form = draw(createHmac("sha256", secret).update(text).digest(), data.blueprint, pool);
    if (JSON.stringify(form) !== JSON.stringify(items)) wrong.push(`candidate ${candidate}, attempt ${attempt}: other tasks than chance had`);
  }
  return wrong;
}

if (import.meta.filename === process.argv[1]) {
  const from = process.argv[2];
  const text = /^https?:/.test(from) ? await (await fetch(from)).text() : await readFile(from, "utf8");
  const data = JSON.parse(text);
  const wrong = verify(data);
  for (const line of wrong) console.log(line);
  if (wrong.length === 0) console.log(`${data.attempts.length} draws agree with the secret, the pool and the blueprint`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
