// Messages on real workerd: two workers, the queue, the stand-in of the gateways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addNotices, database } from "../lib/notices.mjs";
import { eventually, portal, tick } from "../lib/portal.mjs";

const PEOPLE = 60;
const site = portal("messages", { gateway: true, stage: (state) => addNotices(state, PEOPLE) });


function post(where, fields) {
  return site.ask(where, {
    method: "POST",
    headers: { origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields),
  });
}

test("every notice becomes a letter and a text message, each once, in the person's language", async () => {
  // Each third request fails, and each seventh answer gets lost after the gateway took the letter.
  await site.tell("behaviour", { gateway: "mobizon", mode: "refuse", code: 99, every: 3 });
  await site.tell("behaviour", { gateway: "mail", mode: "lie", every: 7 });
  const counts = await eventually(site, "all messages", async () => {
    const counts = await site.control("counts");
    return counts.total >= 2 * PEOPLE && counts;
  });
  assert.equal(counts.total, 2 * PEOPLE);
  assert.equal(counts.most, 1, "a message was sent twice");
  const sent = await site.control("sent");
  const letter = sent.find((one) => one.to === "p0@example.kz");
  assert.match(letter.subject, /қабылданды/);
  assert.match(sent.find((one) => one.to === "p1@example.kz").subject, /принято/);
  assert.equal(letter.headers["List-Unsubscribe"], undefined, "what has legal weight cannot be stopped");
  assert.ok(sent.some((one) => one.gateway === "smsc"), "nothing went by the second gateway");
  await site.tell("behaviour", { gateway: "mobizon", mode: "ok" });
  await site.tell("behaviour", { gateway: "mail", mode: "ok" });
});

test("a code comes by the gateway that works, and the mailbox shows it", async () => {
  await site.tell("behaviour", { gateway: "mobizon", mode: "fail", times: 1 });
  const answer = await post("/ru/enter", { contact: "8 701 999 88 77", next: "" });
  assert.ok(answer.status < 400, `${answer.status}`);
  const sent = await site.control("sent?to=77019998877");
  assert.equal(sent.length, 1);
  const code = /\b\d{6}\b/.exec(sent[0].text)[0];
  const page = await (await site.ask("/dev/mailbox")).text();
  assert.ok(page.includes(code) && page.indexOf("77019998877") < page.indexOf("p0@example.kz"), "newest first");
});

test("workers killed in the middle lose nothing and send nothing twice", { timeout: 240_000 }, async () => {
  await site.control("sent", { method: "DELETE" });
  await site.server.stop();
  const db = database(site.state);
  // Everybody gets another notice, and the gateways are slow enough to be caught at work.
  db.exec(`DELETE FROM message; UPDATE notice SET key = key || ':2', args = replace(args, 'A-', 'B-') WHERE event = 'application.submitted';
    INSERT INTO outbox (at, topic, key, next_at) SELECT at, 'notice.created', batch, at FROM notice WHERE event = 'application.submitted'`);
  db.close();
  for (const gateway of ["mobizon", "mail"]) await site.tell("behaviour", { gateway, mode: "delay", ms: 150 });
  await site.restart();
  await tick(site);
  await eventually(site, "some messages", async () => (await site.control("counts")).total >= 10, { ticks: false });
  await site.kill();
  const before = await site.control("counts");
  assert.ok(before.total < 2 * PEOPLE, "everything was sent before the kill");
  for (const gateway of ["mobizon", "mail"]) await site.tell("behaviour", { gateway, mode: "ok" });
  const after = database(site.state);
  // As if the claims had run out and the queue had lost what it held.
  after.exec("UPDATE message SET claimed_until = '2020-01-01T00:00:00.000Z' WHERE state = 'sending'; UPDATE message SET enqueued_at = NULL WHERE state = 'queued'");
  after.close();
  await site.restart();
  const counts = await eventually(site, "all messages", async () => {
    const counts = await site.control("counts");
    return counts.total >= 2 * PEOPLE && counts;
  });
  await tick(site);
  assert.equal(counts.keys, 2 * PEOPLE);
  assert.equal((await site.control("counts")).most, 1, "a message was sent twice");
});
