// A person's cabinet on a line that is slow, breaks off, or lies; with two devices, with another
// clock, with the keyboard alone, with bad eyes.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { filled } from "../lib/applicants.mjs";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { kept, own, ready, rows } from "../lib/own.mjs";
import { operator, portal } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

let vacancies;
const site = portal("browser-applicant-line", {
  prepare: async (running) => {
    vacancies = await publish(running, 10);
  },
});
const chrome = browser();
const person = own(site, chrome, "support.desk");
/** A draft of its own for each test. */
const draft = () => person.draft(vacancies.pop().id);
const MB = 1024 * 1024;

/** Holds the requests that match until they are let go. */
async function hold(page, url, method) {
  let go;
  const held = new Promise((resolve) => (go = resolve));
  let came;
  const first = new Promise((resolve) => (came = resolve));
  await page.route(url, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    came();
    await held;
    await route.fallback();
  });
  return { go, first };
}

test("what is drawn anew while a form is on its way does not lose its answer", async () => {
  const { id } = await draft();
  const page = await person.open({ lang: "ru" });
  await page.to(`/app/my/applications/${id}/person`);
  const way = await hold(page, `**/my/applications/${id}`, "PUT");
  await page.field("person.surname").fill("Медленная");
  await page.press("apply.save_next");
  await way.first;
  // The line comes and goes meanwhile, and what comes is another text.
  await page.route(`**/my/applications/${id}`, async (route) => {
    if (route.request().method() !== "GET") return route.fallback();
    const answer = await route.fetch();
    const body = await answer.json();
    body.vacancy.organisation.name.ru += " (бывшая)";
    await route.fulfill({ response: answer, json: body });
  });
  const again = page.waitForResponse((answer) => answer.request().method() === "GET" && answer.url().endsWith(id));
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await again;
  way.go();
  await page.waitForURL(/\/contacts$/);
  assert.equal((await person.ask("GET", `my/applications/${id}`)).content.person.surname, "Медленная");
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.context().close();
});

test("what is typed while the page is being saved is not lost", async () => {
  const { id } = await draft();
  const page = await person.open({ lang: "kk" });
  await page.to(`/app/my/applications/${id}/person`);
  const way = await hold(page, `**/my/applications/${id}`, "PUT");
  await page.field("person.surname").fill("Бірінші");
  await page.press("apply.save_next");
  await way.first;
  await page.field("person.name").fill("Кейін жазылған");
  way.go();
  await page.waitForURL(/\/contacts$/);
  await ready(page);
  await page.press("apply.save_next");
  await page.waitForURL(/\/education$/);
  const { content } = await person.ask("GET", `my/applications/${id}`);
  assert.deepEqual([content.person.surname, content.person.name], ["Бірінші", "Кейін жазылған"]);
  await page.context().close();
});

test("two devices: both versions are shown, the person chooses, nothing is lost", async () => {
  const { id, version, content } = await draft();
  const page = await person.open({ lang: "ru" });
  await page.to(`/app/my/applications/${id}/contacts`);
  const there = { ...content, contacts: { ...content.contacts, address: "С ноутбука" }, person: { ...content.person, surname: "Ноутбукова" } };
  await person.ask("PUT", `my/applications/${id}`, { content: there }, { "if-match": `"${version}"` });
  await page.field("contacts.address").fill("С телефона");
  page.problems.length = 0;
  await page.press("apply.save_next");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("С ноутбука").waitFor();
  await dialog.getByText("С телефона").first().waitFor();
  await dialog.getByText("Ноутбукова").first().waitFor();
  await picture(page, "applicant-two-devices");
  // The name is that of the other device, the address that of this one.
  await dialog.locator("fieldset", { hasText: "Ноутбукова" }).locator("label", { hasText: page.t("offline.theirs") }).click();
  assert.deepEqual((await inspect(page)).filter((one) => !/412/.test(one)), []);
  await page.press("offline.settle");
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  const now = await person.ask("GET", `my/applications/${id}`);
  assert.deepEqual([now.content.contacts.address, now.content.person.surname], ["С телефона", "Ноутбукова"]);
  // And the page goes on from there.
  await page.to(`/app/my/applications/${id}/contacts`);
  assert.equal(await page.field("contacts.address").inputValue(), "С телефона");
  await page.press("apply.save_next");
  await page.waitForURL(/\/education$/);
  await page.context().close();
});

