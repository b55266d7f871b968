// The whole way of a person who applies: from a phone on a bad line, through an interruption, to
// the clerk and back. Every message is looked for where it left.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, out, picture } from "../lib/browser.mjs";
import { accounts, ready, spoken, texts } from "../lib/cabinet.mjs";
import { kept } from "../lib/own.mjs";
import { eventually, portal, root } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

const APPLICANT = texts("cabinet", "public", "profile", "application", "cabinet_my", "cabinet_own", "cabinet_applicant");
const STAFF = texts("cabinet", "application", "cabinet_selection");
const message = (event, lang, part) => JSON.parse(fs.readFileSync(path.join(root, `schemas/messages/${event}.json`), "utf8")).texts[part][lang];

let published;
const site = portal("browser-journey-apply", {
  gateway: true,
  prepare: async (running) => {
    published = await publish(running, 1);
  },
});
const chrome = browser();
const clerks = accounts(site, chrome, STAFF);

const sent = (to) => site.control(`sent?to=${encodeURIComponent(to)}`);

/**
 * The line of the phone: 400 kbit/s with 400 ms, or nothing. A build of development weighs ten
 * times what is deployed, so there the line is as much wider.
 */
const app = path.join(root, "frontend/dist/app");
const weight = () => fs.readdirSync(app).filter((name) => /^applicant-.*\.wasm$/.test(name)).map((name) => fs.statSync(path.join(app, name)).size)[0];
async function line(page, on) {
  // What is narrowed by hand would keep the break from being told to the page, and its end.
  await page.cdp?.send("Network.disable");
  await page.cdp?.detach();
  page.cdp = undefined;
  await page.context().setOffline(!on);
  if (!on) return;
  await page.waitForFunction(() => navigator.onLine && !document.querySelector(".unsent"));
  page.cdp = await page.context().newCDPSession(page);
  const throughput = (400_000 / 8) * Math.max(1, weight() / 600_000);
  await page.cdp.send("Network.enable");
  await page.cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: throughput, uploadThroughput: throughput });
}

async function code(to, after) {
  const one = await eventually(site, `a code for ${to}`, async () => (await sent(to)).slice(after).find(({ text }) => /\b\d{6}\b/.test(text)));
  return /\b\d{6}\b/.exec(one.text)[0];
}

/** A photograph of a paper, as a phone makes it. */
const photo = (page, words) => page.evaluate(async (text) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 800 });
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, 600, 800);
  paper.fillStyle = "#222";
  paper.font = "32px sans-serif";
  paper.fillText(text, 40, 120);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  return [...new Uint8Array(await blob.arrayBuffer())];
}, words).then((bytes) => ({ name: `${words}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(bytes) }));

const pdf = (name) => ({
  name, mimeType: "application/pdf",
  buffer: Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% ${name}\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`),
});

const PEOPLE = {
  kk: { surname: "Әбдірахманова", name: "Үміт", phone: "+7 701 555 11 22", sms: "77015551122", email: "umit@example.kz", query: "математика мұғалімі", iin: "840317400084" },
  ru: { surname: "Ковалёва", name: "Анна", phone: "+7 702 555 33 44", sms: "77025553344", email: "anna@example.kz", query: "учитель математики", iin: "" },
};

/** What was on the screen when it went wrong. */
async function seen(page, lang, error) {
  await picture(page, `journey-failed-${lang}`).catch(() => {});
  const text = await page.locator("main").innerText().catch(() => "");
  console.error(`${page.url()}\n${text.slice(0, 1500)}\n${page.problems.join("\n")}`);
  throw error;
}

for (const lang of ["kk", "ru"]) {
  test(`a person applies from a phone on a bad line and is told what happens, ${lang}`, { timeout: 400_000 }, async () => {
    // The phone speaks English: what counts is the page on which the person signs in.
    const page = await chrome.page({ lang: "en", width: 360 });
    await journey(page, lang).catch((error) => seen(page, lang, error));
    await page.context().close();
  });
}

