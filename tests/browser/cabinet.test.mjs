// What the staff does, from an empty form to a concluded vacancy, on the real server.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, LANGS, picture } from "../lib/browser.mjs";
import { accounts, ready, texts } from "../lib/cabinet.mjs";
import { demo, operator, portal, root, signIn } from "../lib/portal.mjs";
import { announcement, publish } from "../lib/vacancies.mjs";

const TEXTS = texts("cabinet", "cabinet_staff", "cabinet_vacancy", "cabinet_writing", "cabinet_administration");
const EXAMPLE = path.join(root, "schemas/examples/district-vacancies.xlsx");
const DAY = 86_400_000;
const day = (ahead) => new Date(Date.now() + ahead * DAY).toISOString().slice(0, 10);

let published;
const site = portal("browser-cabinet", {
  prepare: async (running) => {
    published = await publish(running, 2);
  },
});
const chrome = browser();

const staff = accounts(site, chrome, TEXTS);
const open = (login, how) => staff.open(login, { lang: "ru", ...how });

const field = (page, name) => page.locator(`[id="f-${name}"]`);
const clean = async (page, what) => assert.deepEqual(await inspect(page), [], what);

/** Fills a step and goes to the next one. */
async function step(page, next, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = field(page, name);
    const tag = await control.evaluate((node) => node.tagName);
    if (tag === "SELECT") await control.selectOption(value);
    else await control.fill(value);
  }
  await page.press("wizard.next");
  await page.waitForURL(new RegExp(`/edit/${next}$`));
  await ready(page);
}

const status = (page) => page.locator("main .tag").first();
const state = (page, code) => page.locator("main .tag", { hasText: page.t(`state.${code}`) }).first().waitFor();

async function sheet(page, command, values) {
  await page.press(`command.${command}`);
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  await clean(page, `sheet of ${command}`);
  for (const [name, value] of Object.entries(values)) {
    const control = field(page, name);
    const tag = await control.evaluate((node) => node.tagName);
    if (tag === "SELECT") await control.selectOption(value === true ? { index: 1 } : value);
    else await control.fill(value);
  }
  await dialog.locator('button[type="submit"]').click();
  // Either it is done and the sheet is gone, or it says what is wrong.
  await page.waitForFunction(() => !document.querySelector("dialog[open]") || document.querySelector("#errors li, .toasts .late"));
  const wrong = page.locator("#errors, .toasts .late");
  assert.deepEqual(await wrong.allInnerTexts(), [], command);
}