test("a large file whose line is cut goes on where it stopped; saving does not wait for it", async () => {
  const { id } = await draft();
  const page = await person.open({ lang: "kk" });
  await page.to(`/app/my/applications/${id}/documents`);
  await kept(page);
  const head = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% ");
  const tail = Buffer.from("\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
  const bytes = Buffer.concat([head, Buffer.alloc(14 * MB, "ab3x "), tail]);
  const parts = [];
  let cut;
  const torn = new Promise((resolve) => (cut = resolve));
  let down = true;
  await page.route("**/my/files/uploads/*/parts/*", async (route) => {
    const part = Number(route.request().url().split("/").at(-1));
    if (down && part > 1) {
      cut();
      return route.abort("connectionreset");
    }
    parts.push(part);
    return route.continue();
  });
  const input = page.locator(".document input[type=file]").first();
  await input.setInputFiles({ name: "Үлкен құжат.pdf", mimeType: "application/pdf", buffer: bytes });
  await torn;
  await page.locator(".unsent").waitFor();
  // The page is saved meanwhile: what names the file waits for it, the person does not.
  await page.press("apply.save_next");
  await page.waitForURL(/\/score_sheet$/);
  assert.deepEqual(parts, [1]);
  down = false;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  assert.deepEqual(parts, [...new Set(parts)], "a part went out twice");
  const [file] = (await person.ask("GET", "my/files")).filter((one) => one.name === "Үлкен құжат.pdf");
  assert.equal(file.size, bytes.length);
  const { url } = await person.ask("POST", `my/files/${file.id}/link`);
  const back = Buffer.from(await (await site.ask(url)).arrayBuffer());
  assert.ok(bytes.equals(back), "the file is not the one that was sent");
  const { content } = await person.ask("GET", `my/applications/${id}`);
  assert.ok(content.documents.some((part) => part.files.includes(file.id)));
  await page.context().close();
});

test("with no page open the queue goes out in the background", async () => {
  const page = await person.open({ lang: "kk" });
  await page.to("/app/my/profile/new/course");
  await kept(page);
  await page.reload();
  await ready(page);
  await page.context().setOffline(true);
  const values = { title: "Фонда жіберілген", provider: "Өрлеу", hours: "80", from: "2025-06-02", to: "2025-06-13" };
  for (const [name, value] of Object.entries(values)) await page.field(`record.${name}`).fill(value);
  await page.press("record.save");
  await page.waitForURL(/\/my\/profile$/);
  assert.equal((await rows(page)).length, 1);
  const beside = await page.context().newPage();
  await page.close();
  await page.context().setOffline(false);
  await beside.goto(`${site.address}/kk/`);
  const cdp = await beside.context().newCDPSession(beside);
  const registration = new Promise((resolve) => {
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL.endsWith("/app/"));
      if (found) resolve(found.registrationId);
    });
  });
  await cdp.send("ServiceWorker.enable");
  await cdp.send("ServiceWorker.dispatchSyncEvent", { origin: site.address, registrationId: await registration, tag: "mansap-queue", lastChance: true });
  const gone = async () => (await rows(beside)).length === 0;
  for (const end = Date.now() + 60_000; !(await gone());) assert.ok(Date.now() < end, "it was not sent");
  const { items } = await person.ask("GET", "my/profile");
  assert.equal(items.filter((item) => item.record.title === values.title).length, 1);
  await beside.context().close();
});

test("the device's clock counts for nothing", async () => {
  const { id } = await draft();
  for (const days of [40, -40]) {
    const page = await person.open({ lang: "ru" });
    await page.clock.setFixedTime(Date.now() + days * 86_400_000);
    await page.to(`/app/my/applications/${id}`);
    await page.locator(".tasks li").first().waitFor();
    assert.equal(await page.locator(".deadline.late").count(), 0, `${days} days`);
    await page.to(`/app/my/applications/${id}/person`);
    await page.field("person.name").fill(`Сдвиг ${days}`);
    await page.press("apply.save_next");
    await page.waitForURL(/\/contacts$/);
    const now = await person.ask("GET", `my/applications/${id}`);
    assert.equal(now.content.person.name, `Сдвиг ${days}`);
    await page.context().close();
  }
});

/** Somebody else, so that what is sent here fills no draft of the other tests. */
const other = own(site, chrome, "auditor");

/** A draft that only has to be sent. */
async function complete() {
  const vacancy = vacancies.pop();
  const { id, version } = await other.draft(vacancy.id);
  const file = await other.upload("Куәлік.pdf");
  const who = { n: 7, file, phone: "+77020000007", email: "a7@example.kz", lang: "ru" };
  await other.ask("PUT", `my/applications/${id}`, { content: filled(who) }, { "if-match": `"${version}"` });
  return { id, vacancy };
}

/** The school ends the acceptance: for the server it is over from now on. */
async function end(vacancy) {
  const cabinet = operator(site);
  const now = await cabinet("GET", `vacancies/${vacancy.id}`);
  const words = { kk: "Мектеп жабылды", ru: "Школа закрыта" };
  const ended = await cabinet("POST", `vacancies/${vacancy.id}/commands`, { command: "end_early", reason: "filled", note: words }, {
    "idempotency-key": crypto.randomUUID(), "if-match": `"${now.body.version}"`,
  });
  assert.equal(ended.status, 200, JSON.stringify(ended.body));
}

