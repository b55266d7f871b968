// The reporter's page in Chromium for a test file, and how a report is written with it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { browser } from "../../lib/browser.mjs";
import { root, trust } from "./trust.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, "schemas", name), "utf8"));
export const TEXTS = read("locales/trust.json");
export const QUESTIONS = read("trust/questionnaire.json");
export const CANARY = "Құпия7731 canary";
/** Questions until a mailbox was found or not: a round of four, and one for the other channel. */
export const LOOKED = 5;
// The scribe's people have keys of these days; the worker's own day does not matter to the page.
export const NOW = new Date("2026-11-22T12:00:00+05:00");

/** Texts, buttons and headings of a page by their keys. */
export function speak(page, lang) {
  page.t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replace(`{${from}}`, to), TEXTS[key][lang]);
  page.press = (key) => page.getByRole("button", { name: page.t(key), exact: true }).click();
  page.heading = (key) => page.getByRole("heading", { name: page.t(key), exact: true, level: 2 }).waitFor();
  return page;
}

/** The worker and Chromium for the tests of a file; `open` gives a page of a reporter. */
export function reporter(name, settings) {
  const site = trust(name, settings);
  const chrome = browser();
  const open = async ({ lang = "kk", where = `/${lang}`, before = async () => {}, ...more } = {}) => {
    const page = speak(await chrome.page({ lang, width: 360, ...more }), lang);
    await page.clock.setFixedTime(NOW);
    page.asked = [];
    // The Worker is made of a text of the page: its address is in the browser alone.
    const own = (request) => request.url().startsWith(`blob:${site.address}/`);
    page.on("request", (request) => own(request) || page.asked.push({ url: request.url(), method: request.method(), body: request.postDataBuffer() }));
    page.answered = [];
    page.on("response", async (answer) => answer.request().method() === "POST" && page.answered.push((await answer.body().catch(() => "")).length));
    await before(page);
    await page.goto(`${site.address}${where}`);
    return page;
  };
  return { site, chrome, open };
}

/** Everywhere a page could keep something. */
export async function keeps(page) {
  const here = await page.evaluate(async () => ({
    cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
    databases: (await indexedDB.databases()).length, caches: self.caches ? (await caches.keys()).length : 0,
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
  }));
  assert.deepEqual(here, { cookie: "", local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
  assert.deepEqual(await page.context().cookies(), []);
}

/** Writes a report up to the receipt; `look` sees every step. */
export async function write(page, { lang = "kk", exclude, name, look = async () => {} } = {}) {
  const pick = (list, code) => list.find((one) => one.code === code)[lang];
  await page.press("start.new");
  await page.getByLabel(pick(QUESTIONS.routes, "hiring"), { exact: true }).check();
  await look("route");
  await page.press("next");
  await page.heading("ask.heading");
  await page.getByLabel(pick(QUESTIONS.questions, "text")).fill(`${CANARY} мәтін`);
  await page.getByLabel(pick(QUESTIONS.questions[0].choices, "papers"), { exact: true }).check();
  await page.getByRole("group", { name: page.t("channel.label") }).getByLabel("almaty").check();
  await look("questions");
  await page.press("next");
  await page.heading("people.heading");
  if (exclude) await page.getByLabel(page.t("people.exclude", { name: exclude }), { exact: true }).check();
  if (name) await page.getByLabel(page.t("name.label")).fill(name);
  await look("people");
  await page.press("next");
  await page.heading("receipt.heading");
  await look("receipt");
  const groups = await page.locator("#receipt span").allTextContents();
  return groups;
}

/** Types the group that is asked for. */
export async function confirm(page, groups, wrong) {
  const label = await page.locator('label[for="check"]').textContent();
  const number = groups.findIndex((_, at) => label === page.t("receipt.check", { n: at + 1 }));
  await page.locator("#check").fill(wrong ?? groups[number]);
}

/** Answers the first question and waits for the next. */
export async function first(page) {
  await page.locator("#desk input[type=radio]").first().check();
  await page.press("next");
  await page.heading("ask.heading");
}

/** What a page has handed in: envelopes, as hexadecimal digits. */
export const submitted = (page) => page.asked.filter(({ body }) => body?.[7] === 0x12).map(({ body }) => body.subarray(248).toString("hex"));
