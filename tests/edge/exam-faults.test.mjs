// Sixty candidates on real workerd while their lines are cut, the runtime is killed and the time runs
// out with nobody there: whatever was confirmed is scored, and every attempt ends and counts once.
// `scripts/bench --only exam-faults` does the same with thousands.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, test } from "node:test";
import { startExam } from "../../scripts/lib/server.mjs";
import { Candidate, chance, crowded } from "../lib/candidate.mjs";
import { age, stageCrowd, verdict } from "../lib/crowd.mjs";
import { freshState } from "../lib/portal.mjs";

const PEOPLE = 60;
const TASKS = 12;
const COMING = 6;
const HOUR = 3600_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a room of sixty with everything that goes wrong", { timeout: 300_000 }, () => {
  const site = { state: undefined, server: undefined, port: 0 };
  let crowd;
  let candidates = [];
  const run = async () => {
    site.server = await startExam({ state: site.state });
    site.port = site.server.port;
  };
  before(async () => {
    site.state = freshState("exam-faults");
    crowd = stageCrowd(site.state, { people: PEOPLE, tasks: TASKS, items: 60, room: PEOPLE });
    await run();
    candidates = crowd.people.map((who, n) => new Candidate(site, who, { tasks: TASKS, posts: n % 10 === 9 }));
  });
  after(async () => {
    for (const one of candidates) one.leave();
    await site.server?.stop();
    if (site.state) fs.rmSync(site.state, { recursive: true, force: true });
  });

  const next = chance(60);
  /** Each answers some tasks, and goes back to some of them. */
  const answer = (some) => {
    for (const one of candidates) {
      for (let n = 0; n < some; n++) {
        const slot = Math.floor(next() * TASKS);
        one.show(slot);
        one.answer(slot, "abcd"[Math.floor(next() * 4)]);
      }
    }
  };
  const until = async (is) => {
    while (!is()) await pause(50);
  };
  const confirmed = () => until(() => candidates.every((one) => one.unsent === 0));
  const room = async () => {
    const answer = await fetch(`${site.server.address}/s/${crowd.sessions[0]}/live`, { headers: { authorization: `Bearer ${crowd.proctor}` }, signal: AbortSignal.timeout(20_000) });
    assert.equal(answer.status, 200);
    return (await answer.json()).seats;
  };

  test("what was confirmed is scored, each attempt ends and counts once", { timeout: 300_000 }, async () => {
    await crowded(candidates, COMING, (one) => one.begin());
    await until(() => candidates.every((one) => one.posts || one.online));
    answer(3);
    await confirmed();
    // Every fifth line is cut, half of them with answers on their way.
    const cut = candidates.filter((one, n) => n % 5 === 0);
    cut.filter((one, n) => n % 2 === 0).forEach((one) => one.cut());
    answer(3);
    cut.filter((one, n) => n % 2 === 1).forEach((one) => one.cut());
    await confirmed();
    // The runtime is killed with answers of all of them on their way; they go on while it is away.
    answer(3);
    await site.server.kill();
    answer(2);
    await run();
    await confirmed();
    await until(() => candidates.every((one) => one.posts || one.online));
    let seats = await room();
    while (seats.some(({ state }) => state !== "running")) seats = await room();
    assert.ok(seats.every(({ live }) => live.status === "running" && live.answered > 0));
    // Some answer what nobody confirms any more: the time ran out while the worker was away.
    await site.server.stop();
    age(site.state, 3 * HOUR);
    answer(1);
    const [here, gone] = [candidates.slice(0, PEOPLE / 2), candidates.slice(PEOPLE / 2)];
    for (const one of gone) one.leave();
    await run();
    // Half of them come back and are told; the others are found by the sweep, which comes twice.
    await Promise.all([
      ...here.map((one) => one.settle()),
      ...[0, 1].map(async () => (await fetch(`${site.server.address}/cdn-cgi/local/scheduled`)).body?.cancel()),
    ]);
    while ((await room()).some(({ state }) => state !== "scored")) await pause(200);
    // Each was told that one answer came too late.
    for (const { who, status, unsent, lost } of here) assert.deepEqual([status, unsent, lost], ["expired", 0, 1], who.candidate);
    await site.server.stop();
    const { wrong, counts } = verdict(site.state, candidates);
    assert.deepEqual(wrong, []);
    assert.deepEqual([counts.attempts, counts.ended], [PEOPLE, { expired: PEOPLE }]);
    assert.equal(counts.after, here.length, "answers after the end are kept and do not count");
    assert.ok(counts.confirmed >= PEOPLE * 3, `${counts.confirmed} answers were confirmed`);
  });
});
