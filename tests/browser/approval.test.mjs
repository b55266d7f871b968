// An announcement that a second person has to see: the clerk asks, the head sends it back or
// publishes, and each sees only what is theirs to do.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, picture } from "../lib/browser.mjs";
import { accounts, texts } from "../lib/cabinet.mjs";
import { demo, operator, portal, root } from "../lib/portal.mjs";
import { announcement } from "../lib/vacancies.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, "schemas", name), "utf8"));

let draft;
const site = portal("browser-approval", {
  prepare: async (running) => {
    const school = demo.region(root).organisations.find((one) => one.key === "school1");
    const content = {
      ...announcement, position: "school_director", subject: null,
      documents: read("rules/heads-competition/2023-08-15.json").publishing.documents.value,
    };
    const made = await operator(running)("POST", "vacancies", { organisation: school.id, content }, { "idempotency-key": crypto.randomUUID() });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    draft = made.body;
  },
});
const chrome = browser();

const staff = accounts(site, chrome, texts("cabinet", "cabinet_staff", "cabinet_vacancy", "cabinet_writing"));
async function open(login, lang, width) {
  const page = await staff.open(login, { lang, width });
  page.button = (key) => page.getByRole("button", { name: page.t(key), exact: true }).first();
  page.state = (code) => page.locator("main .tag", { hasText: page.t(`state.${code}`) }).first().waitFor();
  return page;
}

test("a clerk asks, the head sends back, the clerk asks again, the head publishes", async () => {
  const clerk = await open("hr.school1", "kk", 360);
  const head = await open("head.school1", "ru", 1280);
  const ask = async () => {
    await clerk.to(`/app/vacancies/${draft.id}/edit/check`);
    await clerk.button("command.request_approval").waitFor();
    assert.equal(await clerk.button("check.publish_now").count(), 0);
    assert.deepEqual(await inspect(clerk), [], "the check page of the clerk");
    await clerk.button("command.request_approval").click();
    await clerk.waitForURL(new RegExp(`/app/vacancies/${draft.id}$`));
    await clerk.state("approval");
  };
  await ask();
  // Who asked does not publish.
  assert.equal(await clerk.getByRole("link", { name: clerk.t("command.to_check"), exact: true }).count(), 0);
  assert.deepEqual(await inspect(clerk), [], "the vacancy of the clerk");
  await picture(clerk, "approval-clerk");

  await head.to(`/app/vacancies/${draft.id}`);
  await head.state("approval");
  await head.button("command.return").click();
  const sheet = head.locator("dialog[open]");
  await sheet.locator('[id="f-note.kk"]').fill("Талаптарын нақтылаңыз");
  await sheet.locator('[id="f-note.ru"]').fill("Уточните требования");
  await sheet.locator("button[type=submit]").click();
  await head.state("draft");

  await ask();
  await head.to(`/app/vacancies/${draft.id}`);
  await head.state("approval");
  assert.deepEqual(await inspect(head), [], "the vacancy of the head");
  await picture(head, "approval-head");
  // What the head is here for stands out, and nothing else does.
  const publish = head.getByRole("link", { name: head.t("command.to_check"), exact: true });
  assert.deepEqual(await head.locator("main .button:not(.second, .quiet, .danger)").allInnerTexts(), [await publish.innerText()]);
  await publish.click();
  await head.button("check.publish_now").waitFor();
  await head.frameLocator("iframe").locator("h1").waitFor();
  await head.button("check.publish_now").click();
  await head.waitForURL(new RegExp(`/app/vacancies/${draft.id}$`));
  await head.state("published");
  const history = await head.locator(".timeline").innerText();
  for (const action of ["request_approval", "return", "publish"]) {
    assert.ok(history.includes(head.t(`action.vacancy.${action}`)), `${action}: ${history}`);
  }
  assert.equal((await site.ask(`/ru/vacancies/${draft.number}`)).status, 301);
  assert.deepEqual([...clerk.problems, ...head.problems], []);
});
