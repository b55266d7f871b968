// The reporter's page when something is wrong: modules that are lost, directories that are not good, a
// line that breaks. Nothing is sent that is not sealed, and nothing that was written is lost.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { until } from "../lib/browser.mjs";
import { CANARY, TEXTS, NOW, confirm, first, keeps, reporter, submitted, write } from "../trust/lib/page.mjs";
import { root } from "../trust/lib/trust.mjs";
import { panicking } from "../trust/lib/wasm.mjs";

const { site, chrome, open } = reporter("browser-trust-broken");

test("B7 a broken module, a broken script and an old browser send nothing and say so", async () => {
  const broken = {
    "no module": async (page) => page.route("**/m-*.wasm", (route) => route.abort()),
    "half a module": async (page) => page.route("**/m-*.wasm", (route) => route.fulfill({ contentType: "application/wasm", headers: { "cross-origin-resource-policy": "same-origin" }, body: Buffer.from([0, 97, 115, 109, 1, 0, 0]) })),
    "no worker": async (page) => page.addInitScript(() => (globalThis.Worker = class { constructor() { throw new TypeError(); } })),
    "a worker that ends": async (page) => page.addInitScript(() => (globalThis.Blob = class extends Blob { constructor() { super(["throw 1"], { type: "text/javascript" }); } })),
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
      await page.locator("#q-text").fill(CANARY);
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
    assert.equal(submitted(page).length, 0, name);
    await keeps(page);
    await page.unroute("**/m-*.wasm");
    await page.press("again");
    await page.heading("receipt.heading");
    const groups = await page.locator("#receipt span").allTextContents();
    assert.notDeepEqual(groups, old, "a new number");
    await confirm(page, groups);
    await page.press("send");
    await page.heading("sent.heading");
    assert.equal(submitted(page).length, 1, name);
    const [envelope] = submitted(page);
    assert.equal((await site.scribe("open", { person: 1, envelope })).text, `${CANARY} мәтін`, name);
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

  // Somebody types while the keys come, and they are not good: said at once, and what was typed is kept in
  // the page until they are.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const typing = await open({ before: (page) => page.route("**/t", async (route) => {
    await held;
    await route.continue();
  }) });
  await typing.clock.setFixedTime(new Date("2027-03-01T12:00:00+05:00"));
  await typing.press("start.new");
  await first(typing);
  await typing.locator("#q-text").fill(CANARY);
  release();
  await typing.getByText(typing.t("error.closed")).waitFor();
  assert.equal(await typing.locator("textarea").count(), 0);
  await typing.clock.setFixedTime(NOW);
  await typing.press("again");
  await typing.heading("ask.heading");
  assert.equal(await typing.locator("#q-text").inputValue(), CANARY);
  assert.deepEqual(submitted(typing), []);

  // A line that fails while the first question is read: said when it is in the way, and the module that
  // is here is not fetched again.
  const poor = await open();
  await poor.route("**/t", (route) => route.abort());
  await poor.press("start.new");
  await first(poor);
  await poor.locator("#q-text").fill(CANARY);
  await poor.press("next");
  await poor.getByText(poor.t("error.network")).waitFor();
  await poor.unroute("**/t");
  await poor.press("again");
  await poor.heading("ask.heading");
  assert.equal(await poor.locator("#q-text").inputValue(), CANARY, "nothing is lost");
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
  assert.equal(submitted(page).length, 1);
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
