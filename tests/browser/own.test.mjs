// One's own account in the browser: the inbox, alerts, pushes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { accounts, texts } from "../lib/cabinet.mjs";
import { database } from "../lib/notices.mjs";
import { portal } from "../lib/portal.mjs";

const ALERTS = texts("alerts");

const site = portal("browser-own", { gateway: true });
const chrome = browser();

/** Signs a person of the demo in by the code that came to an address. */
async function byCode(contact) {
  const post = (where, fields) => site.ask(where, {
    method: "POST",
    headers: { origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields),
  });
  const asked = await post("/kk/enter", { contact, next: "" });
  const sent = await site.control(`sent?to=${contact}`);
  const entered = await post(asked.headers.get("location").split("?")[0], { code: /\b\d{6}\b/.exec(sent.at(-1).text)[0] });
  return entered.headers.getSetCookie().find((one) => one.startsWith("__Host-session=")).split(";")[0];
}

const ME = "madina@example.kz";
const all = accounts(site, chrome, texts("cabinet", "cabinet_my", "cabinet_own"), byCode);
const open = (how) => all.open(ME, { width: 360, ...how });
/** The person's own API. */
const call = (...what) => all.ask(ME, ...what);

test("an alert needs no account: confirmed by its link, changed, stopped, and it never comes twice", async () => {
  const lang = "ru";
  const words = (key) => ALERTS[key][lang];
  const page = await chrome.page({ lang, width: 360 });
  await page.goto(`${site.address}/${lang}/alerts/new?q=${encodeURIComponent("учитель")}`);
  assert.deepEqual(await inspect(page), []);
  await picture(page, "alert-new-ru-360");
  await page.locator("#contact").fill("alert@example.kz");
  await page.locator(".buttons button").first().click();
  await page.locator("#code").waitFor();
  const [letter] = await site.control("sent?to=alert@example.kz");
  const link = /https?:\/\/\S+\/alerts\/confirm\/[\w-]+/.exec(letter.text)[0];
  // Opening it changes nothing: programs that look into letters open links, too.
  await page.goto(link);
  assert.deepEqual(await inspect(page), []);
  await page.locator(".buttons button").first().click();
  await page.waitForURL(/alerts\/my\/.*done=on/);
  await picture(page, "alert-my-ru-360");
  assert.deepEqual(await inspect(page), []);
  await page.locator('input[name="period"][value="weekly"]').check();
  await page.locator(".buttons button").first().click();
  await page.waitForURL(/done=saved/);
  assert.ok(await page.locator('input[name="period"][value="weekly"]').isChecked());
  const mine = page.url().split("?")[0];
  await page.getByRole("button", { name: words("my.stop"), exact: true }).click();
  await page.getByText(words("my.off")).waitFor();
  await page.goto(mine);
  await page.getByText(words("my.off")).waitFor();
  // The link confirms once; again it leads to the same alert.
  await page.goto(link);
  assert.equal((await site.control("sent?to=alert@example.kz")).length, 1);
  await page.context().close();
});

for (const [lang, width] of [["kk", 360], ["ru", 1280], ["en", 360]]) {
  test(`alerts stand with the saved vacancies and are changed there, ${lang} at ${width} px`, async () => {
    await call("POST", "my/subscriptions", { query: `q=${lang}`, channel: "email", period: "daily" });
    const page = await open({ lang, width });
    await page.to("/app/my/saved");
    await page.press("saved.weekly");
    await page.getByText(page.t("period.weekly")).first().waitFor();
    assert.deepEqual(await inspect(page), []);
    await picture(page, `alerts-${lang}-${width}`);
    await page.press("saved.stop");
    await page.locator(".tag", { hasText: page.t("alert_state.stopped") }).waitFor();
    await page.press("saved.resume");
    await page.locator(".tag.done", { hasText: page.t("alert_state.active") }).waitFor();
    const [one] = await call("GET", "my/subscriptions");
    assert.deepEqual([one.period, one.state], ["weekly", "active"]);
    const alerts = page.locator("section", { hasText: page.t("saved.alerts") }).last();
    await alerts.getByRole("button", { name: page.t("saved.forget"), exact: true }).click();
    await page.getByText(page.t("saved.no_alerts")).waitFor();
    assert.deepEqual(await call("GET", "my/subscriptions"), []);
    await page.context().close();
  });
}

