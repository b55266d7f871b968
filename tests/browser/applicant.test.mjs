// The cabinet of a person: without a connection nothing that is written is lost, nothing is sent
// twice, nothing private stays after signing out, and builds never mix.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, LANGS, picture, until } from "../lib/browser.mjs";
import { accounts, admit, ready, settle } from "../lib/cabinet.mjs";
import { kept, rows, TEXTS } from "../lib/own.mjs";
import { portal, root } from "../lib/portal.mjs";

const site = portal("browser-applicant");
const chrome = browser();

const folk = accounts(site, chrome, TEXTS);
const open = (login, how) => folk.open(login, { width: 360, ...how });

/** The connection goes or comes back, also for the service worker. */
async function line(page, on) {
  await page.context().setOffline(!on);
}

const field = (page, name) => page.locator(`[id="f-${name}"]`);
const unsent = (page) => page.locator(".unsent");

async function course(page, title) {
  await page.to("/app/my/profile/new/course");
  const values = { title, provider: "Өрлеу", hours: "80", from: "2025-06-02", to: "2025-06-13" };
  for (const [name, value] of Object.entries(values)) await field(page, `record.${name}`).fill(value);
}

/** The records of a person, as the server has them. */
async function records(login, title) {
  const all = await folk.ask(login, "GET", "my/profile");
  return all.items.filter((item) => item.record.title === title);
}

test("without a connection the cabinet opens, shows what was seen, and keeps what is written", async () => {
  const login = "hr.school1";
  const page = await open(login);
  await page.to("/app/my/profile");
  await kept(page);
  await page.to("/app/my/profile/new/course");
  await line(page, false);
  await page.reload();
  await ready(page);
  await page.locator(".offline").getByText(page.t("offline.bar")).waitFor();
  const title = "Дифференциалды оқыту";
  await course(page, title);
  await page.press("record.save");
  await unsent(page).waitFor();
  // The bar also counts what is only typed: the row of the write comes a moment later.
  await until(page, async () => (await rows(page)).length === 1);
  // What was last seen is shown, with its time.
  await page.to("/app/my/profile");
  await picture(page, "applicant-offline");
  assert.match(await page.locator(".offline").innerText(), /202\d/);
  await unsent(page).click();
  await page.getByRole("dialog").getByText(title).waitFor();
  assert.deepEqual((await inspect(page)).filter((one) => !/^(console|4|5|script)/.test(one)), []);
  await picture(page, "applicant-waits");
  await page.keyboard.press("Escape");
  // It survives the end of the page, and goes out by itself.
  await page.reload();
  await ready(page);
  await unsent(page).waitFor();
  await line(page, true);
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  assert.equal((await records(login, title)).length, 1);
  await page.context().close();
});

test("messages and the profile open without a connection, though only applications were looked at", async () => {
  const page = await open("hr.school2");
  await page.to("/app/my/");
  await kept(page, "own");
  await line(page, false);
  for (const [where, title] of [["profile", "profile.title"], ["inbox", "nav.inbox"]]) {
    await page.to(`/app/my/${where}`);
    await page.getByRole("heading", { level: 1, name: page.t(title), exact: true }).waitFor();
  }
  await page.context().close();
});

test("two tabs send each write once", async () => {
  const login = "hr.school2";
  const page = await open(login);
  await page.to("/app/my/profile");
  await kept(page);
  const second = await page.context().newPage();
  await settle(second, site, TEXTS, "kk");
  await second.to("/app/my/profile");
  await second.to("/app/my/profile/new/course");
  await page.to("/app/my/profile/new/course");
  await line(page, false);
  for (const [one, title] of [[page, "Бірінші"], [second, "Екінші"]]) {
    await course(one, title);
    await one.press("record.save");
    await unsent(one).waitFor();
  }
  const keys = [];
  page.context().on("request", (request) => {
    if (request.method() === "POST") keys.push(request.headers()["idempotency-key"]);
  });
  await line(page, true);
  for (const one of [page, second]) await one.waitForFunction(() => !document.querySelector(".unsent"));
  assert.equal((await records(login, "Бірінші")).length, 1);
  assert.equal((await records(login, "Екінші")).length, 1);
  assert.equal(new Set(keys).size, keys.length, "a write went out twice");
  await page.context().close();
});

test("a session that ends while writes wait keeps them until the person has signed in", async () => {
  const login = "head.school2";
  const page = await open(login);
  await page.to("/app/my/profile");
  await kept(page);
  await page.to("/app/my/profile/new/course");
  await line(page, false);
  await course(page, "Сеанссыз");
  await page.press("record.save");
  await until(page, async () => (await rows(page)).length === 1);
  await folk.ask(login, "POST", "sign-out");
  await line(page, true);
  // The page that was open may learn it first, and leads to the door by itself.
  await page.goto(`${site.address}/app/my/`).catch(() => {});
  await page.waitForURL(/\/kk\/enter/);
  assert.equal((await rows(page)).length, 1, "the write was lost with the session");
  folk.leave(login);
  await admit(page, site, await folk.cookie(login));
  await page.to("/app/my/profile");
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  assert.equal((await records(login, "Сеанссыз")).length, 1);
  await page.context().close();
});

