// Requests that another site's page makes a browser send, and requests with other people's ids.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { demo, portal, root, signIn } from "../lib/portal.mjs";
import { announcement, publish } from "../lib/vacancies.mjs";

let vacancies;
const site = portal("requests", {
  prepare: async (running) => {
    vacancies = await publish(running, 2);
  },
});
const { organisations, accounts } = demo.region(root);
const schools = organisations.filter((one) => one.level === "organisation");

test("posts of another site's page are refused, whatever they carry", async () => {
  const { cookie } = await signIn(site, "hr.school1");
  const body = JSON.stringify({ organisation: schools[0].id, content: announcement });
  const post = (headers) => site.ask("/api/v1/cabinet/vacancies", {
    method: "POST", body, headers: { cookie, "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...headers },
  });
  const foreign = [
    { origin: "https://evil.example" }, { origin: "null" }, { origin: `${site.address}.evil.example` },
    { origin: site.address, "sec-fetch-site": "cross-site" }, { origin: site.address, "sec-fetch-site": "same-site" }, {},
  ];
  for (const headers of foreign) assert.equal((await post(headers)).status, 403, JSON.stringify(headers));
  const own = await post({ origin: site.address, "sec-fetch-site": "same-origin" });
  assert.notEqual(own.status, 403);
  for (const headers of foreign) {
    const answer = await site.ask("/kk/sign-in", { method: "POST", headers: { ...headers, "content-type": "application/x-www-form-urlencoded" }, body: "login=a&password=b&code=1" });
    assert.equal(answer.status, 403, `sign-in ${JSON.stringify(headers)}`);
  }
});

test("a form that pretends to be JSON is not read", async () => {
  const { cookie } = await signIn(site, "head.school1");
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const answer = await site.ask("/api/v1/cabinet/vacancies", {
      method: "POST", body: JSON.stringify({ organisation: schools[0].id }),
      headers: { cookie, origin: site.address, "content-type": type, "idempotency-key": crypto.randomUUID() },
    });
    assert.equal(answer.status, 415, type);
  }
});

test("ids of another organisation open nothing", async () => {
  const own = accounts.find((one) => one.login === "hr.school2").roles[0].organisation;
  const { cookie } = await signIn(site, "hr.school2");
  const strangers = vacancies.filter((one) => one.organisation.id !== own);
  assert.ok(strangers.length > 0);
  const headers = { cookie, origin: site.address, "content-type": "application/json" };
  for (const { id } of strangers) {
    for (const what of ["", "/check", "/history", "/views"]) {
      const answer = await site.ask(`/api/v1/cabinet/vacancies/${id}${what}`, { headers });
      assert.ok([403, 404].includes(answer.status), `${what}: ${answer.status}`);
    }
    const command = await site.ask(`/api/v1/cabinet/vacancies/${id}/commands`, {
      method: "POST", body: JSON.stringify({ command: "pause", reason: "x" }),
      headers: { ...headers, "idempotency-key": crypto.randomUUID(), "if-match": '"2"' },
    });
    assert.ok([403, 404].includes(command.status), `command: ${command.status}`);
  }
});

test("a session that was ended is ended, and a made-up one never was", async () => {
  const { cookie } = await signIn(site, "auditor");
  const me = () => site.ask("/api/v1/cabinet/me", { headers: { cookie } });
  assert.equal((await me()).status, 200);
  const out = await site.ask("/api/v1/cabinet/sign-out", { method: "POST", headers: { cookie, origin: site.address, "idempotency-key": crypto.randomUUID() } });
  assert.ok(out.status < 400, `sign out: ${out.status}`);
  assert.equal((await me()).status, 401);
  for (const made of ["__Host-session=", "__Host-session=x", `__Host-session=${"a".repeat(4000)}`, "session=x"]) {
    assert.equal((await site.ask("/api/v1/cabinet/me", { headers: { cookie: made } })).status, 401);
  }
  assert.equal((await site.ask("/api/v1/cabinet/me", { headers: { authorization: "Bearer wrong" } })).status, 401);
});

test("a code of the second factor is good once", async () => {
  const code = demo.totp();
  const enter = () => site.ask("/ru/sign-in", {
    method: "POST", headers: { origin: site.address, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ login: "ministry", password: demo.PASSWORD, code }),
  });
  assert.equal((await enter()).status, 303);
  assert.notEqual((await enter()).status, 303);
});
