// Those who keep what everybody chooses from: directories with editions, places, the calendar.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, LANGS, picture } from "../lib/browser.mjs";
import { accounts, ready, texts } from "../lib/cabinet.mjs";
import { portal, root } from "../lib/portal.mjs";

const TEXTS = texts("cabinet", "cabinet_directories", "errors");
const site = portal("browser-directories");
const chrome = browser();
const staff = accounts(site, chrome, TEXTS);
const open = (how) => staff.open("directory.admin", how);

test("an item is added, gets an edition and an end, and none of it is lost", async () => {
  const page = await open({ lang: "ru", width: 360 });
  await page.to("/app/");
  await page.locator(".side-nav").getByText(page.t("nav.directories")).click();
  await page.waitForURL(/\/app\/directories$/);
  await ready(page);
  await page.getByText(page.t("directory.closing_reason")).first().click();
  await page.waitForURL(/closing_reason/);
  await page.getByText(page.t("directories.add")).first().click();
  await page.waitForURL(/\/new\/closing_reason/);
  await page.field("code").fill("flood");
  await page.field("kk").fill("Су тасқыны");
  await page.press("directories.add");
  // What is missing is said at its field; what was typed stays.
  const errors = page.locator("#errors");
  await errors.getByText(page.t("field.required_ru")).waitFor();
  assert.equal(await page.field("code").inputValue(), "flood");
  await picture(page, "directory-item-wrong-ru-360");
  page.problems.length = 0;
  await page.field("ru").fill("Паводок");
  await page.getByText(page.t("attribute_code.pause")).click();
  await page.field("reason").fill("Приказ № 57");
  await page.press("directories.add");
  await page.said("directories.saved");
  await page.waitForURL(/list\/closing_reason$/);
  await page.getByRole("link", { name: "Паводок", exact: true }).click();
  await page.waitForURL(/closing_reason\/flood/);
  await page.field("ru").fill("Паводок и половодье");
  await page.field("reason").fill("Уточнение");
  await page.press("directories.save");
  await page.said("directories.saved");
  await page.getByRole("heading", { level: 1, name: "Паводок и половодье" }).waitFor();
  await page.press("directories.close");
  assert.notEqual(await page.field("valid_to").inputValue(), "");
  await page.field("reason").fill("Больше не нужно");
  await page.press("directories.save");
  await page.locator("main ol.rows > li").nth(2).waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, "directory-item-ru-360");
  const editions = await staff.ask("directory.admin", "GET", "directories/closing_reason/editions?code=flood");
  assert.deepEqual(editions.map((one) => [one.edition, one.ru, Boolean(one.valid_to)]), [
    [3, "Паводок и половодье", true],
    [2, "Паводок и половодье", false],
    [1, "Паводок", false],
  ]);
  assert.deepEqual(editions[0].attrs, { for: ["pause"] });
  await page.context().close();
});

test("the official table of places is seen before it is loaded", async () => {
  const page = await open({ lang: "kk", width: 1280 });
  await page.to("/app/directories/places/upload");
  await page.press("directories.check");
  await page.locator("#errors").getByText(page.t("need.file")).waitFor();
  page.problems.length = 0;
  await page.field("file").setInputFiles(path.join(root, "schemas/examples/kato-sample.xlsx"));
  await page.press("directories.check");
  await page.getByRole("heading", { name: page.t("directories.would") }).waitFor();
  await picture(page, "directories-preview-kk-1280");
  const before = await staff.ask("directory.admin", "GET", "kato?under=331000000");
  assert.equal(before.items.length, 0);
  await page.press("directories.load");
  await page.getByRole("heading", { name: page.t("directories.loaded") }).waitFor();
  await page.to("/app/directories/places?under=331000000");
  await page.getByText("Талдықорған қаласы").first().waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.context().close();
});

test("a year that is missing is said, loaded and drawn", async () => {
  const page = await open({ lang: "kk", width: 360 });
  const year = new Date().getUTCFullYear() + 4;
  await page.to(`/app/directories/calendar?year=${year}&week=5`);
  await page.getByText(page.t("directories.year_missing")).waitFor();
  const file = path.join(fs.mkdtempSync(path.join(process.env.MANSAP_LOCAL, "calendar-")), "year.csv");
  fs.writeFileSync(file, `day,week,working,kk,ru\n${year}-01-01,5,0,Жаңа жыл,Новый год\n${year}-01-01,6,0,Жаңа жыл,Новый год\n`);
  await page.to("/app/directories/calendar/upload");
  await page.field("file").setInputFiles(file);
  await page.press("directories.check");
  await page.getByRole("heading", { name: page.t("directories.would") }).waitFor();
  await page.press("directories.load");
  await page.getByRole("heading", { name: page.t("directories.loaded") }).waitFor();
  await page.to(`/app/directories/calendar?year=${year}&week=6`);
  await page.getByText(page.t("directories.named")).waitFor();
  assert.equal(await page.locator(".day.h").count(), 2, "the holiday and its sign in the legend");
  assert.equal(await page.locator(".month").count(), 12);
  await page.context().close();
});

const PAGES = ["", "/list/position", "/list/position/librarian", "/new/subject", "/places", "/places?under=330000000", "/calendar?year=2026", "/calendar/upload"];
for (const lang of LANGS) {
  test(`axe finds nothing among directories, ${lang}`, async () => {
    const page = await open({ lang });
    const found = [];
    for (const one of PAGES) {
      await page.to(`/app/directories${one}`);
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        for (const problem of await inspect(page)) found.push(`${one} ${width}: ${problem}`);
        await picture(page, `directories${one.replace(/[?=]/g, "-")}-${lang}-${width}`);
      }
    }
    assert.deepEqual(found, []);
    await page.context().close();
  });
}
