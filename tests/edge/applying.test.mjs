// Applying on real workerd while everything goes wrong: what was acknowledged is there once, and
// everybody is told once.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { addApplicants, draft, each, submit } from "../lib/applicants.mjs";
import { database } from "../lib/notices.mjs";
import { eventually, portal } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

const PEOPLE = 40;
let vacancies;
const site = portal("applying", {
  gateway: true,
  vars: { FAULTS: "on" },
  stage: (state) => addApplicants(state, PEOPLE + 5),
  async prepare(running) {
    vacancies = await publish(running, 2);
  },
});


/** What the database holds, read while no server runs. */
async function rows(sql) {
  await site.server.stop();
  const db = database(site.state);
  const found = db.prepare(sql).all();
  db.close();
  await site.restart();
  return found;
}

/** What waits for its next try, or for a consumer that died, is due now. */
async function dueNow() {
  await site.server.stop();
  const db = database(site.state);
  const past = "'2020-01-01T00:00:00.000Z'";
  db.exec(`UPDATE message SET next_at = ${past}, enqueued_at = NULL WHERE state = 'queued'; UPDATE message SET claimed_until = ${past} WHERE state = 'sending'`);
  db.close();
  await site.restart();
}

/** Everything that is to be sent was sent, each key once. */
async function settled(address, letters) {
  await eventually(site, `${letters} letters to ${address}`, async () => {
    const sent = await site.control(`sent?to=${address}`);
    return sent.filter((one) => one.gateway === "mail").length >= letters;
  });
  assert.equal((await site.control("counts")).most, 1, "something was sent twice");
}

test("a batch that D1 refuses is answered in words, changes nothing, and the same request goes through later", async () => {
  const one = await draft(site, PEOPLE, vacancies[0].id);
  const key = crypto.randomUUID();
  const refused = await submit(one, key, "?fault=batch-refused");
  assert.equal(refused.status, 500);
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  assert.match(refused.body.detail ?? refused.body.title, /[әғқңөұүі]/, "in the reader's language");
  assert.doesNotMatch(JSON.stringify(refused.body), /refused, as|D1|SQL/);
  const now = await one.my("GET", `my/applications/${one.id}`);
  assert.equal(now.body.state, "draft");
  assert.equal(now.body.version, one.version);
  const sent = await submit(one, key);
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  assert.equal(sent.body.state, "submitted");
  await settled(one.who.email, 1);
});

test("an answer that got lost after the batch: the repetition gets it, nothing happens twice", async () => {
  const one = await draft(site, PEOPLE + 1, vacancies[0].id);
  const key = crypto.randomUUID();
  const lost = await submit(one, key, "?fault=batch-lost");
  assert.equal(lost.status, 500);
  const again = await submit(one, key);
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.equal(again.body.state, "submitted");
  const third = await submit(one, key);
  assert.equal(third.body.number, again.body.number);
  // Somebody who takes a new key for the same step hears how it stands.
  const other = await submit(one);
  assert.equal(other.status, 412);
  assert.equal(other.body.conflict.current.number, again.body.number);
  await settled(one.who.email, 1);
});

test("SIGKILL between the batch and the queue: the notice was part of the batch and is told after the restart", async () => {
  const one = await draft(site, PEOPLE + 2, vacancies[0].id);
  const key = crypto.randomUUID();
  // The batch is written and nobody drains the outbox: the worker dies here.
  assert.equal((await submit(one, key, "?fault=batch-lost")).status, 500);
  await site.kill();
  assert.equal((await site.control(`sent?to=${one.who.email}`)).length, 0);
  await site.restart();
  await settled(one.who.email, 1);
  const after = await submit(one, key);
  assert.equal(after.body.state, "submitted");
});