test("what waits on a device whose clock is a day wrong is judged by the server's time and not lost", async () => {
  // A day ahead the device would call it late, a day behind it would still send.
  for (const days of [1, -1]) {
    const { id, vacancy } = await complete();
    const page = await other.open({ lang: "ru" });
    await page.clock.setFixedTime(Date.now() + days * 86_400_000);
    await page.to(`/app/my/applications/${id}/check`);
    await kept(page);
    await page.context().setOffline(true);
    await page.press("apply.submit");
    await until(page, async () => (await rows(page)).length === 1);
    if (days < 0) await end(vacancy);
    page.problems.length = 0;
    await page.context().setOffline(false);
    if (days > 0) {
      await until(page, async () => (await rows(page)).length === 0);
      assert.equal((await other.ask("GET", `my/applications/${id}`)).state, "submitted");
    } else {
      // Refused with the server's time; it stays until the person has decided about it.
      await page.locator(".offline .tag.late").waitFor();
      await page.locator(".unsent").click();
      const dialog = page.getByRole("dialog");
      const times = dialog.getByText(/Приём документов закончился .*202\d.*Время сервера: .*202\d/);
      // The competition has ended since the page was drawn: that is told first, and sent again.
      const again = dialog.getByRole("button", { name: page.t("offline.again"), exact: true }).first();
      await again.waitFor();
      if (!(await times.isVisible())) await again.click();
      await times.waitFor();
      await picture(page, "applicant-clock-behind");
      assert.equal((await rows(page)).length, 1);
      const now = await other.ask("GET", `my/applications/${id}`);
      assert.deepEqual([now.state, now.content.person.surname], ["draft", "Сейітова"]);
    }
    await page.context().close();
  }
});

/** Goes on with the tabulator until something has the focus. */
async function tabTo(page, what, locator) {
  for (let n = 0; n < 120; n += 1) {
    if (await locator.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach ${what}`);
}

test("an application is filled with the keyboard alone", async () => {
  const { id } = await draft();
  const page = await person.open({ lang: "kk", width: 1280 });
  const on = (key) => page.getByRole("button", { name: page.t(key), exact: true }).first();
  await page.to(`/app/my/applications/${id}`);
  const focus = () => page.evaluate(() => document.activeElement.id);
  const task = page.locator(".tasks a").first();
  await task.waitFor();
  await tabTo(page, "the first task", task);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/person$/);
  await ready(page);
  // Who hears the page hears its heading first.
  await page.waitForFunction(() => document.activeElement.id === "page-title");
  await tabTo(page, "the surname", page.field("person.surname"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Пернетақта");
  await page.keyboard.press("Tab");
  assert.equal(await focus(), "f-person.name");
  await tabTo(page, "the button", on("apply.save_next"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/contacts$/);
  await ready(page);
  await page.waitForFunction(() => document.activeElement.id === "page-title");
  await page.to(`/app/my/applications/${id}/statement`);
  const tick = page.field("statement.truthful");
  await tabTo(page, "the tick", tick);
  await page.keyboard.press("Space");
  assert.ok(await tick.isChecked());
  await tabTo(page, "the button", on("apply.save_later"));
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`${id}$`));
  await ready(page);
  // A sheet takes the focus, keeps it, and gives it back.
  const discard = on("apply.discard");
  await tabTo(page, "the command", discard);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.waitForFunction(() => document.querySelector("dialog").contains(document.activeElement));
  await page.keyboard.press("Escape");
  await page.waitForFunction((words) => document.activeElement.textContent === words, page.t("apply.discard"));
  const { content } = await person.ask("GET", `my/applications/${id}`);
  assert.deepEqual([content.person.surname, content.statement.truthful], ["Пернетақта", true]);
  await page.context().close();
});

test("letters twice as large, strong contrast and wide lines fit on a phone and stay", async () => {
  const { id } = await draft();
  const page = await person.open({ lang: "kk", width: 360 });
  await page.to("/app/my/");
  await page.press("view.title");
  for (const choice of ["200", "high", "wide"]) await page.locator(`dialog input[value="${choice}"]`).check();
  await page.keyboard.press("Escape");
  const root = () => page.evaluate(() => ({ ...document.documentElement.dataset }));
  const chosen = { size: "200", contrast: "high", spacing: "wide" };
  const found = [];
  const here = `/app/my/applications/${id}`;
  for (const where of ["/app/my/", here, `${here}/person`, `${here}/contacts`, `${here}/documents`, `${here}/statement`, `${here}/check`, "/app/my/profile", "/app/my/profile/new/course"]) {
    await page.to(where);
    const { size, contrast, spacing } = await root();
    assert.deepEqual({ size, contrast, spacing }, chosen, where);
    for (const problem of await inspect(page)) found.push(`${where}: ${problem}`);
    await picture(page, `low-vision-${where.split("/").at(-1) || "home"}`);
  }
  assert.deepEqual(found, []);
  await page.context().close();
});
