// The reporter's page in Chromium, as it is shipped: what it asks for, keeps and leaves behind, and
// a whole report that a demo officer opens. Names carry the letter and number of the design's list.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import zlib from "node:zlib";
import { browser, inspect, LANGS, picture, until } from "../lib/browser.mjs";
import { jpeg, png, REFUSED, TRACES } from "../trust/lib/files.mjs";
import { at, hex, root, today, trust } from "../trust/lib/trust.mjs";
import { panicking } from "../trust/lib/wasm.mjs";
import { served } from "../../scripts/lib/trust-page.mjs";

const site = trust("browser-trust");
const chrome = browser();
const TEXTS = JSON.parse(fs.readFileSync(path.join(root, "schemas/locales/trust.json"), "utf8"));
const QUESTIONS = JSON.parse(fs.readFileSync(path.join(root, "schemas/trust/questionnaire.json"), "utf8"));
const CANARY = "Құпия7731 canary";
/** Questions until a mailbox was found or not: a round of four, and one for the other channel. */
const LOOKED = 5;
// The scribe's people have keys of these days; the worker's own day does not matter to the page.
const NOW = new Date("2026-11-22T12:00:00+05:00");

async function open({ lang = "kk", where = `/${lang}`, ...more } = {}) {
  const page = await chrome.page({ lang, width: 360, ...more });
  await page.clock.setFixedTime(NOW);
  page.asked = [];
  page.on("request", (request) => page.asked.push({ url: request.url(), method: request.method(), body: request.postDataBuffer() }));
  page.answered = [];
  page.on("response", async (answer) => answer.request().method() === "POST" && page.answered.push((await answer.body().catch(() => "")).length));
  page.t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replace(`{${from}}`, to), TEXTS[key][lang]);
  page.press = (key) => page.getByRole("button", { name: page.t(key), exact: true }).click();
  page.heading = (key) => page.getByRole("heading", { name: page.t(key), exact: true, level: 2 }).waitFor();
  await page.goto(`${site.address}${where}`);
  return page;
}

