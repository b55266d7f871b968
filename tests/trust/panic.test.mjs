// C1, F5: the module of the worker comes to its end in the middle of a request. The answer looks like any
// other, nothing is half kept, nothing is said, and the next request is served by a new one.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { at, local, root, today, trust } from "./lib/trust.mjs";

// A copy of the worker whose clock ends the module at the call that a test names: the worker asks for
// the time when it uses a challenge up, and again before it opens the database.
const copy = path.join(local, "test", `panic-worker-${process.pid}`);
for (const name of ["js", "build", "wrangler.toml"]) fs.cpSync(path.join(root, "workers/trust", name), path.join(copy, name), { recursive: true });
const config = path.join(copy, "wrangler.toml");
fs.writeFileSync(config, fs.readFileSync(config, "utf8").replace("js/entry.mjs", "js/armed.mjs"));
fs.writeFileSync(path.join(copy, "js/armed.mjs"), `
import entry, { Intake } from "./entry.mjs";
let left = 0;
const now = Date.now;
Date.now = () => {
  if (left > 0 && --left === 0) throw new WebAssembly.RuntimeError("CANARY-of-a-panic");
  return now();
};
export { Intake };
export default {
  ...entry,
  fetch(request, env) {
    const armed = /^[/]arm[/]([0-9]+)$/.exec(new URL(request.url).pathname);
    if (!armed) return entry.fetch(request, env);
    left = Number(armed[1]);
    return new Response("armed");
  },
};
`);
after(() => fs.rmSync(copy, { recursive: true, force: true }));

const site = trust("panic", { config: path.relative(root, config) });
const arm = async (calls) => assert.equal(await (await fetch(`${site.address}/arm/${calls}`)).text(), "armed");
const fixed = (answer) => [...answer.headers].filter(([name]) => name !== "date").sort();
const PLACES = { "while the challenge is used up": 1, "after it, before the database": 2 };

test("C1 a panic in the middle of a request: an answer like any other, and the next one is served", async () => {
  const usual = (await site.ask("poll", { who: "nobody" })).answer;
  await site.report("before", "text");
  for (const [where, calls] of Object.entries(PLACES)) {
    const made = await site.frame("poll", { who: "before" });
    await arm(calls);
    const { status, answer } = await site.send(made);
    assert.equal(status, "Silence", where);
    assert.equal(answer.status, 200, where);
    assert.equal(answer.bytes.length, 8192, where);
    assert.deepEqual(fixed(answer), fixed(usual), where);
    assert.equal((await site.ask("poll", { who: "before" })).status, "Done", `${where}: served again`);
  }
});

test("C1 others that are under way end alike, none hangs", async () => {
  const frames = [];
  for (let number = 0; number < 8; number += 1) frames.push(await site.frame("poll", { who: "before" }));
  await arm(5);
  const answers = await Promise.all(frames.map((made) => site.send(made)));
  assert.ok(answers.some(({ status }) => status !== "Done"), "it did end");
  for (const { answer } of answers) assert.deepEqual([answer.status, answer.bytes.length], [200, 8192]);
  assert.equal((await site.ask("poll", { who: "before" })).status, "Done");
});

test("C7 a report that was being handed in is not half there: sent again it is one report", async () => {
  const sealed = await site.scribe("report", { who: "cut", text: "text" });
  for (const calls of Object.values(PLACES)) {
    const made = await site.frame("submit", { who: "cut", envelope: sealed.envelope });
    await arm(calls);
    assert.notEqual((await site.send(made)).status, "Done");
    assert.equal((await site.ask("poll", { who: "cut" })).status, "Silence", "nothing was kept");
  }
  for (let times = 0; times < 2; times += 1) assert.equal((await site.ask("submit", { who: "cut", envelope: sealed.envelope })).status, "Done");
  await site.tick(at(today(), 9));
  const { heads } = (await site.ask("list", { person: 1, day: today(), page: 0 })).heads;
  assert.equal(heads.filter(({ id }) => id === sealed.id).length, 1);
});

test("F5 the clockwork survives it, and what the module did is in no line", async () => {
  const made = await site.frame("poll", { who: "cut" });
  await arm(1);
  assert.equal((await site.send(made)).status, "Silence");
  await site.tick(at(today(), 15));
  assert.equal((await site.ask("poll", { who: "cut" })).status, "Done");
  // The runtime of development may name the fault; it has no word of what was sent.
  for (const line of site.lines) assert.doesNotMatch(line, /TRUST-1|[0-9a-f]{64}/, line);
});
