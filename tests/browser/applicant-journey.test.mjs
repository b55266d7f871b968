// A person fills an application half, loses the connection, fills the rest, comes back and sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, inspect, picture } from "../lib/browser.mjs";
import { accounts, ready, texts } from "../lib/cabinet.mjs";
import { portal } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

let published;
const site = portal("browser-applicant-journey", {
  prepare: async (running) => {
    published = await publish(running, 1);
  },
});
const chrome = browser();
const folk = accounts(site, chrome, texts("cabinet", "cabinet_my", "cabinet_applicant", "cabinet_own"));

for (const [lang, login] of [["kk", "support.desk"], ["ru", "auditor"]]) {
  test(`a person applies from a phone on a bad line, ${lang}`, async () => {
    const page = await folk.open(login, { lang, width: 360 });
    const { t, press, field } = page;
    const shot = async (what) => {
      assert.deepEqual(await inspect(page), [], what);
      await picture(page, `apply-${what}-${lang}`);
    };

    await page.goto(`${site.address}/app/my/applications/new?vacancy=${published[0].id}`);
    await page.waitForURL(/\/app\/my\/applications\/[0-9a-z]{26}$/);
    await ready(page);
    const here = page.url();
    await page.locator(".tasks li").first().waitFor();
    await shot("tasks");
    await page.goto(`${here}/person`);
    await ready(page);
    await field("person.surname").fill("Сериков");
    await field("person.name").fill("Асхат");
    await shot("person");
    await press("apply.save_next");
    await page.waitForURL(/\/contacts$/);
    await ready(page);
    // What was saved is not taken for something that was forgotten.
    assert.equal(await page.locator(".unsent").count(), 0);
    await shot("contacts");

    // Every page that is needed was seen once; then the connection goes.
    for (const section of ["documents", "statement", "check"]) {
      await page.goto(`${here}/${section}`);
      await ready(page);
      await shot(section);
    }
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.context().setOffline(true);
    await page.goto(`${here}/statement`);
    await ready(page);
    await field("statement.letter").fill("Балаларды жақсы көремін");
    await press("apply.save_later");
    // The page goes on once the write is on the device; the bar counts what is only typed, too.
    await page.waitForURL(here);
    await ready(page);
    await page.locator(".unsent").waitFor();
    await page.goto(`${here}/statement`);
    await ready(page);
    assert.equal(await field("statement.letter").inputValue(), "Балаларды жақсы көремін");
    await picture(page, `apply-offline-${lang}`);
    await page.context().setOffline(false);
    await page.waitForFunction(() => !document.querySelector(".unsent"));
    const id = here.split("/").at(-1);
    const now = await folk.ask(login, "GET", `my/applications/${id}`);
    assert.equal(now.content.statement.letter, "Балаларды жақсы көремін");
    assert.equal(now.content.person.surname, "Сериков");
    await page.context().close();
  });
}