for (const [lang, width, login] of [["kk", 360, "hr.school1"], ["ru", 1280, "hr.school2"]]) {
  test(`a clerk leads a vacancy from the first letter to its end, ${lang} at ${width} px`, async () => {
    const page = await open(login, { lang, width });
    await page.to("/app/vacancies/new");
    await page.press("new.create");
    await page.waitForURL(/\/edit\/post$/);
    await ready(page);
    const id = /vacancies\/([^/]+)/.exec(page.url())[1];
    await step(page, "load", { position: "subject_teacher", subject: "mathematics", language: "kk", openings: "2" });
    // What is typed and not saved is there after a reload.
    await field(page, "hours").fill("18");
    // What is no number stays as it was typed, is named, and stops the step.
    await field(page, "salary_from").fill("250 мың");
    await page.press("wizard.next");
    await page.locator("#errors a", { hasText: page.t("form.number") }).waitFor();
    assert.match(page.url(), /\/edit\/load$/);
    await page.reload();
    await ready(page);
    assert.equal(await field(page, "salary_from").inputValue(), "250 мың");
    await clean(page, "unread number");
    await picture(page, `cabinet-number-${lang}-${width}`);
    await field(page, "salary_from").fill("");
    await page.reload();
    await ready(page);
    await page.getByText(page.t("wizard.restored")).waitFor();
    assert.equal(await field(page, "hours").inputValue(), "18");
    await step(page, "texts", { rate: "100", salary_from: "250 000", salary_to: "320000", schedule: "full" });
    for (const button of await page.getByRole("button", { name: page.t("wizard.insert_standard") }).all()) await button.click();
    for (const name of ["duties.kk", "duties.ru", "requirements.kk", "requirements.ru"]) {
      assert.ok((await field(page, name).inputValue()).length > 20, name);
    }
    await step(page, "requirements", { "requirements.ru": "" });
    await page.locator("#f-documents input").first().check();
    await step(page, "contacts", {});
    await step(page, "check", { contact_phone: "+7 701 000 00 00", contact_email: "school@example.kz" });
    // What is missing leads to its field.
    const issue = page.locator(".issues a").first();
    await issue.waitFor();
    assert.ok(await page.getByRole("button", { name: page.t("check.publish_now") }).isDisabled());
    await clean(page, "check");
    await issue.click();
    await page.waitForURL(/\/edit\/texts\?field=requirements/);
    await page.waitForFunction(() => document.activeElement?.id === "f-requirements.ru");
    await page.keyboard.type("Высшее педагогическое образование");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/\/edit\/requirements$/);
    await page.to(`/app/vacancies/${id}/edit/check`);
    const shown = page.frameLocator("iframe").locator("h1");
    await shown.waitFor();
    assert.match(await shown.innerText(), /математика/i);
    await picture(page, `cabinet-check-${lang}-${width}`);
    // The same vacancy of this school is open already: nothing happens before both are meant.
    const meant = page.getByLabel(page.t("check.twin_meant"));
    if (await meant.count()) {
      assert.ok(await page.getByRole("button", { name: page.t("check.publish_now") }).isDisabled());
      await meant.check();
    }
    await page.press("check.publish_now");
    await page.waitForURL(new RegExp(`/app/vacancies/${id}$`));
    await page.said("check.published");
    await state(page, "published");

    await sheet(page, "extend", { accept_to: day(20), "note.kk": "Өтінім аз", "note.ru": "Мало заявлений" });
    await page.said("vacancy.done");
    await sheet(page, "pause", { reason: true });
    await state(page, "paused");
    await sheet(page, "resume", {});
    await state(page, "published");
    await page.reload();
    await ready(page);
    await picture(page, `cabinet-vacancy-${lang}-${width}`);
    await sheet(page, "end_early", { reason: true, "note.kk": "Мектеп жабылды", "note.ru": "Школа закрыта" });
    await state(page, "closed");
    if (await page.getByRole("button", { name: page.t("command.start_review"), exact: true }).count()) {
      await sheet(page, "start_review", {});
      await state(page, "in_review");
    }
    await sheet(page, "conclude", { filled: "yes", applicants: "7", "note.kk": "Тағайындалды", "note.ru": "Назначен" });
    await state(page, "filled");
    await page.to(`/app/vacancies/${id}`);
    const history = await page.locator(".timeline").innerText();
    for (const action of ["publish", "extend", "pause", "resume", "end_early", "conclude"]) {
      assert.ok(history.includes(page.t(`action.vacancy.${action}`)), `${action}: ${history}`);
    }

    await page.press("vacancy.to_template");
    await field(page, "name").fill(`Үлгі ${lang}`);
    await page.locator("dialog[open] button[type=submit]").click();
    await page.said("templates.saved");
    await page.press("vacancy.copy");
    await page.waitForURL(/\/edit$/);
    await ready(page);
    await clean(page, "list of steps");
    assert.notEqual(/vacancies\/([^/]+)/.exec(page.url())[1], id);
    await page.to("/app/templates");
    await page.getByText(`Үлгі ${lang}`).first().waitFor();
    await clean(page, "templates");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

test("two clerks at once: the second sees what the first changed and loses nothing", async () => {
  const first = await open("hr.school1", { lang: "kk" });
  await first.to("/app/vacancies/new");
  await first.press("new.create");
  await first.waitForURL(/\/edit\/post$/);
  await ready(first);
  const id = /vacancies\/([^/]+)/.exec(first.url())[1];
  const second = await open("head.school1", { lang: "ru" });
  for (const page of [first, second]) await page.to(`/app/vacancies/${id}/edit/load`);
  await field(first, "hours").fill("16");
  await first.keyboard.press("Control+s");
  await first.said("wizard.saved");
  await field(second, "hours").fill("20");
  await field(second, "salary_from").fill("300000");
  second.expected = `${site.address}/api/v1/cabinet/vacancies/${id}/commands`;
  await second.keyboard.press("Control+s");
  const dialog = second.locator("dialog[open]");
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /16/);
  assert.match(await dialog.innerText(), /20/);
  second.problems.length = 0;
  await clean(second, "conflict");
  await picture(second, "cabinet-conflict");
  await dialog.getByText(second.t("conflict.theirs"), { exact: true }).first().click();
  await second.press("conflict.save");
  await second.said("conflict.saved");
  await second.reload();
  await ready(second);
  assert.equal(await field(second, "hours").inputValue(), "16");
  assert.equal(await field(second, "salary_from").inputValue(), "300000");
  for (const page of [first, second]) await page.context().close();
});

test("a district's list is checked and published", async () => {
  const page = await open("region.jetisu", { lang: "kk" });
  await page.to("/app/import");
  await field(page, "file").setInputFiles(EXAMPLE);
  await page.press("import.check");
  await page.locator("#import-report").waitFor();
  await clean(page, "report");
  await picture(page, "cabinet-import");
  await page.press("import.publish");
  await page.getByRole("link", { name: page.t("import.to_list") }).waitFor({ timeout: 60_000 });
  await clean(page, "result");
  await page.getByRole("link", { name: page.t("import.to_list") }).click();
  await ready(page);
  await page.locator("table tbody tr").first().waitFor();
  assert.ok(await page.locator("table tbody tr").count() >= 10);
  const number = /№\s(\d+)/.exec(await page.locator("table tbody tr").first().innerText())[1];
  await field(page, "q").fill(number);
  await field(page, "q").press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("table tbody tr").length === 1);
  await page.context().close();
});

