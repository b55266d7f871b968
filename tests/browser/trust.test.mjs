// The reporter's page in Chromium, as it is shipped: a whole report that an officer opens, what goes out
// and how much. Names carry the letter and number of the design's list.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import zlib from "node:zlib";
import { picture } from "../lib/browser.mjs";
import { CANARY, LOOKED, TEXTS, confirm, first, keeps, reporter, write } from "../trust/lib/page.mjs";
import { at, hex, today } from "../trust/lib/trust.mjs";

const { site, open } = reporter("browser-trust");

// The first test waits for the worker, and on a new machine for the scribe to be compiled.
test("a report is written, sent, opened by an officer, answered and answered again", { timeout: 900_000 }, async () => {
  const page = await open();
  const length = await page.evaluate(() => history.length);
  const step = async (name) => {
    // Who watches over the officers is said by the name that the root has signed.
    if (name === "people") assert.equal(await page.locator("#oversight").textContent(), page.t("people.oversight", { names: "Officer 7; Officer 8" }));
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

test("D1 the first load is small, few requests and nothing but this address", async () => {
  const page = await open();
  await page.press("start.new");
  await first(page);
  const urls = page.asked.filter(({ url }) => url !== "data:,");
  // The document, style, the module; then a challenge and the directory.
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

test("D5 the first question and typing wait for no module and no key, the next step for both", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const page = await open({ before: (page) => page.route("**/m-*.wasm", async (route) => {
    await held;
    await route.continue();
  }) });
  await page.press("start.new");
  await page.getByRole("group", { name: page.t("route.heading") }).waitFor();
  await first(page);
  await page.locator("#q-text").fill(CANARY);
  // The commissions are known with the keys, and come into the form without touching what is typed.
  assert.equal(await page.getByRole("group", { name: page.t("channel.label") }).count(), 0);
  await page.press("next");
  await page.getByText(page.t("loading"), { exact: true }).waitFor();
  assert.equal(page.asked.filter(({ method }) => method === "POST").length, 0, "nothing goes out without the module");
  await keeps(page);
  release();
  // Nobody has chosen a commission yet: that is asked before the next step.
  const group = page.getByRole("group", { name: page.t("channel.label") });
  await group.getByText(page.t("route.missing")).waitFor();
  assert.equal(await page.locator("#q-text").inputValue(), CANARY);
  await group.getByLabel("almaty").check();
  await page.press("next");
  await page.heading("people.heading");
  for (const { body } of page.asked) assert.ok(!body?.includes(Buffer.from("canary")), "keys are asked for with nothing of the text");
  assert.deepEqual(page.problems, []);
});

test("D5 what comes with the keys does not disturb who is typing", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const page = await open({ before: (page) => page.route("**/t", async (route) => {
    await held;
    await route.continue();
  }) });
  await page.press("start.new");
  await first(page);
  await page.locator("#q-text").pressSequentially("мәт");
  release();
  await page.getByRole("group", { name: page.t("channel.label") }).getByLabel("almaty").waitFor();
  await page.keyboard.type("ін");
  assert.equal(await page.locator("#q-text").inputValue(), "мәтін");
});

test("D2 the policy stops what was slipped in", async () => {
  const page = await open();
  const answer = await fetch(`${site.address}/kk`);
  const policy = answer.headers.get("content-security-policy");
  for (const part of ["default-src 'none'", "script-src 'sha256-", "worker-src blob:;", "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"]) {
    assert.ok(policy.includes(part), part);
  }
  // One script stands in the page, and the policy knows it by its sum; other pages have none.
  const [, script] = /<script type="module">(.*?)<\/script>/s.exec(await answer.text());
  assert.match(policy, /script-src 'sha256-[^' ]+' 'wasm-unsafe-eval';/);
  assert.ok(policy.includes(`'sha256-${createHash("sha256").update(script).digest("base64")}'`));
  assert.doesNotMatch((await fetch(`${site.address}/kk/more`)).headers.get("content-security-policy"), /sha256/);
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