test("somebody changed it meanwhile: both versions are shown and the choice is sent", async () => {
  const login = "head.school1";
  const page = await open(login, { lang: "ru" });
  await page.to("/app/my/profile/person");
  await kept(page);
  await line(page, false);
  await field(page, "name_ru.surname").evaluate((node) => node.closest("details").setAttribute("open", ""));
  await field(page, "name_ru.surname").fill("Мой");
  await page.press("record.save");
  await unsent(page).waitFor();
  const now = await folk.ask(login, "GET", "my/person");
  const other = { ...now.card, name_ru: { ...now.card.name_ru, surname: "Чужой" } };
  await folk.ask(login, "PUT", "my/person", other, { "if-match": `"${now.version}"` });
  await line(page, true);
  await page.locator(".offline .tag.late").waitFor();
  await unsent(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Чужой").waitFor();
  await dialog.getByText("Мой", { exact: true }).first().waitFor();
  await picture(page, "applicant-conflict");
  await page.press("offline.settle");
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  const then = await folk.ask(login, "GET", "my/person");
  assert.equal(then.card.name_ru.surname, "Мой");
  await page.context().close();
});

test("after signing out nothing private is on the device, and other tabs are told", async () => {
  const page = await open("auditor", { lang: "ru" });
  await page.to("/app/my/profile");
  await kept(page);
  const second = await page.context().newPage();
  await settle(second, site, TEXTS, "ru");
  await second.to("/app/my/privacy");
  await page.evaluate(() => localStorage.setItem("mansap.draft.x", "secret"));
  await page.press("shell.sign_out");
  await page.waitForURL(/\/ru\/$/);
  await second.waitForURL(/\/ru\/enter/);
  const left = await page.evaluate(async () => ({
    drafts: Object.keys(localStorage).filter((key) => key.startsWith("mansap.draft.")),
    bases: (await indexedDB.databases()).map(({ name }) => name),
    cached: (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat(),
  }));
  assert.deepEqual(left.drafts, []);
  assert.deepEqual(left.bases, []);
  assert.deepEqual(left.cached.filter((path) => !path.startsWith("/app/")), []);
  await page.context().close();
});

test("a newer build waits beside until the person agrees, and never mixes with the old one", async () => {
  const page = await open("region.jetisu", { lang: "ru" });
  const dist = path.join(root, "frontend/dist/app");
  const files = ["sw.js", "applicant.html"].map((name) => path.join(dist, name));
  const before = files.map((file) => fs.readFileSync(file, "utf8"));
  const id = /"?applicant"?:\{"?id"?:"([0-9a-f]{12})"/.exec(before[0].replaceAll(/\s/g, ""))[1];
  try {
    await page.to("/app/my/");
    await kept(page);
    await page.reload();
    await ready(page);
    const old = await page.evaluate(() => document.querySelector("script[type=module]").src);
    fs.writeFileSync(files[1], before[1].replace("<body", '<body data-build="new"'));
    fs.writeFileSync(files[0], before[0].replaceAll(id, "0123456789ab"));
    while (!(await (await site.ask("/app/sw.js")).text()).includes("0123456789ab")) await new Promise((soon) => setImmediate(soon));
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/app/")).update());
    await page.locator(".newer").waitFor();
    // Until the person agrees a reload gives the whole old build.
    await page.reload();
    await ready(page);
    assert.equal(await page.evaluate(() => document.body.dataset.build), undefined);
    assert.equal(await page.evaluate(() => document.querySelector("script[type=module]").src), old);
    await page.locator(".newer").waitFor();
    await page.press("offline.take");
    await page.waitForFunction(() => document.body.dataset.build === "new");
  } finally {
    files.forEach((file, at) => fs.writeFileSync(file, before[at]));
    await page.context().close();
  }
});

test("what a page shows first is asked for before the program has come, and once", async () => {
  const page = await open("hr.school1");
  const wanted = ["me", "my/overview", "my/applications"];
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.replace("/api/v1/cabinet/", "")));
  // The program is let through once they are on their way.
  const early = Promise.all(wanted.map((path) => page.waitForRequest(`**/api/v1/cabinet/${path}`)));
  await page.route("**/applicant-*.wasm", async (route) => {
    await early;
    await route.continue();
  });
  await page.to("/app/my/");
  for (const path of wanted) assert.equal(asked.filter((one) => one === path).length, 1, path);
  await page.context().close();
});

const PAGES = [
  "", "applications", "profile", "profile/person", "profile/new", "profile/new/experience", "saved", "inbox", "inbox/settings",
  "privacy", "security", "feedback",
];
for (const lang of LANGS) {
  test(`axe finds nothing among one's own things, ${lang}`, async () => {
    const page = await open("hr.school1", { lang });
    const found = [];
    for (const one of PAGES) {
      await page.to(`/app/my/${one}`);
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        for (const problem of await inspect(page)) found.push(`${one} ${width}: ${problem}`);
        if (width !== 320 && lang !== "en") await picture(page, `my-${one}-${lang}-${width}`);
      }
    }
    assert.deepEqual(found, []);
    await page.context().close();
  });
}