/** Everywhere a page could keep something. */
async function keeps(page) {
  const here = await page.evaluate(async () => ({
    cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
    databases: (await indexedDB.databases()).length, caches: self.caches ? (await caches.keys()).length : 0,
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
  }));
  assert.deepEqual(here, { cookie: "", local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
  assert.deepEqual(await page.context().cookies(), []);
}

/** Writes a report up to the receipt; `look` sees every step. */
async function write(page, { lang = "kk", exclude, name, look = async () => {} } = {}) {
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
async function confirm(page, groups, wrong) {
  const label = await page.locator('label[for="check"]').textContent();
  const number = groups.findIndex((_, at) => label === page.t("receipt.check", { n: at + 1 }));
  await page.locator("#check").fill(wrong ?? groups[number]);
}

// The first test waits for the worker, and on a new machine for the scribe to be compiled.
test("a report is written, sent, opened by an officer, answered and answered again", { timeout: 900_000 }, async () => {
  const page = await open();
  const length = await page.evaluate(() => history.length);
  const step = async (name) => {
    await keeps(page);
    assert.equal(await page.evaluate(() => history.length), length, `D3 history at ${name}`);
    assert.equal(page.url(), `${site.address}/kk`);
  };
  const groups = await write(page, { exclude: "Officer 3", name: "Әлия Canary", look: step });
  assert.equal(groups.length, 6);
  await confirm(page, groups, "0");
  await page.press("send");
  await page.getByText(page.t("receipt.wrong")).waitFor();
  assert.equal(page.asked.filter(({ body }) => body?.length > 1024).length, 0, "nothing before the check");
  await confirm(page, groups);
  await page.press("send");
  await page.heading("sent.heading");
  await step("sent");
  await picture(page, "trust-kk-360-sent");
  assert.equal((await page.content()).includes("Құпия7731"), false, "what was sent is forgotten");

  const submits = page.asked.filter(({ body }) => body?.[7] === 0x12);
  assert.equal(submits.length, 1);
  const envelope = hex(submits[0].body.subarray(248));
  const opened = await site.scribe("open", { person: 2, envelope, custodian: 7 });
  assert.equal(opened.opened, true);
  assert.equal(opened.text, `${CANARY} мәтін`);
  assert.equal(opened.name, "Әлия Canary");
  assert.equal((await site.scribe("open", { person: 3, envelope })).opened, false, "excluded");
  assert.equal((await site.scribe("open", { person: 6, envelope })).opened, false, "another channel");

  // The officer finds it in the list of the day, as everybody's.
  await site.tick(at(today(), 9));
  const { heads } = await site.ask("list", { person: 2, day: today(), page: 0 });
  assert.equal(heads.heads.filter(({ mine }) => mine).length, 1);
  const { letter } = await site.scribe("write_letter", { person: 2, mailbox: opened.mailbox, letters: opened.letters, seq: 1, text: "Тексеріп жатырмыз" });
  assert.equal((await site.ask("letter", { case: opened.case, mailbox: opened.mailbox, letter })).status, "Done");
  assert.equal((await site.ask("step", { case: opened.case, step: "confirmed" })).status, "Done");

  // D10: pasted with spaces of every kind, dashes and letters that look like digits.
  const back = await open({ lang: "ru" });
  await back.press("start.back");
  const typed = groups.join("\u00a0-\u2009").replaceAll("0", "О").replaceAll("3", "З");
  await back.locator("#number").fill(typed);
  await back.press("return.open");
  await back.getByText("Тексеріп жатырмыз").waitFor();
  await back.getByText(back.t("return.confirmed")).waitFor();
  await picture(back, "trust-ru-360-letters");
  assert.equal((await back.content()).includes("Құпия7731"), false, "the receipt does not open what was sent");
  await keeps(back);
  // G: a message that tells the number does not go out.
  await back.locator("#more").fill(`менің нөмірім ${groups.join("-")}`);
  await back.press("send");
  await back.getByText(back.t("ask.number")).waitFor();
  assert.equal(back.asked.filter(({ body }) => body?.[7] === 0x12).length, 0);
  await back.locator("#more").fill(`${CANARY} тағы`);
  // B5: who was excluded is still excluded, on another device too.
  const left = back.getByLabel(back.t("people.exclude", { name: "Officer 3" }), { exact: true });
  assert.equal(await left.isChecked(), true);
  assert.equal(await back.getByLabel(back.t("people.exclude", { name: "Officer 2" }), { exact: true }).isChecked(), false);
  await back.press("send");
  await back.getByText(back.t("return.sent")).waitFor();
  // What was read can be deleted, and is gone for whoever finds the number later.
  await back.press("drop");
  await back.getByText(back.t("drop.done")).waitFor();
  assert.equal((await back.content()).includes("Тексеріп жатырмыз"), false);
  const later = await open({ lang: "en" });
  await later.press("start.back");
  await later.locator("#number").fill(groups.join(" "));
  await later.press("return.open");
  await later.getByText(later.t("return.none")).waitFor();
  await later.getByText(later.t("return.confirmed")).waitFor();
  assert.equal(await later.getByRole("button", { name: later.t("drop"), exact: true }).count(), 0);
  // Nobody was asked for the channel: all are looked into, and the rest comes in rounds of four, with a
  // letter and without one.
  const polls = (page) => page.asked.filter(({ body }) => body?.[7] === 0x11).length;
  assert.equal(polls(later), LOOKED);
  assert.equal((polls(back) - LOOKED) % 4, 0);

  const more = back.asked.filter(({ body }) => body?.[7] === 0x12);
  const added = hex(more[0].body.subarray(248));
  assert.deepEqual((await site.scribe("open", { person: 2, envelope: added })).readers, ["1", "2", "4", "5"]);
  assert.equal((await site.scribe("open", { person: 3, envelope: added })).opened, false, "excluded for good");
  assert.deepEqual([...page.problems, ...back.problems], []);

  // D1, B7: only this address was asked, and no marker went out in any encoding.
  const digits = groups.join("");
  for (const { url, body } of [...page.asked, ...back.asked]) {
    assert.ok(url.startsWith(`${site.address}/`) || url === "data:,", url);
    assert.doesNotMatch(url, /canary|receipt|\?/i);
    if (!body) continue;
    assert.ok([1024, 13_808, 26_096, 75_248].includes(body.length), `${body.length} bytes`);
    for (const marker of [CANARY, "Құпия7731", "Canary", digits, groups.join(" "), "hiring", "papers"]) {
      for (const encoding of ["utf8", "utf16le"]) {
        const bytes = Buffer.from(marker, encoding);
        assert.equal(body.includes(bytes), false, `${marker} ${encoding}`);
        assert.equal(body.includes(Buffer.from(bytes.toString("base64").slice(0, -4))), false, `${marker} base64`);
      }
    }
  }
});

/** Answers the first question and waits for the next. */
async function first(page) {
  await page.locator("#desk input[type=radio]").first().check();
  await page.press("next");
  await page.heading("ask.heading");
}

test("D1 the first load is small, few requests and nothing but this address", async () => {
  const page = await open();
  await page.press("start.new");
  await first(page);
  const urls = page.asked.filter(({ url }) => url !== "data:,");
  // The document, style, two scripts, the module; then a challenge and the directory.
  assert.ok(urls.length <= 8, urls.map(({ url }) => url).join("\n"));
  const gets = urls.filter(({ method }) => method === "GET").map(({ url }) => url);
  assert.deepEqual(gets, [...new Set(gets)], "nothing is fetched twice");
  let bytes = 0;
  for (const { url, method } of urls.filter(({ method }) => method === "GET")) {
    const answer = await fetch(url, { method });
    assert.equal(answer.headers.get("set-cookie"), null);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    bytes += zlib.brotliCompressSync(Buffer.from(await answer.arrayBuffer()), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  }
  assert.ok(bytes <= 120 * 1024, `${bytes} bytes`);
  await keeps(page);
});

test("D5 the first question waits for no module and no key, the next one for both", async () => {
  const page = await open({ where: "/kk/help" });
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/m-*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${site.address}/kk`);
  await page.press("start.new");
  const group = page.getByRole("group", { name: page.t("route.heading") });
  await group.waitFor();
  await page.locator("#desk input[type=radio]").first().check();
  await page.press("next");
  await page.getByText(page.t("loading"), { exact: true }).waitFor();
  assert.equal(await page.locator("#desk input, #desk textarea").count(), 0, "nothing can be typed before it can be sealed");
  assert.equal(page.asked.filter(({ method }) => method === "POST").length, 0);
  release();
  await page.heading("ask.heading");
  assert.deepEqual(page.problems, []);
});

test("D2 the policy stops what was slipped in", async () => {
  const page = await open();
  const answer = await fetch(`${site.address}/kk`);
  const policy = answer.headers.get("content-security-policy");
  for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"]) {
    assert.ok(policy.includes(part), part);
  }
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp", "cross-origin-resource-policy": "same-origin", "referrer-policy": "no-referrer" };
  for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers.get(name), value);
  for (const name of ["nel", "report-to", "reporting-endpoints", "set-cookie", "etag"]) assert.equal(answer.headers.get(name), null, name);
  assert.match(answer.headers.get("permissions-policy"), /geolocation=\(\)/);
  const stopped = await page.evaluate(() => {
    const script = document.createElement("script");
    try {
      script.text = "window.slipped = 1";
    } catch {
      return "trusted types";
    }
    document.body.append(script);
    return window.slipped ?? "policy";
  });
  assert.ok(["trusted types", "policy"].includes(stopped), String(stopped));
  assert.equal(await page.evaluate(() => { try { document.body.innerHTML = "<b>x</b>"; return "taken"; } catch { return "refused"; } }), "refused");
  assert.equal(await page.evaluate(() => fetch("https://example.com/").then(() => "sent", () => "refused")), "refused");
});

test("D3 quick exit wipes, and going back shows nothing", async () => {
  const page = await open({ lang: "ru" });
  const groups = await write(page, { lang: "ru" });
  await page.locator("#exit").click();
  await page.waitForURL(`${site.address}/ru/help`);
  assert.equal(await page.locator("#desk").count(), 0);
  await page.goBack().catch(() => {});
  const text = await page.content();
  for (const marker of ["Құпия7731", groups[0] + groups[1], groups.join(" ")]) assert.equal(text.includes(marker), false, marker);
  assert.equal(await page.locator("textarea").count(), 0);
});

test("D4 after quick exit and closing the browser its folder holds no trace", { timeout: 120_000 }, async () => {
  const { chromium } = await import("playwright-core");
  const folder = path.join(site.state, "profile");
  const context = await chromium.launchPersistentContext(folder, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"], locale: "kk", viewport: { width: 360, height: 700 } });
  const page = context.pages()[0] ?? await context.newPage();
  await page.clock.setFixedTime(NOW);
  page.t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replace(`{${from}}`, to), TEXTS[key].kk);
  page.press = (key) => page.getByRole("button", { name: page.t(key), exact: true }).click();
  page.heading = (key) => page.getByRole("heading", { name: page.t(key), exact: true, level: 2 }).waitFor();
  await page.goto(`${site.address}/kk`);
  const groups = await write(page);
  await page.locator("#exit").click();
  await page.waitForURL(`${site.address}/kk/help`);
  await context.close();
  const markers = ["Құпия7731", "canary", groups.join(" "), groups.join(""), TEXTS["receipt.heading"].kk, QUESTIONS.questions[0].kk]
    .flatMap((marker) => [Buffer.from(marker), Buffer.from(marker, "utf16le")]);
  const found = [];
  let looked = 0;
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = fs.readFileSync(path.join(entry.parentPath, entry.name));
    looked += 1;
    for (const marker of markers) if (bytes.includes(marker)) found.push(`${entry.name}: ${marker}`);
  }
  assert.ok(looked > 10);
  assert.deepEqual(found, []);
});

test("B7 a broken module, a broken script and an old browser send nothing and say so", async () => {
  const broken = {
    "no module": async (page) => page.route("**/m-*.wasm", (route) => route.abort()),
    "half a module": async (page) => page.route("**/m-*.wasm", (route) => route.fulfill({ contentType: "application/wasm", headers: { "cross-origin-resource-policy": "same-origin" }, body: Buffer.from([0, 97, 115, 109, 1, 0, 0]) })),
    "no worker": async (page) => page.route("**/w-*.js", (route) => route.abort()),
    "no WebAssembly": async (page) => page.addInitScript(() => delete globalThis.WebAssembly),
  };
  for (const [what, harm] of Object.entries(broken)) {
    const page = await chrome.page({ lang: "en", width: 360 });
    const posts = [];
    page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
    await harm(page);
    await page.goto(`${site.address}/en`);
    const press = (key) => page.getByRole("button", { name: TEXTS[key].en, exact: true }).click();
    if (what !== "no WebAssembly") await press("start.new");
    // A module that does not arrive may be a bad line: that is said when it is in the way.
    if (what === "no module") {
      await page.locator("#desk input[type=radio]").first().check();
      await press("next");
    }
    await page.getByText(TEXTS[what === "no module" ? "error.network" : "error.unsafe"].en).waitFor();
    assert.equal(await page.locator("textarea, input").count(), 0, what);
    assert.deepEqual(posts, [], what);
    await page.context().close();
  }
});

test("B7 a module that panics sends nothing and keeps nothing; the text is still there and goes under a new number", { timeout: 300_000 }, async () => {
  const whole = fs.readFileSync(path.join(root, "workers/trust/build/page/m.bin"));
  const headers = { "cross-origin-resource-policy": "same-origin" };
  const harm = async (page, name) => page.route("**/m-*.wasm", (route) => route.fulfill({ contentType: "application/wasm", headers, body: panicking(whole, name) }));
  const submits = (page) => page.asked.filter(({ body }) => body?.[7] === 0x12).length;
  for (const name of ["page_challenge", "page_work", "page_answer", "page_take_directory"]) {
    const page = await chrome.page({ lang: "en", width: 360 });
    await page.clock.setFixedTime(NOW);
    await harm(page, name);
    await page.goto(`${site.address}/en`);
    await page.getByRole("button", { name: TEXTS["start.new"].en, exact: true }).click();
    await page.getByText(TEXTS["error.broken"].en).waitFor();
    assert.equal(await page.locator("textarea, input").count(), 0, name);
    await keeps(page);
    await page.context().close();
  }
  for (const name of ["page_receipt", "page_derive", "page_seal"]) {
    const page = await open({ lang: "ru", where: "/ru/help" });
    await harm(page, name);
    await page.goto(`${site.address}/ru`);
    let old = [];
    if (name === "page_receipt") await write(page, { lang: "ru" }).catch(() => {});
    else {
      old = await write(page, { lang: "ru" });
      await confirm(page, old);
      await page.press("send");
    }
    await page.getByText(page.t("error.broken")).waitFor();
    assert.equal(submits(page), 0, name);
    await keeps(page);
    await page.unroute("**/m-*.wasm");
    await page.press("again");
    await page.heading("receipt.heading");
    const groups = await page.locator("#receipt span").allTextContents();
    assert.notDeepEqual(groups, old, "a new number");
    await confirm(page, groups);
    await page.press("send");
    await page.heading("sent.heading");
    assert.equal(submits(page), 1, name);
    const envelope = hex(page.asked.find(({ body }) => body?.[7] === 0x12).body.subarray(248));
    assert.equal((await site.scribe("open", { person: 1, envelope })).text, `${CANARY} мәтін`, name);
    await page.context().close();
  }
});

test("F4 the guide for reporters: neutral, without script, with the sums of what is served", async () => {
  const { public: key } = await site.scribe("root");
  const pages = served(path.join(root, "workers/trust/build/page"), key);
  for (const lang of LANGS) {
    const page = await open({ lang });
    assert.equal(await page.getByRole("link", { name: page.t("more.link"), exact: true }).getAttribute("href"), `/${lang}/more`);
    const length = await page.evaluate(() => history.length);
    await page.getByRole("link", { name: page.t("more.link"), exact: true }).click();
    await page.waitForURL(`${site.address}/${lang}/more`);
    assert.equal(await page.evaluate(() => history.length), length, "D3");
    assert.equal(await page.title(), page.t("help.title"), "the history tells no more than the help page");
    assert.equal(await page.locator("script, form, input, textarea").count(), 0);
    assert.deepEqual(await inspect(page), [], lang);
    await picture(page, `trust-${lang}-more`);
    const text = await page.locator("main").textContent();
    assert.doesNotMatch(text, /[{}]/, "every number is put in");
    for (const where of ["/kk", "/ru", "/en"]) {
      const bytes = Buffer.from(await (await fetch(site.address + where)).arrayBuffer());
      const { sum, bytes: expected } = pages.find(({ address }) => address === where);
      assert.deepEqual(bytes, expected, "the same bytes as scripts/check reckons with");
      assert.ok(text.includes(sum), `${where} ${sum}`);
    }
    const own = Buffer.from(await (await fetch(`${site.address}/${lang}/more`)).arrayBuffer());
    assert.deepEqual(own, pages.find(({ address }) => address === `/${lang}/more`).bytes);
    await page.context().close();
  }
});

/** Ends the connection once the officers' keys are here: they are the first answer of that size. */
async function offline(page) {
  await until(page, () => page.answered.includes(32_768));
  await page.context().setOffline(true);
}

test("B4 a stale directory and a broken connection: nothing is sealed, nothing is lost", async () => {
  const late = await open();
  await late.clock.setFixedTime(new Date("2027-03-01T12:00:00+05:00"));
  await late.press("start.new");
  await late.getByText(late.t("error.closed")).waitFor();
  assert.equal(await late.locator("textarea").count(), 0);

  // A line that fails while the first question is read: said when it is in the way, and the module that
  // is here is not fetched again.
  const poor = await open();
  await poor.route("**/t", (route) => route.abort());
  await poor.press("start.new");
  await poor.locator("#desk input[type=radio]").first().check();
  await poor.press("next");
  await poor.getByText(poor.t("error.network")).waitFor();
  await poor.unroute("**/t");
  await poor.press("again");
  await poor.heading("ask.heading");
  assert.equal(poor.asked.filter(({ url }) => url.endsWith(".wasm")).length, 1);

  // Written without a connection from the questions on: the keys of the officers are here.
  const page = await open();
  const groups = await write(page, { look: async (step) => step === "route" && offline(page) });
  await confirm(page, groups);
  await page.press("send");
  await page.getByText(page.t("error.network")).waitFor();
  await page.context().setOffline(false);
  await page.press("again");
  await page.heading("sent.heading");
  assert.equal(page.asked.filter(({ body }) => body?.[7] === 0x12).length, 1);
});

test("D7 without JavaScript there is an honest page and nothing to type into", async () => {
  for (const lang of LANGS) {
    const page = await open({ lang, script: false });
    assert.equal(await page.locator("form, input, textarea, select, button").count(), 0, lang);
    // Searches by text pass over noscript.
    assert.ok(await page.locator("noscript .wrong").isVisible(), lang);
    assert.equal(await page.locator("noscript .wrong").textContent(), page.t("noscript"));
    assert.ok(await page.locator('a[href="tel:102"]').isVisible(), lang);
    assert.equal(await page.getAttribute("html", "lang"), lang);
    assert.equal(await page.locator("details").count() >= 8, true, "ordinary help");
    for (const key of ["not.1", "not.3", "what.2"]) assert.ok(await page.getByText(page.t(key)).isVisible(), key);
    await page.context().close();
  }
});

test("D8 D9 every step is accessible in three languages and remembers no field", { timeout: 300_000 }, async () => {
  for (const lang of LANGS) for (const width of lang === "kk" ? [1280, 360, 320] : [360, 320]) {
    const page = await open({ lang, width });
    const look = async (step) => {
      assert.deepEqual(await inspect(page), [], `${lang} ${width} ${step}`);
      const loose = await page.locator("textarea, input[type=text]").evaluateAll((all) => all.filter((one) => one.autocomplete !== "off" || one.spellcheck || one.name).map((one) => one.outerHTML));
      assert.deepEqual(loose, [], "D9");
      if (width !== 320) await picture(page, `trust-${lang}-${width}-${step}`);
      // Letters twice as large, as a person sets them in the browser.
      const zoom = (size) => page.evaluate((size) => (document.documentElement.style.fontSize = size), size);
      await zoom("200%");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${lang} ${width} ${step}: ${wide} px too wide at 200 %`);
      await zoom("");
    };
    await page.heading("write.heading");
    await look("home");
    const groups = await write(page, { lang, look });
    assert.equal(await page.getAttribute("#check", "inputmode"), "numeric");
    await confirm(page, groups, "12");
    await page.press("send");
    await look("receipt wrong");
    await page.reload();
    await page.press("start.back");
    for (const [typed, word] of [["12", "error.length"], ["abc", "error.letter"], ["1".repeat(24), "error.check"]]) {
      await page.locator("#number").fill(typed);
      await page.press("return.open");
      await page.getByText(page.t(word)).waitFor();
    }
    assert.equal(await page.getAttribute("#number", "inputmode"), "numeric");
    await look("return");
    await page.context().close();
  }
});

test("D8 the whole way with the keyboard alone", async () => {
  const page = await open({ lang: "en" });
  const press = async (key) => {
    const button = page.getByRole("button", { name: page.t(key), exact: true });
    for (let times = 0; times < 60; times += 1) {
      if (await button.evaluate((one) => one === document.activeElement)) return page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
    }
    assert.fail(`${key} is not reached`);
  };
  await press("start.new");
  await page.getByRole("group", { name: page.t("route.heading") }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await press("next");
  await page.heading("ask.heading");
  await press("next");
  // What is missing has the focus.
  await page.getByText(page.t("ask.missing")).waitFor();
  await page.keyboard.type("text");
  await press("next");
  await page.heading("people.heading");
  await press("next");
  await page.heading("receipt.heading");
});

test("D10 a receipt that is not ours is not recognised, and the answer looks like any other", async () => {
  const page = await open();
  const { receipt } = await site.scribe("receipt");
  await page.press("start.back");
  await page.locator("#number").fill(receipt);
  const answered = page.waitForResponse((answer) => answer.request().postDataBuffer()?.[7] === 0x11);
  await page.press("return.open");
  await page.getByText(page.t("error.refused")).waitFor();
  assert.equal(page.asked.filter(({ body }) => body?.[7] === 0x11).length, LOOKED, "as many as for one that is ours");
  const answer = await answered;
  assert.equal(answer.status(), 200);
  assert.equal((await answer.body()).length, 8192);
});

/** Opens the questions and hands files over. */
async function attach(page, files) {
  const { kk } = QUESTIONS.routes.find(({ code }) => code === "hiring");
  await page.press("start.new");
  await page.getByLabel(kk, { exact: true }).check();
  await page.press("next");
  await page.heading("ask.heading");
  await page.locator("#q-text").fill("мәтін");
  await page.getByRole("group", { name: page.t("channel.label") }).getByLabel("almaty").check();
  for (const [at, file] of files.entries()) {
    await page.locator("#files").setInputFiles(file);
    await page.locator(".files li").nth(at).waitFor();
  }
  await page.press("next");
  await page.heading("people.heading");
  await page.press("next");
  await page.heading("receipt.heading");
  return page.locator("#receipt span").allTextContents();
}

/** The attachments of the report that a page has sent, as an officer opens them. */
async function received(page) {
  const envelope = hex(page.asked.find(({ body }) => body?.[7] === 0x12).body.subarray(248));
  const opened = await site.scribe("open", { person: 1, envelope });
  return Promise.all(opened.files.map(async (ids, file) => {
    const chunks = [];
    for (const id of ids) chunks.push((await site.ask("fetch_chunk", { id })).payload);
    return site.scribe("read_file", { person: 1, envelope, file, chunks });
  }));
}

test("E1 nothing that a picture carries leaves the device: place, phone, profile, thumbnail, a file behind it", async () => {
  const page = await open();
  const camera = { name: "IMG_20261122_Айгүл.jpg", mimeType: "image/jpeg", buffer: await jpeg(page) };
  const program = { name: "Айгүл.png", mimeType: "image/png", buffer: await png(page) };
  const text = { name: "serial-8837.txt", mimeType: "text/plain", buffer: Buffer.from("\ufeffҚұжат\u200b мәтіні\r\n") };
  for (const trace of TRACES) assert.ok(camera.buffer.includes(Buffer.from(trace)), "the test has what it looks for");
  const groups = await attach(page, [camera, program, text]);
  await confirm(page, groups);
  await page.press("send");
  await page.heading("sent.heading");
  const files = await received(page);
  assert.deepEqual(files.map(({ name, media }) => [name, media]), [["1.jpg", "image/jpeg"], ["2.jpg", "image/jpeg"], ["3.txt", "text/plain"]]);
  for (const { bytes } of files) for (const trace of TRACES) assert.ok(!Buffer.from(bytes, "hex").includes(Buffer.from(trace)), trace);
  // Only what a decoder needs: no segment of applications but the first, no comment.
  for (const { bytes } of files.slice(0, 2)) {
    const all = Buffer.from(bytes, "hex");
    for (let at = 2; all[at + 1] !== 0xda; at += 2 + all.readUInt16BE(at + 2)) assert.ok(![0xe1, 0xe2, 0xed, 0xfe].includes(all[at + 1]), all[at + 1].toString(16));
    assert.equal(all.subarray(-2).toString("hex"), "ffd9");
  }
  assert.equal(Buffer.from(files[2].bytes, "hex").toString(), "Құжат мәтіні\n");
  // A2: all chunks are of one size, and there are as many as a bucket has.
  const chunks = page.asked.filter(({ body }) => body?.[7] === 0x13);
  assert.deepEqual([...new Set(chunks.map(({ body }) => body.length))], [65_648]);
  assert.equal(chunks.length, 12);
  await keeps(page);
});

test("E2 what cannot be cleaned is refused with a word, and nothing of it is kept or run", async () => {
  const page = await open();
  const { kk } = QUESTIONS.routes.find(({ code }) => code === "hiring");
  await page.press("start.new");
  await page.getByLabel(kk, { exact: true }).check();
  await page.press("next");
  for (const file of REFUSED) {
    await page.locator("#files").setInputFiles(file);
    await page.locator("#files-wrong", { hasText: page.t("error.file_kind") }).waitFor();
    assert.equal(await page.locator(".files li").count(), 0, file.name);
    assert.equal(await page.locator("#files").inputValue(), "", "not even its name");
    await page.locator("#files").setInputFiles([]);
  }
  const small = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") };
  await page.locator("#files").setInputFiles(Array.from({ length: 9 }, () => small));
  await page.getByText(page.t("error.file_many")).waitFor();
  assert.equal(await page.locator(".files li").count(), 8);
  await page.getByRole("button", { name: `${page.t("files.remove")} 1.txt`, exact: true }).click();
  assert.equal(await page.locator(".files li").count(), 7);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.equal(page.asked.filter(({ body }) => body?.length > 1024).length, 0);
});

test("E3 an upload that is cut off goes on where it was", async () => {
  const page = await open();
  const groups = await attach(page, [{ name: "a.jpg", mimeType: "image/jpeg", buffer: await jpeg(page) }]);
  await confirm(page, groups);
  let passed = 0;
  await page.route("**/t", (route) => (route.request().postDataBuffer()?.[7] === 0x13 && (passed += 1) === 3 ? route.abort() : route.continue()));
  await page.press("send");
  await page.getByText(page.t("error.network")).waitFor();
  await page.press("again");
  await page.heading("sent.heading");
  // Four chunks, one of them twice.
  assert.equal(page.asked.filter(({ body }) => body?.[7] === 0x13).length, 5);
  assert.equal((await received(page))[0].media, "image/jpeg");
});

// The last of the file: it publishes other directories.
test("B4 a page whose questions the root has not signed takes nothing", async () => {
  assert.equal((await site.ask("publish", { version: 13, unasked: true })).status, "Done");
  const page = await open();
  await page.press("start.new");
  await page.getByText(page.t("error.closed")).waitFor();
  assert.equal(await page.locator("#desk input, #desk textarea").count(), 0);
  assert.equal((await site.ask("publish", { version: 14 })).status, "Done");
  await page.press("again");
  await page.getByRole("group", { name: page.t("route.heading") }).waitFor();
  await first(page);
});
