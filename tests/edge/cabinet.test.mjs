// The cabinet's API on D1: constraint names arrive, limits hold, nothing acknowledged is lost.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { assertSecure, demo, operator, portal, root, signIn } from "../lib/portal.mjs";

const site = portal("cabinet");
const cabinet = operator(site);
const { organisations } = demo.region(root);
const school = organisations.find((one) => one.level === "organisation").id;

const content = {
  position: "subject_teacher", subject: "mathematics", openings: 1, rate: 100,
  salary_from: 250000, language: "kk", schedule: "full",
  duties: { kk: "Сабақ береді", ru: "Ведёт уроки" },
  requirements: { kk: "Жоғары білім", ru: "Высшее образование" },
  documents: ["application_form", "identity", "personal_sheet", "education", "health_075", "psychoneurological", "narcological", "criminal_record", "score_sheet"],
  contact_phone: "+7 701 000 00 00", contact_email: "school@example.kz",
};
const create = (key = crypto.randomUUID(), more = {}) =>
  cabinet("POST", "vacancies", { organisation: school, content: { ...content, ...more } }, { "idempotency-key": key });
const command = (vacancy, body, version = vacancy.version) =>
  cabinet("POST", `vacancies/${vacancy.id}/commands`, body, { "idempotency-key": crypto.randomUUID(), "if-match": `"${version}"` });

test("a clerk signs in with password and code, and the cookie is what it must be", async () => {
  const { cookie, setCookie, answer } = await signIn(site, "hr.school1");
  assert.equal(answer.status, 303);
  for (const part of ["__Host-session=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"]) assert.ok(setCookie.includes(part), part);
  assert.doesNotMatch(setCookie, /Domain=/i);
  const me = await site.ask("/api/v1/cabinet/me", { headers: { cookie } });
  assert.equal((await me.json()).login, "hr.school1");
  assertSecure(assert, me.headers, "me");
});

test("a guard's constraint arrives by its name: the second change of a version is a 412", async () => {
  const { body: vacancy, status } = await create();
  assert.equal(status, 201);
  const save = { command: "save", content: { ...vacancy.content, openings: 2 } };
  assert.equal((await command(vacancy, save)).status, 200);
  const second = await command(vacancy, { command: "save", content: { ...vacancy.content, openings: 3 } });
  assert.equal(second.status, 412);
  assert.equal(second.body.conflict.current.content.openings, 2);
});

test("a unique index arrives by its columns: a key that is replayed gives the first answer", async () => {
  const key = crypto.randomUUID();
  const answers = await Promise.all([create(key), create(key), create(key)]);
  const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
  assert.equal(ids.size, 1, JSON.stringify(answers.map(({ status, body }) => [status, body?.code])));
  assert.equal((await create(key)).body.id, [...ids][0]);
});

test("a published vacancy is closed by the cron's sweep alone, and the sweep does no harm", async () => {
  const { body: draft } = await create();
  const published = await command(draft, { command: "publish", at: null });
  assert.equal(published.status, 200, JSON.stringify(published.body));
  const sweep = await site.ask("/cdn-cgi/local/scheduled");
  assert.equal(sweep.status, 200);
  const after = await cabinet("GET", `vacancies/${draft.id}`);
  assert.equal(after.body.state, "published");
  const ready = await (await site.ask("/readyz")).json();
  assert.equal(ready.outbox.waiting, 0);
});

test("attempts to sign in are limited, with Retry-After", async () => {
  const attempt = () => site.ask("/ru/sign-in", { method: "POST", headers: { origin: site.address, "content-type": "text/plain" }, body: "x" });
  let limited;
  for (let n = 0; n < 80 && !limited; n += 1) {
    const answer = await attempt();
    await answer.text();
    if (answer.status === 429) limited = answer;
  }
  assert.ok(limited, "never limited");
  assert.ok(Number(limited.headers.get("retry-after")) > 0);
  assertSecure(assert, limited.headers, "429");
});

test("SIGKILL during 200 writes: every acknowledged write is there after the restart", async () => {
  const acknowledged = [];
  let asked = 0;
  let killed;
  const writer = async () => {
    while (asked < 200 && !killed) {
      const number = (asked += 1);
      try {
        const { status, body } = await create(crypto.randomUUID(), { openings: (number % 5) + 1 });
        if (status === 201) acknowledged.push({ id: body.id, openings: body.content.openings });
      } catch {
        // The server died under this one; nobody was told that it was done.
      }
      if (acknowledged.length >= 80) killed ??= site.kill();
    }
  };
  await Promise.all(Array.from({ length: 8 }, writer));
  await killed;
  assert.ok(acknowledged.length >= 80, `${acknowledged.length} writes before the end`);
  await site.restart();
  const lost = [];
  for (const { id, openings } of acknowledged) {
    const { status, body } = await cabinet("GET", `vacancies/${id}`);
    if (status !== 200 || body.content.openings !== openings) lost.push(id);
  }
  assert.deepEqual(lost, []);
  // What was under way when it died did not damage anything: the next write works.
  assert.equal((await create()).status, 201);
});
