// What the reporter's page leaves behind: nothing, in its tab or in the folder of the browser.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { QUESTIONS, TEXTS, NOW, reporter, speak, write } from "../trust/lib/page.mjs";

const { site, open } = reporter("browser-trust-traces");

test("D3 quick exit wipes, and going back shows nothing", async () => {
  const page = await open({ lang: "ru" });
  const groups = await write(page, { lang: "ru" });
  const length = await page.evaluate(() => history.length);
  await page.locator("#exit").click();
  await page.waitForURL(`${site.address}/ru/help`);
  assert.equal(await page.evaluate(() => history.length), length, "the page is out of the tab's history");
  assert.equal(await page.locator("#desk").count(), 0);
  await page.goBack().catch(() => {});
  const text = await page.content();
  for (const marker of ["Құпия7731", groups[0] + groups[1], groups.join(" ")]) assert.equal(text.includes(marker), false, marker);
  assert.equal(await page.locator("textarea").count(), 0);
});

test("D3 the guide has a quick exit too: it leaves no step to go back to", async () => {
  const page = await open({ where: "/kk/help" });
  await page.goto(`${site.address}/kk/more`);
  const length = await page.evaluate(() => history.length);
  await page.locator("#exit").click();
  await page.waitForURL(`${site.address}/kk/help`);
  assert.equal(await page.evaluate(() => history.length), length);
  assert.deepEqual(page.problems, []);
  // Without script it is a link to the same place.
  const plain = await open({ where: "/kk/more", script: false });
  await plain.locator("#exit").click();
  await plain.waitForURL(`${site.address}/kk/help`);
});

test("D4 after quick exit and closing the browser its folder holds no trace", { timeout: 120_000 }, async () => {
  const { chromium } = await import("playwright-core");
  const folder = path.join(site.state, "profile");
  const context = await chromium.launchPersistentContext(folder, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"], locale: "kk", viewport: { width: 360, height: 700 } });
  const page = speak(context.pages()[0] ?? await context.newPage(), "kk");
  await page.clock.setFixedTime(NOW);
  await page.goto(`${site.address}/kk`);
  const groups = await write(page);
  await page.locator("#exit").click();
  await page.waitForURL(`${site.address}/kk/help`);
  await context.close();
  // Neither of what was written nor of the page: a script or the module kept for a second visit tells of the first.
  const parts = (await (await fetch(`${site.address}/kk`)).text()).match(/\/[a-z]-[0-9a-f]{16}\.(?:js|wasm|css)/g);
  assert.ok(parts.length >= 2);
  const markers = [...parts, "Құпия7731", "canary", groups.join(" "), groups.join(""), TEXTS["receipt.heading"].kk, QUESTIONS.questions[0].kk]
    .flatMap((marker) => [Buffer.from(marker), Buffer.from(marker, "utf16le")]);
  const found = [];
  let looked = 0;
  let visited = false;
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = fs.readFileSync(path.join(entry.parentPath, entry.name));
    looked += 1;
    visited ||= bytes.includes(Buffer.from("/kk/help"));
    // Whatever a browser keeps for a second visit, it keeps by the address.
    if (/cache/i.test(path.relative(folder, entry.parentPath)) && bytes.includes(Buffer.from(site.address))) found.push(`${path.relative(folder, entry.parentPath)}/${entry.name}`);
    for (const marker of markers) if (bytes.includes(marker)) found.push(`${entry.name}: ${marker}`);
  }
  assert.ok(looked > 10);
  assert.ok(visited, "what the folder does hold is found: the address of ordinary help");
  assert.deepEqual(found, []);
});
