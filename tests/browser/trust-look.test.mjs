// The reporter's page for people: languages, narrow screens, large letters, the keyboard, no script; its guide.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { inspect, LANGS, picture } from "../lib/browser.mjs";
import { confirm, first, reporter, submitted, write } from "../trust/lib/page.mjs";
import { root } from "../trust/lib/trust.mjs";
import { served } from "../../scripts/lib/trust-page.mjs";

const { site, open } = reporter("browser-trust-look");
/** One of many commissions, with a name as long as they are. */
const CHANNEL = "ongtustik-qazaqstan-mektepter-5";

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
    // The one script is the quick exit's.
    assert.deepEqual(await page.locator("script").evaluateAll((all) => all.map(({ src }) => src.replace(/^.*\/(x)-[0-9a-f]+\.js$/, "$1"))), ["x"]);
    assert.equal(await page.locator("form, input, textarea").count(), 0);
    assert.ok(await page.getByRole("link", { name: page.t("exit"), exact: true }).isVisible());
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

// The last of the file: it publishes another directory.
test("D8 more commissions than a screen has: a report finds its own, and its number is looked for there", async () => {
  assert.equal((await site.ask("publish", { version: 13, channels: 7 })).status, "Done");
  for (const width of [360, 320]) {
    const page = await open({ width });
    await page.press("start.new");
    await first(page);
    const group = page.getByRole("group", { name: page.t("channel.label") });
    await group.getByLabel("almaty").waitFor();
    assert.equal(await group.getByRole("radio").count(), 7);
    await page.locator("#q-text").fill("мәтін");
    await group.getByLabel(CHANNEL).check();
    assert.deepEqual(await inspect(page), [], `${width}`);
    await picture(page, `trust-kk-${width}-channels`);
    await page.press("next");
    await page.heading("people.heading");
    // Its officers, and nobody else's.
    assert.deepEqual(await page.locator("#desk input[type=checkbox]").evaluateAll((all) => all.map(({ value }) => value)), ["4", "5", "6"]);
    await page.press("next");
    await page.heading("receipt.heading");
    const groups = await page.locator("#receipt span").allTextContents();
    await confirm(page, groups);
    await page.press("send");
    await page.heading("sent.heading");
    const [envelope] = submitted(page);
    assert.equal((await site.scribe("open", { person: 6, envelope, channel: CHANNEL })).opened, true);
    assert.equal((await site.scribe("open", { person: 6, envelope, channel: "astana" })).opened, false, "the channel is sealed with it");

    // Coming back: one may say which it was, or have all of them looked into.
    for (const [chosen, polls] of [[CHANNEL, 4], [page.t("channel.any"), 10]]) {
      const back = await open({ width });
      await back.press("start.back");
      await back.getByRole("group", { name: back.t("channel.label") }).getByLabel(chosen, { exact: true }).check();
      assert.deepEqual(await inspect(back), [], `${width} back`);
      await picture(back, `trust-kk-${width}-channels-back`);
      await back.locator("#number").fill(groups.join(" "));
      await back.press("return.open");
      await back.getByText(back.t("return.none")).waitFor();
      assert.equal(back.asked.filter(({ body }) => body?.[7] === 0x11).length, polls);
      await back.context().close();
    }
    await page.context().close();
  }
});
