// Whether two answers say the same.
import assert from "node:assert/strict";

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const decode = (text) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, number, hex, name) =>
    number || hex ? String.fromCodePoint(number ? Number(number) : parseInt(hex, 16)) : (NAMED[name] ?? whole));

/** Markup without what no reader sees: spaces between elements, ways to write a letter. */
export function markup(html) {
  return decode(html)
    .replace(/\s+/g, " ")
    .replace(/> </g, "><")
    .replace(/ (?=<\/?(?:li|ul|ol|dl|dt|dd|div|p|section|details|nav|h1|h2|h3|label|a|span)\b)/g, "")
    .replace(/(<\/?(?:li|ul|ol|dl|dt|dd|div|p|section|details|nav|h1|h2|h3)\b[^>]*>) /g, "$1")
    // The same object, whatever the order of its members.
    .replace(/(<script type="application\/ld\+json">)(.*?)(<\/script>)/g, (_, open, json, close) => open + JSON.stringify(sorted(JSON.parse(json))) + close)
    .replace(/> </g, "><")
    .trim();
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** Undefined where both answers are 200 and say the same; else where they part. */
export async function difference(a, b, path) {
  const [one, two] = await Promise.all([a, b].map(async (server) => {
    const answer = await fetch(server.address + path);
    return { status: answer.status, text: await answer.text() };
  }));
  if (one.status !== 200 || two.status !== 200) return `status ${one.status} and ${two.status}`;
  if (path.startsWith("/api/")) {
    try {
      assert.deepEqual(JSON.parse(one.text), JSON.parse(two.text));
      return undefined;
    } catch (error) {
      return error.message.split("\n").slice(0, 12).join("\n");
    }
  }
  const [left, right] = [markup(one.text), markup(two.text)];
  if (left === right) return undefined;
  let at = 0;
  while (left[at] === right[at]) at++;
  return `at ${at}:\n  ${left.slice(Math.max(0, at - 60), at + 100)}\n  ${right.slice(Math.max(0, at - 60), at + 100)}`;
}
