// A room where the line goes: forms on paper with two people who type them in, who is offline first, and
// what is done with somebody who breaks the rules.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freePort } from "../../scripts/lib/server.mjs";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { rows, sha256, stage, ulid } from "../lib/exam.mjs";
import { own } from "../lib/own.mjs";
import { portal, root } from "../lib/portal.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, `schemas/locales/${name}.json`), "utf8"));
const TEXTS = Object.assign({}, ...["cabinet", "cabinet_testing", "errors", "exam"].map(read));
const people = ["hr.school1", "hr.school2", "head.school1"].map((login, n) => ({
  login, id: ulid(300 + n), candidate: `r-${n}`, token: sha256(`room ${n}`), lang: n === 1 ? "ru" : "kk", state: n === 2 ? "assigned" : "admitted",
}));
const SESSION = ulid(5001);
/** A full room: those who have not come yet. */
const MORE = 60;

const region = JSON.parse(fs.readFileSync(path.join(root, "schemas/demo/region.json"), "utf8"));
const personOf = (login) => region.people.find(({ id }) => id === region.accounts.find((one) => one.login === login).person);

function prepare(state) {
  stage(state, people, { n: 5 });
  rows(state, (db) => {
    const { organisation } = region.accounts.find(({ login }) => login === "test.proctor").roles[0];
    db.prepare("UPDATE exam_session SET organisation = ?, starts_at = ?, room = '12', place = ? WHERE id = ?").run(
      organisation, new Date().toISOString(), JSON.stringify({ kk: "Талдықорған, тест орталығы", ru: "Талдыкорган, центр тестирования", en: "" }), SESSION,
    );
    people.forEach(({ id, login }, n) => db.prepare("UPDATE exam_attempt SET person = ?, seat = ? WHERE id = ?").run(personOf(login).id, String(n + 1), id));
    const one = db.prepare("SELECT exam, session, person FROM exam_attempt WHERE id = ?").get(people[2].id);
    const put = db.prepare("INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state, seat) VALUES (?, ?, ?, ?, ?, 'kk', '-', 'assigned', ?)");
    for (let n = 0; n < MORE; n += 1) put.run(ulid(400 + n), one.exam, one.session, one.person, `m-${n}`, String(n + 4));
  });
}

const examPort = await freePort();
const site = portal("browser-room", { gateway: true, exam: examPort, vars: { EXAM_ORIGIN: `http://127.0.0.1:${examPort}` }, stage: prepare });
const chrome = browser();
const crew = Object.fromEntries(["test.proctor", "test.admin"].map((login) => [login, own(site, chrome, login)]));

async function as(login, { lang = "kk", width = 1280 } = {}) {
  const page = await crew[login].open({ lang, width });
  page.t = (key, values = {}) => Object.entries(values).reduce((text, [from, to]) => text.replace(`{${from}}`, to), TEXTS[key][lang]);
  page.press = (key) => page.locator("main").getByRole("button", { name: page.t(key), exact: true }).first().click();
  page.said = (key) => page.locator(".toasts").getByText(page.t(key)).first().waitFor();
  return page;
}
async function look(page, name, found, widths = [360, 1280]) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const problem of await inspect(page)) found.push(`${name} ${width}: ${problem}`);
    await picture(page, `room-${name}-${width}`);
  }
}
const row = (page, login) => page.locator(".seats > li", { hasText: personOf(login).surname }).first();
const stands = (page, login, status) => row(page, login).getByText(page.t(`watch_state.${status}`)).waitFor({ timeout: 90_000 });
async function sheet(page, login) {
  await row(page, login).locator("button").click();
  await page.locator("dialog#sheet").waitFor();
  return page.locator("dialog#sheet");
}
async function leave(page) {
  await page.keyboard.press("Escape");
  await page.locator("dialog#sheet").waitFor({ state: "detached" });
}

