// What a reader does, with script and without.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, inspect, picture } from "../lib/browser.mjs";
import { demo, portal } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

let vacancies;
const site = portal("journeys", {
  prepare: async (running) => {
    vacancies = await publish(running, 3);
  },
});
const chrome = browser();

for (const script of [false, true]) {
  const how = script ? "with script" : "without script";

  test(`a reader finds a vacancy and reads it, ${how}`, async () => {
    const page = await chrome.page({ width: 320, lang: "ru", script });
    await page.goto(`${site.address}/`);
    assert.equal(new URL(page.url()).pathname, "/ru/");
    await page.locator('input[name="q"]').first().fill("мугалим");
    await page.locator('input[name="q"]').first().press("Enter");
    await page.waitForURL(/\/ru\/vacancies\?/);
    const link = page.locator('main a[href*="/ru/vacancies/"]').first();
    await link.click();
    await page.waitForURL(/\/ru\/vacancies\/[^?]+/);
    assert.match(await page.locator("h1").innerText(), /математик/i);
    const organisation = page.locator('main a[href*="/ru/organisations/"]').first();
    await organisation.click();
    await page.waitForURL(/\/ru\/organisations\//);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test(`the switch of language keeps page and query, ${how}`, async () => {
    const page = await chrome.page({ lang: "ru", script });
    await page.goto(`${site.address}/ru/vacancies?q=%D0%BC%D0%B0%D1%82%D0%B5%D0%BC%D0%B0%D1%82%D0%B8%D0%BA%D0%B0`);
    await page.locator('a[hreflang="kk"], a[lang="kk"]').first().click();
    await page.waitForURL(/\/kk\/vacancies\?q=/);
    assert.equal(await page.getAttribute("html", "lang"), "kk");
    await page.context().close();
  });

  test(`the switch of language takes a half-filled form along, ${how}`, async () => {
    const page = await chrome.page({ width: 320, lang: "kk", script });
    await page.goto(`${site.address}/kk/feedback?topic=question`);
    await page.locator("textarea").fill("Мұғалім керек пе?\nЕкінші жол");
    await page.locator('.langs button[lang="ru"]').click();
    await page.waitForURL(/\/ru\/feedback$/);
    assert.equal(await page.getAttribute("html", "lang"), "ru");
    assert.equal(await page.locator("textarea").inputValue(), "Мұғалім керек пе?\nЕкінші жол");
    assert.ok(await page.locator('input[value="question"]').isChecked());
    assert.equal(await page.locator(".errors").count(), 0);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test(`a clerk signs in on a page, ${how}`, async () => {
    const page = await chrome.page({ lang: "kk", script });
    await page.goto(`${site.address}/kk/sign-in`);
    const login = script ? "head.school1" : "hr.school2";
    await page.locator('input[name="login"]').fill(login);
    await page.locator('input[name="password"]').fill(demo.PASSWORD);
    await page.locator('input[name="code"]').fill(demo.totp());
    await page.locator('input[name="code"]').press("Enter");
    await page.waitForURL(/\/app\/?/);
    const cookies = await page.context().cookies();
    const session = cookies.find(({ name }) => name === "__Host-session");
    assert.ok(session?.httpOnly && session.secure && session.sameSite === "Strict");
    await page.context().close();
  });
}

test("a vacancy prints on one page of A4", async () => {
  const page = await chrome.page({ lang: "ru" });
  await page.goto(`${site.address}/ru/vacancies/${vacancies[0].slug}`);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1);
  await page.context().close();
});

test("the cabinet opens for who is signed in and has nothing for axe to find", async (t) => {
  for (const width of [320, 1280]) {
    await t.test(`${width} px`, async () => {
      const page = await chrome.page({ width, lang: "ru" });
      await page.goto(`${site.address}/ru/sign-in`);
      await page.locator('input[name="login"]').fill(width === 320 ? "hr.school1" : "head.school2");
      await page.locator('input[name="password"]').fill(demo.PASSWORD);
      await page.locator('input[name="code"]').fill(demo.totp());
      await page.locator('input[name="code"]').press("Enter");
      await page.waitForURL(/\/app\/?/);
      await page.locator("h1").first().waitFor();
      await page.waitForLoadState("networkidle");
      const problems = await inspect(page);
      await picture(page, `app-${width}`);
      assert.deepEqual(problems, []);
      await page.context().close();
    });
  }
});