test("a browser is told of messages by push, and no more after signing out", async () => {
  const browserOf = await site.control("browser", { method: "POST" });
  const lang = "ru";
  const page = await open({ lang, permissions: ["notifications"] });
  // The push service of the browser's maker is out of reach: the stand-in plays it.
  await page.addInitScript((made) => {
    let has = null;
    const one = { toJSON: () => made, unsubscribe: async () => ((has = null), (globalThis.left = true)) };
    PushManager.prototype.subscribe = async () => (has = one);
    PushManager.prototype.getSubscription = async () => has;
  }, browserOf);
  await page.to("/app/my/inbox/settings");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.press("push.on");
  await page.said("push.done");
  await page.getByRole("button", { name: page.t("push.remove"), exact: true }).waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, "push-ru-360");
  assert.equal((await call("GET", "my/preferences")).devices.length, 1);
  // What a push says is shown by the service worker, and leads into the cabinet.
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("ServiceWorker.enable");
  const registration = await new Promise((resolve) => cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const one = registrations.find(({ scopeURL, isDeleted }) => scopeURL.endsWith("/app/") && !isDeleted);
    if (one) resolve(one);
  }));
  const said = { title: "Өтініміңіз қабылданды", body: "A-1", link: `${site.address}/app/my/inbox`, tag: "1" };
  const push = () => cdp.send("ServiceWorker.deliverPushMessage", { origin: site.address, registrationId: registration.registrationId, data: JSON.stringify(said) });
  const shown = () => page.evaluate(async () => {
    const all = await (await navigator.serviceWorker.getRegistration("/app/")).getNotifications();
    return all.map(({ title, body }) => [title, body]);
  });
  // A push service tries again too; the same tag is shown once.
  await until(page, async () => {
    await push();
    for (let look = 0; look < 20; look += 1) if ((await shown()).length > 0) return true;
    return false;
  });
  assert.deepEqual(await shown(), [[said.title, said.body]]);
  await page.press("push.remove");
  await page.waitForFunction(() => !document.querySelector("main .waiting"));
  assert.equal((await call("GET", "my/preferences")).devices.length, 0);
  await page.context().close();
});

test("the inbox: filters, read marks, news without asking", async () => {
  const db = (work) => {
    const opened = database(site.state);
    try {
      return work(opened);
    } finally {
      opened.close();
    }
  };
  const account = db((one) => one.prepare("SELECT account FROM contact WHERE value = ?").get(ME).account);
  const add = (n, event, args) => db((one) => one.prepare(
    "INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at) VALUES (?, ?, ?, ?, 'ticket', 'x', ?, ?, ?)",
  ).run(`01k9${String(n).padStart(22, "0")}`, "b", account, event, `k${n}`, JSON.stringify(args), new Date().toISOString()));
  add(1, "ticket.answered", { number: { text: "T-1" }, page: { text: "x" } });
  add(2, "account.new_device", { device: { text: "Firefox, Windows" }, moment: { moment: new Date().toISOString() } });
  const page = await open({ lang: "kk" });
  await page.clock.install();
  await page.to("/app/my/inbox");
  assert.equal(await page.locator(".letter").count(), 2);
  await picture(page, "inbox-kk-360");
  const filter = (code) => page.locator("nav.tabs").getByRole("link", { name: page.t(`inbox.filter.${code}`), exact: true }).click();
  await filter("ticket");
  await page.waitForFunction(() => document.querySelectorAll(".letter").length === 1);
  await page.getByText("T-1").waitFor();
  await page.press("inbox.mark_read");
  await page.waitForFunction(() => !document.querySelector(".letter.unread"));
  await filter("unread");
  await page.getByText("Firefox, Windows").first().waitFor();
  assert.equal(await page.locator(".letter").count(), 1);
  // It comes while the page is open.
  add(3, "ticket.answered", { number: { text: "T-3" }, page: { text: "x" } });
  await page.clock.fastForward(61_000);
  await page.getByText("T-3").waitFor();
  await page.press("inbox.read_all");
  await page.getByText(page.t("inbox.none")).waitFor();
  assert.equal((await call("GET", "my/notices?filter=unread")).unread, 0);
  await page.context().close();
});