test("reordered steps: what was decided on an older state is refused with both sides", async () => {
  const one = await draft(site, PEOPLE + 3, vacancies[1].id);
  // Sent before the last page was saved: the page comes late and does not overwrite.
  const sent = await submit(one);
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const late = await one.my("PUT", `my/applications/${one.id}`, { content: { ...sent.body.content, seen: [] } }, { "if-match": `"${one.version}"` });
  assert.equal(late.status, 412);
  assert.equal(late.body.conflict.current.state, "submitted");
  // A way back that belongs to the state before it.
  const withdrawn = await one.my("POST", `my/applications/${one.id}/commands`, { command: "withdraw", reason: "Басқа жұмыс таптым" }, { "if-match": `"${sent.body.version}"` });
  assert.equal(withdrawn.status, 200, JSON.stringify(withdrawn.body));
  const again = await one.my("POST", `my/applications/${one.id}/commands`, { command: "submit" }, { "if-match": `"${withdrawn.body.version}"` });
  assert.ok(again.status >= 400 && again.status < 500, `${again.status}`);
});

test("a gateway that hangs and another that lies: the person hears once all the same", { timeout: 180_000 }, async () => {
  await site.tell("behaviour", { gateway: "mail", mode: "hang", times: 1 });
  await site.tell("behaviour", { gateway: "mobizon", mode: "lie", times: 1 });
  const one = await draft(site, PEOPLE + 4, vacancies[0].id);
  const { requests: before } = await site.control("counts");
  assert.equal((await submit(one)).status, 200);
  await eventually(site, "both gateways were asked", async () => {
    const { requests } = await site.control("counts");
    return ["mail", "mobizon"].every((name) => (requests[name] ?? 0) > (before[name] ?? 0));
  });
  await dueNow();
  await settled(one.who.email, 1);
  const texts = (await site.control("sent")).filter((sent) => String(sent.to).endsWith(one.who.phone.slice(1)));
  assert.equal(texts.length, 1, JSON.stringify(texts));
});

test("SIGKILL during submits, gateways failing: every acknowledged one is there once and told once", { timeout: 240_000 }, async () => {
  for (const gateway of ["mobizon", "mail"]) await site.tell("behaviour", { gateway, mode: "fail", every: 3 });
  const drafts = [];
  await each(PEOPLE, 4, async (n) => {
    drafts[n] = { ...(await draft(site, n, vacancies[n % 2].id)), key: crypto.randomUUID() };
  });
  const acknowledged = new Map();
  let killed;
  await each(PEOPLE, 6, async (n) => {
    try {
      const { status, body } = await submit(drafts[n], drafts[n].key);
      if (status === 200) acknowledged.set(n, body.number);
    } catch {
      // The server died under it; nobody was told that it was done.
    }
    if (acknowledged.size >= PEOPLE / 2) killed ??= site.kill();
  });
  await killed;
  assert.ok(acknowledged.size >= PEOPLE / 2 && acknowledged.size < PEOPLE, `${acknowledged.size} acknowledged`);
  await site.restart();
  for (const [n, number] of acknowledged) {
    const { body } = await drafts[n].my("GET", `my/applications/${drafts[n].id}`);
    assert.deepEqual([body.state, body.number], ["submitted", number], `applicant ${n}`);
  }
  // Everybody presses the button again, as people do: same key, same attempt.
  for (const one of drafts) {
    const { status, body } = await submit(one, one.key);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.state, "submitted");
  }
  for (const gateway of ["mobizon", "mail"]) await site.tell("behaviour", { gateway, mode: "ok" });
  // What failed is due in minutes; here it is due now.
  await dueNow();
  for (const { who } of drafts) await settled(who.email, 1);
  const [{ n, numbers }] = await rows("SELECT count(*) AS n, count(DISTINCT number) AS numbers FROM application WHERE state = 'submitted'");
  assert.equal(n, numbers);
  const told = await rows("SELECT account, object_id, count(*) AS n FROM notice WHERE event = 'application.submitted' GROUP BY account, object_id HAVING count(*) <> 1");
  assert.deepEqual(told, []);
});
