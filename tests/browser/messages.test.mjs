// Those who keep messages: how they arrive, what was sent, the texts with their versions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, inspect, LANGS, picture } from "../lib/browser.mjs";
import { accounts, ready, texts } from "../lib/cabinet.mjs";
import { addNotices } from "../lib/notices.mjs";
import { eventually, portal } from "../lib/portal.mjs";

const TEXTS = texts("cabinet", "cabinet_messages", "errors");
const PEOPLE = 3;
const site = portal("browser-messages", { gateway: true, stage: (state) => addNotices(state, PEOPLE) });
const chrome = browser();
const staff = accounts(site, chrome, TEXTS);
const open = (how) => staff.open("sys.admin", how);

/** The letters and text messages of the notices have left. */
const sent = () => eventually(site, "the messages to leave", async () => (await site.control("counts")).total >= 2 * PEOPLE);

test("a text is edited: what is wrong is said, its length is counted, versions stay", async () => {
  const page = await open({ lang: "ru", width: 360 });
  await page.to("/app/messages/texts");
  await page.getByText("application.requested", { exact: true }).first().waitFor();
  await page.to("/app/messages/text?event=account.code&part=sms");
  const [kk, ru] = ["kk", "ru"].map((lang) => page.locator(`[id="f-texts.sms.${lang}"]`));
  const before = await ru.inputValue();
  // A variable without which the message is of no use, and one that there is not.
  await ru.fill("Вот ваш код.");
  await page.press("messages.save");
  await page.locator("#errors").getByText(/code/).first().waitFor();
  assert.ok(await ru.getAttribute("aria-invalid"));
  await picture(page, "message-text-wrong-ru-360");
  page.problems.length = 0;
  await ru.fill(`${before} {nobody}`);
  await page.press("messages.preview");
  await page.locator("#errors").getByText(/nobody/).first().waitFor();
  page.problems.length = 0;
  // Cyrillic: 70 in one message, 67 a part of a longer one.
  await ru.fill("я".repeat(70));
  await page.getByText(/: 70, SMS: 1,/).first().waitFor();
  await ru.fill("я".repeat(71));
  await page.getByText(/: 71, SMS: 2,/).first().waitFor();
  await ru.fill(`${before} Спасибо.`);
  await page.press("messages.preview");
  await page.getByText(/Спасибо\./).first().waitFor();
  await page.press("messages.save");
  await page.said("messages.saved");
  await page.getByRole("button", { name: page.t("messages.take"), exact: true }).waitFor();
  await page.press("messages.shipped");
  assert.equal(await ru.inputValue(), before);
  assert.notEqual(await kk.inputValue(), "");
  assert.deepEqual(await inspect(page), []);
  await page.context().close();
});

test("a message is found, read and sent once more with a reason", async () => {
  await sent();
  const page = await open({ lang: "kk", width: 360 });
  await page.to("/app/messages/sent");
  await page.locator('[id="f-q"]').fill("p0@example.kz");
  await page.press("vacancies.find");
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  await page.locator("main tbody a").click();
  await page.waitForURL(/\/messages\/sent\/\w+/);
  await ready(page);
  await page.getByText("A-0").first().waitFor();
  await page.locator('[id="f-reason"]').fill("қысқа");
  await page.press("messages.resend_do");
  await page.locator("#errors").waitFor();
  page.problems.length = 0;
  await picture(page, "message-one-kk-360");
  assert.deepEqual(await inspect(page), []);
  await page.locator('[id="f-reason"]').fill("Пошта жәшігі толып қалған екен");
  await page.press("messages.resend_do");
  await page.said("messages.resent");
  await page.context().close();
  await eventually(site, "it to go once more", async () => (await site.control("sent?to=p0@example.kz")).length >= 2);
});

const PAGES = ["", "/sent", "/texts", "/text?event=application.requested&part=sms", "/text?event=application.requested&part=email"];
for (const lang of LANGS) {
  test(`axe finds nothing among messages, ${lang}`, async () => {
    await sent();
    const page = await open({ lang });
    const found = [];
    for (const one of PAGES) {
      await page.to(`/app/messages${one}`);
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        for (const problem of await inspect(page)) found.push(`${one} ${width}: ${problem}`);
        if (width !== 320) await picture(page, `messages${one}-${lang}-${width}`);
      }
    }
    assert.deepEqual(found, []);
    await page.context().close();
  });
}