/** What stands on a printed form, task by task: sign and words. */
const printed = (page) => page.locator("article").first().evaluate((paper) => [...paper.querySelectorAll("section")].map((section) => {
  const list = (selector) => [...section.querySelectorAll(selector)].map((one) => [one.querySelector("b").textContent.replace(".", ""), one.querySelector("span:not(.box)").textContent.trim()]);
  return { stem: section.querySelector(".stem").textContent.trim(), rows: list(".rows:not(.others) > li"), others: list(".others > li") };
}));
const sign = (list, words) => list.find(([, text]) => text === words)[0];
/** The right answers in the letters of the form, as a person would write them. */
function right(tasks) {
  const [single, multiple, matching, ordering] = tasks;
  return [
    sign(single.rows, "сегіз"),
    `${sign(multiple.rows, "бес")} ${sign(multiple.rows, "жеті")}`,
    `${sign(matching.rows, "2 + 2")}${sign(matching.others, "төрт")} ${sign(matching.rows, "3 × 3")}${sign(matching.others, "тоғыз")}`,
    ["бір", "екі", "үш"].map((words) => sign(ordering.rows, words)).join(" "),
    "0,5", "Астана",
  ];
}
async function type(page, answers) {
  await page.locator("#f-act").fill("12-акт");
  for (const [n, answer] of answers.entries()) await page.locator(`[id="f-answers.${n}"]`).fill(answer);
  await page.press("paper.send");
}

test("a form is printed, two people type in what was written on it, and it is scored", { timeout: 300_000 }, async () => {
  const found = [];
  const proctor = await as("test.proctor");
  await proctor.to(`/app/testing/sessions/${SESSION}`);
  await proctor.locator("#f-reason").fill("жоқ");
  await proctor.press("paper.print");
  await proctor.locator("#errors").waitFor();
  proctor.problems.length = 0;
  await look(proctor, "session-kk", found);
  await proctor.locator("#f-reason").fill("12-аудиторияда байланыс үзілді");
  await proctor.press("paper.print");
  const all = await proctor.locator("main a[target=_blank]").getAttribute("href");
  // One person's form, from the room.
  await proctor.to(`/app/testing/sessions/${SESSION}/room`);
  const open = await sheet(proctor, people[0].login);
  await open.locator("details.on-paper > summary").click();
  await open.locator("#f-reason").fill("Құрылғы істен шықты");
  await open.getByRole("button", { name: proctor.t("paper.print"), exact: true }).click();
  const one = await open.locator("a[target=_blank]").getAttribute("href");
  await leave(proctor);
  const paper = await proctor.context().newPage();
  paper.problems = [];
  await paper.goto(`${site.address}${all}`);
  assert.equal(await paper.locator("article").count(), 25);
  assert.equal(await paper.locator(".parts a").count(), 3);
  await paper.goto(`${site.address}${one}`);
  assert.equal(await paper.locator("article").count(), 1);
  await look(paper, "paper-kk", found);
  await paper.emulateMedia({ media: "print" });
  await picture(paper, "room-paper-print-kk");
  const answers = right(await printed(paper));
  assert.equal(answers.length, 6);
  await paper.emulateMedia({ media: "screen" });
  await paper.close();

  // Two people, neither of whom sees what the other has typed.
  const typing = `/app/testing/sessions/${SESSION}/paper/${people[0].id}`;
  await proctor.to(typing);
  await proctor.getByText(proctor.t("paper.first")).waitFor();
  await type(proctor, ["Ж", ...answers.slice(1)]);
  await proctor.locator("#errors").getByText(proctor.t("field.paper_letter")).waitFor();
  proctor.problems.length = 0;
  await look(proctor, "typing-kk", found);
  const slip = [answers[0] === "A" ? "B" : "A", ...answers.slice(1)];
  await type(proctor, slip);
  await proctor.getByText(proctor.t("paper.waits")).waitFor();
  const admin = await as("test.admin", { lang: "ru" });
  await admin.to(typing);
  await admin.getByText(admin.t("paper.second")).waitFor();
  assert.equal(await admin.locator('[id="f-answers.0"]').inputValue(), "");
  await type(admin, answers);
  await admin.getByText(admin.t("paper.differs", { tasks: "1" })).waitFor();
  await look(admin, "differs-ru", found);
  await proctor.to(typing);
  await proctor.getByText(proctor.t("paper.differs", { tasks: "1" })).waitFor();
  await type(proctor, answers);
  await until(proctor, () => proctor.locator(".notice.done").count().then((n) => n === 1));
  await look(proctor, "taken-kk", found);
  await proctor.to(`/app/testing/sessions/${SESSION}/room`);
  await stands(proctor, people[0].login, "scored");
  await proctor.context().close();
  await admin.context().close();
  assert.deepEqual(found, []);
});

