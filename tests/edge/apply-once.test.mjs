// Applying on real workerd: many requests at once, and still one application and one number.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { portal, signIn } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

let published;
const site = portal("apply-once", {
  prepare: async (running) => {
    published = await publish(running, 1);
  },
});
const MINE = "/api/v1/cabinet/my/applications";
const AT_ONCE = 8;

/** A content that can be sent, with one file. */
const filled = (file) => ({
  person: { surname: "Сейітова", name: "Мадина", iin: "840317400084", citizenship: "KZ" },
  contacts: { phone: "+7 701 123 45 67", email: "m@example.kz", kato: "330000000", address: "Қабанбай, 5", lang: "kk" },
  records: [
    { id: "edu-1", kind: "education", title: "ҚазҰПУ, математика", files: [file] },
    { id: "exp-1", kind: "experience", title: "№ 5 мектеп, мұғалім", from: "2019-09-01", files: [file] },
  ],
  documents: [
    { code: "education", records: ["edu-1"] },
    ...["identity", "criminal_record", "health_075", "psychoneurological", "narcological"].map((code) => ({ code, files: [file] })),
  ],
  claims: [{ row: "category", choices: [{ option: "moderator", count: 1 }], files: [file] }],
  statement: { has_relatives: false, truthful: true, consent: true },
  seen: ["person", "contacts", "score_sheet"],
});

test("many taps at once make one draft, and it is sent once", async () => {
  const { cookie } = await signIn(site, "support.desk");
  const ask = async (method, where, body, headers = {}) => {
    const answer = await site.ask(where, {
      method, body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
      headers: { cookie, origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...headers },
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const many = (one) => Promise.all(Array.from({ length: AT_ONCE }, one));

  const begun = await many(() => ask("POST", MINE, { vacancy: published[0].id }));
  assert.deepEqual(begun.filter(({ status }) => status >= 300), []);
  assert.equal(new Set(begun.map(({ body }) => body.id)).size, 1, "there are two drafts");
  assert.equal((await ask("GET", MINE)).body.items.length, 1);

  const pdf = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";
  const file = await ask("POST", "/api/v1/cabinet/my/files?purpose=document&name=scan.pdf", pdf, { "content-type": "application/octet-stream" });
  assert.equal(file.status, 201, JSON.stringify(file.body));
  const { id, version } = begun[0].body;
  // Both devices of the person save at once: one is first, the others are shown what stands.
  const saved = await many(() => ask("PUT", `${MINE}/${id}`, { content: filled(file.body.id) }, { "if-match": `"${version}"` }));
  assert.deepEqual(saved.map(({ status }) => status).sort(), [200, ...Array(AT_ONCE - 1).fill(412)]);
  const draft = saved.find(({ status }) => status === 200).body;
  assert.deepEqual(draft.issues, []);
  for (const { body } of saved.filter(({ status }) => status === 412)) assert.equal(body.conflict.current.version, draft.version);

  const sent = await many(() => ask("POST", `${MINE}/${id}/commands`, { command: "submit" }, { "if-match": `"${draft.version}"` }));
  assert.deepEqual(sent.map(({ status }) => status).sort(), [200, ...Array(AT_ONCE - 1).fill(412)], JSON.stringify(sent.map(({ body }) => body.code)));
  const now = (await ask("GET", `${MINE}/${id}`)).body;
  assert.equal(now.state, "submitted");
  assert.equal(now.sent.length, 1, "it was sent twice");
  assert.equal(now.timeline.entries.filter(({ action }) => action === "submit").length, 1);
});
