// Applications sent at a steady rate while the gateways fail: none lost, none doubled.
import crypto from "node:crypto";
import { addApplicants, draft, each, submit } from "../../../tests/lib/applicants.mjs";
import { database } from "../../../tests/lib/notices.mjs";
import { workerdMemory } from "../../../tests/lib/memory.mjs";
import { publish } from "../../../tests/lib/vacancies.mjs";
import { quantile } from "./load.mjs";
import { portal, taken } from "./running.mjs";

/** Competitions that people apply to. */
const VACANCIES = 6;
/** Drafts that are written at the same time before the measurement. */
const WRITERS = 8;
/** Tries of one person with the same key, as a browser on a bad line does it. */
const TRIES = 8;
/** Letters that failed are tried again after 1 and 5 minutes: so long may the last ones take. */
const PATIENCE_MS = 15 * 60_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends one application; the same key until there is an answer. */
async function send(one, seen) {
  const key = crypto.randomUUID();
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const from = performance.now();
    try {
      const { status, body } = await submit(one, key);
      if (status === 200 && body.state === "submitted") {
        seen.push({ number: body.number, ms: performance.now() - from, attempt });
        return;
      }
      if (status < 500 && status !== 429) throw new Error(`${status} ${JSON.stringify(body).slice(0, 300)}`);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
    await pause(200 * attempt);
  }
}

/** All messages of those applications have left, as the database knows it. */
async function settled(site, people) {
  const until = Date.now() + PATIENCE_MS;
  let said = Date.now();
  for (;;) {
    await site.tick();
    // Each applicant hears by letter and by text message that the application has come.
    const heard = new Set(site.gateway.sent.filter((one) => /^a\d+@|^\+?7702/.test(one.to)).map((one) => one.key));
    if (heard.size >= people * 2) return;
    if (Date.now() > until) throw new Error(`${heard.size} of ${people * 2} messages came`);
    if (Date.now() - said > 30_000) {
      console.error(`  ${heard.size} of ${people * 2} messages`);
      said = Date.now();
    }
    await pause(500);
  }
}

/** `--count N` asks for another number of applications than 50 a second for 60 s. */
export async function applications({ quick, count }) {
  const rate = 50;
  const people = count ?? (quick ? 250 : rate * 60);
  const site = await portal("applications", { stage: (state) => addApplicants(state, people) });
  try {
    const vacancies = await publish(site, VACANCIES);
    console.error(`  ${people} drafts`);
    const drafts = [];
    await each(people, WRITERS, async (n) => {
      drafts[n] = await draft(site, n, vacancies[n % VACANCIES].id);
    });
    for (const gateway of ["mobizon", "smsc", "kazinfoteh", "mail"]) site.gateway.behaviour[gateway] = { mode: "fail", every: 3 };
    const [seen, failed] = [[], []];
    const under = [];
    let most = 0;
    const from = performance.now();
    for (let n = 0; n < people; n++) {
      const late = from + (n * 1000) / rate - performance.now();
      if (late > 0) await pause(late);
      under.push(send(drafts[n], seen).catch((error) => failed.push(`${n}: ${error.message}`)));
      if (n % rate === 0) most = Math.max(most, workerdMemory(site.server.pid));
    }
    const asked = (performance.now() - from) / 1000;
    await Promise.all(under);
    const seconds = (performance.now() - from) / 1000;
    console.error(`  ${seen.length} answered after ${seconds.toFixed(0)} s`);
    if (failed.length > 0) throw new Error(`${failed.length} were not taken: ${failed[0]}`);
    for (const name of Object.keys(site.gateway.behaviour)) delete site.gateway.behaviour[name];
    await settled(site, people);
    const [, keys, twice] = taken(site.gateway);
    await site.halt();
    const db = database(site.state);
    const one = (sql) => db.prepare(sql).get();
    const { n, numbers, versions } = one("SELECT count(*) AS n, count(DISTINCT number) AS numbers, sum(sent) AS versions FROM application WHERE state = 'submitted'");
    const { n: told } = one("SELECT count(*) AS n FROM (SELECT 1 FROM notice WHERE event = 'application.submitted' GROUP BY object_id HAVING count(*) = 1)");
    db.close();
    const numbersSeen = new Set(seen.map((one) => one.number)).size;
    const whole = [n, numbers, versions, told, numbersSeen].every((one) => one === people);
    if (!whole || twice > 0) {
      throw new Error(`${people} sent, ${numbersSeen} acknowledged numbers; ${n} rows, ${numbers} numbers, ${versions} versions, ${told} told once, ${twice} messages twice`);
    }
    const ms = seen.map((one) => one.ms);
    const again = seen.filter((one) => one.attempt > 1).length;
    return [{
      what: `${people} applications (drafts that were prepared before) sent, ${(people / asked).toFixed(0)} a second for ${asked.toFixed(0)} s, each gateway failing a third of the time`,
      value: `**${n} there, none lost, none doubled**, ${keys} messages each once; ${(people / seconds).toFixed(0)} answers a second, median ${quantile(ms, 0.5).toFixed(0)} ms, 99th of 100 ${quantile(ms, 0.99).toFixed(0)} ms, ${again} asked again; workerd at most ${most.toFixed(0)} MB`,
      bar: "50 a second, none lost, none doubled",
    }];
  } finally {
    await site.close();
  }
}