test("who is offline stands first; somebody is sent out, and the act annuls the result", { timeout: 300_000 }, async () => {
  const found = [];
  const who = people[1];
  const candidate = await chrome.page({ width: 360, lang: "ru" });
  candidate.setDefaultTimeout(60_000);
  await candidate.addInitScript(() => { try { localStorage.setItem("mansap.lang", "ru"); } catch { /* none here */ } });
  await candidate.goto(`${site.server.exam}/app/#${who.id}.${who.token}`);
  await candidate.locator("#agree").check();
  await candidate.locator("#begin").click();
  const failed = candidate.locator("[role=alert]");
  await until(candidate, async () => {
    if (await candidate.locator("h1#task").isVisible()) return true;
    if (await failed.first().isVisible()) await candidate.locator("#begin").click();
    return false;
  });
  await candidate.getByLabel("восемь", { exact: true }).check();
  await candidate.locator(".saved .tag.done").waitFor();

  const proctor = await as("test.proctor");
  await proctor.to(`/app/testing/sessions/${SESSION}/room`);
  await stands(proctor, who.login, "running");
  await candidate.context().setOffline(true);
  await stands(proctor, who.login, "offline");
  const first = proctor.locator(".seats > li").first();
  await first.locator("strong", { hasText: personOf(who.login).surname }).waitFor();
  // By name: whoever comes first in the alphabet.
  await proctor.getByLabel(proctor.t("watch.urgent")).uncheck();
  const names = await proctor.locator(".seats > li strong").allInnerTexts();
  assert.equal(names.length, people.length + MORE);
  await proctor.getByLabel(proctor.t("watch.urgent")).check();
  await proctor.getByRole("button", { name: new RegExp(`${proctor.t("watch_state.offline")} · 1`) }).click();
  await until(proctor, () => proctor.locator(".seats > li:visible").count().then((n) => n === 1));
  await look(proctor, "offline-first-kk", found);
  await proctor.getByRole("button", { name: new RegExp(`${proctor.t("watch_filter.all")} · `) }).click();
  await candidate.context().setOffline(false);
  await stands(proctor, who.login, "running");

  const open = await sheet(proctor, who.login);
  // One press does nothing yet: it asks by name, and wants the words of the act.
  await open.getByRole("button", { name: proctor.t("watch.terminate"), exact: true }).click();
  await open.locator("#send-out", { hasText: personOf(who.login).surname }).waitFor();
  await open.getByRole("button", { name: proctor.t("watch.terminate_no"), exact: true }).click();
  await open.getByRole("button", { name: proctor.t("watch.terminate"), exact: true }).click();
  const end = open.getByRole("button", { name: proctor.t("watch.terminate_yes"), exact: true });
  await open.locator("#f-out").fill("телефон");
  await end.click();
  await open.locator("#errors").getByText(proctor.t("watch.what_short")).waitFor();
  proctor.problems.length = 0;
  await look(proctor, "send-out-kk", found);
  await open.locator("#f-out").fill("Тест кезінде телефоннан жауап іздеді, ескертуге құлақ аспады.");
  await end.click();
  await proctor.said("watch.terminated");
  await candidate.getByRole("heading", { name: "Тест прекращён" }).waitFor();
  await picture(candidate, "room-sent-out-ru-360");
  await open.getByText(proctor.t("watch_state.terminated")).first().waitFor();
  // A second act can be written; a short one is refused by the server too.
  await open.locator("#f-what").fill("телефон");
  await open.getByRole("button", { name: proctor.t("watch.act_write"), exact: true }).click();
  await open.locator("#errors").waitFor();
  proctor.problems.length = 0;
  await look(proctor, "sheet-kk", found);
  await leave(proctor);
  await proctor.context().close();

  const admin = await as("test.admin", { lang: "ru" });
  await admin.to(`/app/testing/sessions/${SESSION}`);
  await admin.getByRole("button", { name: admin.t("session.sign_act"), exact: true }).click();
  await admin.said("session.act_signed");
  await admin.locator("main .rows .tag.late").first().waitFor();
  await look(admin, "act-signed-ru", found);
  await admin.context().close();
  await candidate.context().close();
  assert.deepEqual(found, []);
  await site.server.stop();
  rows(site.state, (db) => {
    const of = (id) => db.prepare("SELECT state, points FROM exam_attempt WHERE id = ?").get(id);
    assert.deepEqual({ ...of(people[0].id) }, { state: "scored", points: 6_000_000 });
    assert.equal(of(who.id).state, "annulled");
  });
  await site.restart();
});