async function journey(page, lang) {
  const who = PEOPLE[lang];
  const t = spoken(APPLICANT, lang);
  page.setDefaultTimeout(60_000);
  const press = (key) => page.getByRole("button", { name: t(key), exact: true }).first().click();
  const field = (name) => page.locator(`[id="f-${name}"]`);
  const shot = async (name) => {
    assert.deepEqual(await inspect(page), [], name);
    await picture(page, `journey-${name}-${lang}`);
  };
  await line(page, true);

  // Finds a vacancy.
  await page.goto(`${site.address}/${lang}/`);
  await page.locator("#q").fill(who.query);
  await page.locator("#q").press("Enter");
  await page.locator(`a[href*="/vacancies/"][href*="${published[0].slug}"]`).first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await shot("vacancy");
  await page.getByRole("link", { name: t("vacancy.apply.online"), exact: true }).click();

  // Signs in by a code; that is all an account takes.
  await page.locator("#contact").fill(who.phone);
  await shot("enter");
  await press("enter.button");
  await page.locator("#code").fill(await code(who.sms, 0));
  await shot("code");
  await press("enter.code.button");
  await page.waitForURL(/\/app\/my\/applications\/[0-9a-z]{26}$/);
  await ready(page);
  await page.locator(".tasks li").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
  const here = page.url();
  const id = here.split("/").at(-1);
  await shot("tasks");
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const ask = async (where, init = {}) => {
    const answer = await site.ask(`/api/v1/cabinet/${where}`, { ...init, headers: { cookie, origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...init.headers } });
    assert.ok(answer.ok, `${where}: ${answer.status} ${answer.ok ? "" : await answer.text()}`);
    return answer.json();
  };

  // A second address for messages, and no quiet hours: the test runs at night too.
  await page.goto(`${site.address}/app/my/security`);
  await ready(page);
  await field("contact").fill(who.email);
  await press("security.send_code");
  await field("code").fill(await code(who.email, 0));
  await press("security.confirm");
  await page.getByText(who.email).waitFor();
  const preferences = await ask("my/preferences");
  await ask("my/preferences", { method: "PUT", body: JSON.stringify({ ...preferences, quiet: false }), headers: { "if-match": `"${preferences.version ?? 0}"` } });

  // Half of it on the line.
  const open = async (section) => {
    await page.goto(`${here}/${section}`);
    await ready(page);
  };
  const next = async (section) => {
    await press("apply.save_next");
    await page.waitForURL(new RegExp(`/${section}$`));
    await ready(page);
  };
  await open("person");
  await field("person.surname").fill(who.surname);
  await field("person.name").fill(who.name);
  await field("person.iin").fill(who.iin);
  await field("person.citizenship").selectOption(who.iin ? "KZ" : "RU");
  if (!who.iin) await field("person.birth_date").fill("1990-05-17");
  await shot("person");
  await next("contacts");
  await field("place-search").fill("Талдықорған");
  await page.waitForFunction(() => document.getElementById("f-contacts.kato").options.length > 1);
  if (!(await field("contacts.kato").inputValue())) await field("contacts.kato").selectOption({ index: 1 });
  await field("contacts.address").fill("Қабанбай батыр, 5");
  await shot("contacts");
  await next("education");
  await page.getByRole("link", { name: t("record.add_education"), exact: true }).click();
  await page.waitForURL(/\/records\/new\/education/);
  await ready(page);
  await field("record.level").selectOption({ index: 1 });
  await field("record.institution").fill("Абай атындағы ҚазҰПУ");
  await field("record.specialty").fill("Математика");
  for (const [name, value] of [["country", "KZ"], ["number", "ЖБ-Б 0123456"], ["finished", "2012"], ["started", "2008"], ["issued_on", "2012-06-30"]]) {
    const one = field(`record.${name}`);
    if ((await one.count()) === 0) continue;
    if ((await one.evaluate((node) => node.tagName)) === "SELECT") await one.selectOption({ index: 1 });
    else await one.fill(value);
  }
  await field("evidence").setInputFiles(await photo(page, "Диплом"));
  await shot("record");
  await press("record.save");
  await page.waitForURL(/\/education\?new=1$/);
  await ready(page);
  // It was written for this application, so it is in it.
  await page.locator(".records input[type=checkbox]:checked").waitFor();
  await shot("education");
  await next("experience");
  await page.getByRole("checkbox", { name: t("apply.no_experience") }).check();
  // What comes next was looked through once, so it is on the device.
  for (const section of ["documents", "score_sheet", "statement", "check"]) await open(section);
  await kept(page);
  await open("experience");
  await shot("experience");

  // The line breaks off; the rest is written without it.
  page.problems.length = 0;
  await line(page, false);
  await press("apply.save_next");
  await page.waitForURL(/\/documents$/);
  await ready(page);
  const scan = await photo(page, "Анықтама");
  const inputs = await page.locator(".document input[type=file]").all();
  for (const input of inputs) await input.setInputFiles({ ...scan, name: `${await input.getAttribute("id")}.jpg` });
  await page.locator(".unsent").waitFor();
  await picture(page, `journey-offline-documents-${lang}`);
  await press("apply.save_next");
  await page.waitForURL(/\/score_sheet$/);
  await ready(page);
  await press("apply.save_next");
  await page.waitForURL(/\/statement$/);
  await ready(page);
  await page.locator('input[name="statement.has_relatives"]').last().check();
  await field("statement.letter").fill("Балаларды жақсы көремін");
  await field("statement.truthful").check();
  await field("statement.consent").check();
  await press("apply.save_next");
  await page.waitForURL(/\/check$/);
  await ready(page);
  await picture(page, `journey-offline-check-${lang}`);
  // Even a reload loses nothing.
  await page.goto(`${here}/statement`);
  await ready(page);
  assert.equal(await field("statement.letter").inputValue(), "Балаларды жақсы көремін");

  // Back on the line: everything goes out by itself, each thing once.
  await line(page, true);
  await eventually(site, "what was written without a line", async () => (await ask(`my/applications/${id}`)).content.statement?.letter);
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  const draft = await ask(`my/applications/${id}`);
  assert.equal(draft.content.statement.letter, "Балаларды жақсы көремін");
  assert.equal(draft.content.documents.length, inputs.length);
  assert.equal((await ask("my/files")).length, inputs.length + 1);
  page.problems.length = 0;

  // Evidence for the sheet, then check and send.
  await open("check");
  await page.getByText(t("apply.complete_all")).waitFor();
  await shot("check");
  await press("apply.submit");
  await page.waitForURL(/\/sent$/);
  await ready(page);
  const now = await ask(`my/applications/${id}`);
  assert.equal(now.state, "submitted");
  await page.getByText(now.number).first().waitFor();
  await page.getByText(t("next.submitted")).waitFor();
  await shot("sent");
  const paper = await site.ask(`/api/v1/cabinet/my/applications/${id}/sent.pdf?lang=${lang}`, { headers: { cookie } });
  assert.equal(paper.headers.get("content-type"), "application/pdf");
  fs.writeFileSync(path.join(out, `journey-sent-${lang}.pdf`), Buffer.from(await paper.arrayBuffer()));
  const first = (part) => message("application.submitted", lang, part).replace("{number}", now.number);
  await eventually(site, "the message of the receipt", async () => (await sent(who.sms)).some(({ text }) => text.startsWith(first("sms"))));
  await eventually(site, "the letter of the receipt", async () => (await sent(who.email)).some(({ subject }) => subject === first("subject")));

  // The clerk.
  const desk = await clerks.open("hr.school1", { lang, width: 1280 });
  const { t: s, press: click } = desk;
  const look = async (what) => {
    assert.deepEqual(await inspect(desk), [], what);
    await picture(desk, `journey-clerk-${what}-${lang}`);
  };
  await desk.goto(`${site.address}/app/applications`);
  await ready(desk);
  await look("list");
  await desk.getByRole("link", { name: `${who.surname} ${who.name}` }).click();
  await ready(desk);
  // The evidence stands beside what it proves.
  await desk.getByRole("button", { name: "Диплом.jpg" }).first().click();
  await desk.locator(".viewer img").waitFor();
  await desk.waitForFunction(() => document.querySelector(".viewer img").naturalWidth > 0);
  await look("application");
  await click("application.register");
  await desk.getByText(s("state.registered"), { exact: true }).first().waitFor();
  await click("application.request");
  await desk.locator('[id="f-items.0.target"]').selectOption("document:education");
  const wanted = lang === "kk" ? "Диплом қосымшасы жоқ" : "Нет приложения к диплому";
  await desk.locator('[id="f-items.0.text"]').fill(wanted);
  await look("request");
  await desk.getByRole("dialog").getByRole("button", { name: s("application.request"), exact: true }).click();
  await desk.getByText(s("state.returned_for_completion"), { exact: true }).first().waitFor();
  await eventually(site, "the request by message", async () => (await sent(who.sms)).some(({ text }) => text.includes(now.number) && text !== first("sms")));
  const letter = await eventually(site, "the request by letter", async () => (await sent(who.email)).find(({ text }) => text.includes(wanted)));
  assert.ok(letter.text.startsWith(message("application.requested", lang, "email").slice(0, 10)), letter.text);

  // The person adds the paper and sends it.
  await page.goto(here);
  await ready(page);
  await page.getByText(wanted).first().waitFor();
  await shot("asked");
  await open("documents");
  await page.locator('[id="f-documents.education.files"]').setInputFiles(pdf("Қосымша.pdf"));
  await eventually(site, "the paper on the server", async () => (await ask("my/files")).some(({ name }) => name === "Қосымша.pdf"));
  await press("apply.save_later");
  await page.waitForURL(here);
  await ready(page);
  await press("apply.complete");
  await page.getByRole("dialog").getByRole("button", { name: t("apply.complete"), exact: true }).click();
  await page.getByText(t("step.complete")).first().waitFor();
  await shot("timeline");

  // Both see the same way, each in words meant for them.
  await desk.reload();
  await ready(desk);
  const way = desk.locator("ol.timeline");
  for (const step of ["submit", "register", "request", "complete"]) {
    await way.getByText((STAFF[`staff.step.${step}`] ?? STAFF[`step.${step}`])[lang]).first().waitFor();
    await page.locator("ol.timeline").getByText(t(`step.${step}`)).first().waitFor();
  }
  await desk.getByRole("button", { name: "Қосымша.pdf" }).first().waitFor();
  await look("completed");
  for (const to of [who.sms, who.email]) {
    const keys = (await sent(to)).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length, `${to}: a message came twice`);
  }
  await desk.context().close();
}