test("an administrator opens an account and sees the table of permissions", async () => {
  const page = await open("sys.admin", { lang: "ru" });
  await page.to("/app/accounts/new");
  await page.locator('[id="f-role.organisation"] option').nth(1).waitFor({ state: "attached" });
  for (const [name, value] of Object.entries({ iin: "900101300017", surname: "Сериков", name: "Асхат", login: "askhat.serikov" })) {
    await field(page, name).fill(value);
  }
  await field(page, "role.role").selectOption("hr_clerk");
  await field(page, "role.organisation").selectOption({ index: 1 });
  await clean(page, "new account");
  await page.press("account.create");
  await page.locator("code.copy").waitFor();
  await page.to("/app/accounts");
  await page.getByText("askhat.serikov").waitFor();
  await picture(page, "cabinet-accounts");
  await page.to("/app/permissions");
  await page.getByText("/api/v1/cabinet/permissions").first().waitFor();
  await picture(page, "cabinet-permissions");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a role is granted and ended", async () => {
  const page = await open("sys.admin", { lang: "kk" });
  await page.to("/app/accounts");
  const row = page.locator("table tbody tr", { hasText: "hr.school2" });
  const roles = row.locator(".roles-list li");
  const before = await roles.count();
  await row.getByRole("button", { name: page.t("account.grant"), exact: true }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.locator('[id="f-organisation"] option').nth(1).waitFor({ state: "attached" });
  // Without a role nothing is sent, and what is missing is named at its field.
  await dialog.locator("button[type=submit]").click();
  await dialog.locator("#errors a", { hasText: page.t("need.role") }).waitFor();
  await field(page, "role").selectOption("methodist");
  await field(page, "organisation").selectOption({ index: 1 });
  await clean(page, "granting a role");
  await picture(page, "cabinet-grant");
  await dialog.locator("button[type=submit]").click();
  await page.said("account.granted");
  const granted = roles.filter({ hasText: page.t("role.methodist") });
  await granted.waitFor();
  assert.equal(await roles.count(), before + 1);
  await granted.getByRole("button", { name: page.t("account.end"), exact: true }).click();
  await clean(page, "ending a role");
  await dialog.getByRole("button", { name: page.t("account.end"), exact: true }).click();
  await page.said("account.ended");
  // It stays in the list as a role that is over, or is gone; it can be ended no more.
  await page.waitForFunction((text) => [...document.querySelectorAll("table tbody tr")]
    .filter((one) => one.textContent.includes("hr.school2"))
    .every((one) => [...one.querySelectorAll(".roles-list li")].every((li) => !li.textContent.includes(text) || !li.querySelector("button"))),
  page.t("role.methodist"));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("an IIN with letters stays as it was typed and is named", async () => {
  const page = await open("sys.admin", { lang: "ru" });
  await page.to("/app/accounts/new");
  await page.locator('[id="f-role.organisation"] option').nth(1).waitFor({ state: "attached" });
  for (const [name, value] of Object.entries({ iin: "90010130001О", surname: "Сериков", name: "Асхат", login: "letters.in.iin" })) {
    await field(page, name).fill(value);
  }
  await field(page, "role.role").selectOption("hr_clerk");
  await field(page, "role.organisation").selectOption({ index: 1 });
  page.expected = `${site.address}/api/v1/cabinet/accounts`;
  await page.press("account.create");
  await page.locator('#errors a[href="#f-iin"]').waitFor();
  assert.equal(await field(page, "iin").inputValue(), "90010130001О");
  await page.context().close();
});

test("a vacancy is published at a set time", async () => {
  const page = await open("hr.school2", { lang: "kk" });
  const cabinet = operator(site);
  const school = demo.region(root).organisations.find(({ key }) => key === "school2");
  const content = { ...announcement, subject: "informatics" };
  const draft = await cabinet("POST", "vacancies", { organisation: school.id, content }, { "idempotency-key": crypto.randomUUID() });
  assert.equal(draft.status, 201);
  await page.to(`/app/vacancies/${draft.body.id}/edit/check`);
  await page.getByLabel(page.t("check.later")).check();
  // Without a day the button says what is missing.
  await page.press("check.schedule");
  await page.getByText(page.t("check.when_missing")).first().waitFor();
  await field(page, "publish_date").fill(day(3));
  await field(page, "publish_time").fill("10:30");
  await clean(page, "publishing at a time");
  await page.press("check.schedule");
  await page.waitForURL(new RegExp(`/app/vacancies/${draft.body.id}$`));
  await page.said("check.will_publish");
  await state(page, "scheduled");
  assert.match(await page.locator(".deadline").first().innerText(), /10:30/);
  assert.equal((await site.ask(`/kk/vacancies/${draft.body.number}`, { redirect: "manual" })).status, 404);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a file that is no list is refused at its field", async () => {
  const page = await open("region.jetisu", { lang: "kk" });
  await page.to("/app/import");
  await page.press("import.check");
  await page.locator('#errors a[href="#f-file"]', { hasText: page.t("need.file") }).waitFor();
  await field(page, "file").setInputFiles({ name: "list.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("PK\u0003\u0004 no workbook") });
  await page.press("import.check");
  await page.locator("#e-file").waitFor();
  assert.equal(await field(page, "file").getAttribute("aria-invalid"), "true");
  page.problems.length = 0;
  await clean(page, "a refused file");
  await page.context().close();
});

test("an auditor reads the journal", async () => {
  const page = await open("auditor", { lang: "kk" });
  await page.to("/app/journal");
  await page.locator("table tbody tr").first().waitFor();
  await picture(page, "cabinet-journal");
  await page.context().close();
});

test("a session is ended from another one", async () => {
  const other = await signIn(site, "directory.admin");
  const page = await open("directory.admin", { lang: "kk" });
  await page.to("/app/security");
  await page.press("security.end");
  await page.said("security.ended");
  const me = await site.ask("/api/v1/cabinet/me", { headers: { cookie: other.cookie } });
  assert.equal(me.status, 401);
  await page.context().close();
});

const WHO = {
  "region.jetisu": [
    "", "/vacancies", "/vacancies/new", "/vacancies/{vacancy}", "/templates", "/import", "/organisations",
    "/organisations/{organisation}", "/security", "/nowhere",
    ...["", "/post", "/load", "/texts", "/requirements", "/contacts", "/check"].map((one) => `/vacancies/{draft}/edit${one}`),
  ],
  "sys.admin": ["", "/accounts", "/accounts/new", "/permissions"],
  auditor: ["", "/journal", "/permissions"],
};
for (const [login, pages] of Object.entries(WHO)) {
  for (const lang of LANGS) {
    test(`axe finds nothing in the cabinet of ${login}, ${lang}`, async () => {
      const { body } = await operator(site)("GET", "vacancies?state=draft");
      const ids = { vacancy: published[0].id, organisation: published[0].organisation.id, draft: body.items[0].id };
      const page = await open(login, { lang });
      const found = [];
      for (const one of pages) {
        await page.to(`/app${one.replace(/{(\w+)}/, (_, name) => ids[name])}`);
        for (const width of [320, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            for (const problem of await inspect(page)) found.push(`${one} ${width} ${colorScheme}: ${problem}`);
            if (lang !== "en") await picture(page, `cabinet${one}-${login}-${lang}-${width}-${colorScheme}`);
          }
        }
      }
      assert.deepEqual(found, []);
      await page.context().close();
    });
  }
}
