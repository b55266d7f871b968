// The whole way of a test: items come in from files, a form is made of them and published by another,
// three people sit in a room that is watched, one of them without a line for a while, one with more
// time; one appeals, the key changes, everybody is scored anew and told, and the psychometrician sees
// the curve of the item.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freePort } from "../../scripts/lib/server.mjs";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { rows } from "../lib/exam.mjs";
import { own } from "../lib/own.mjs";
import * as qr from "../lib/qr.mjs";
import { portal, root, tick } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";
import { zip } from "../lib/zip.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, `schemas/locales/${name}.json`), "utf8"));
const TEXTS = Object.assign({}, ...["cabinet", "cabinet_items", "cabinet_testing", "cabinet_judging", "cabinet_bank", "errors", "exam"].map(read));
const examPort = await freePort();
const site = portal("browser-testing", { gateway: true, exam: examPort, vars: { EXAM_ORIGIN: `http://127.0.0.1:${examPort}` } });
const chrome = browser();

const crew = Object.fromEntries([
  "item.author1", "item.reviewer1", "item.reviewer2", "language.editor", "bank.admin", "test.admin", "security.officer1",
  "test.proctor", "test.appeals1", "test.appeals2", "psychometrician", "hr.school1", "hr.school2", "head.school1",
].map((login) => [login, own(site, chrome, login)]));

/** A page of somebody's cabinet, with the words of this one. */
async function as(login, { lang = "kk", width = 1280 } = {}) {
  const page = await crew[login].open({ lang, width });
  page.t = (key, values = {}) => Object.entries(values).reduce((text, [from, to]) => text.replace(`{${from}}`, to), TEXTS[key][lang]);
  page.press = (key) => page.locator("main").getByRole("button", { name: page.t(key), exact: true }).first().click();
  page.said = (key) => page.locator(".toasts").getByText(page.t(key)).first().waitFor();
  return page;
}
const ready = async (page) => {
  await page.locator("#page-title").waitFor();
  await until(page, () => page.locator("main .waiting").count().then((n) => n === 0));
};
const SHOTS = [360, 768, 1280];
/** Pictures at three widths; at each nothing is wrong. */
async function look(page, name, found) {
  for (const width of SHOTS) {
    await page.setViewportSize({ width, height: 900 });
    for (const problem of await inspect(page)) found.push(`${name} ${width}: ${problem}`);
    await picture(page, `testing-${name}-${width}`);
  }
}

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
function qti(ident, lang, stem, options) {
  const choices = options.map((text, at) => `<simpleChoice identifier="${"abc"[at]}">${escape(text)}</simpleChoice>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="${ident}" title="${ident}" xml:lang="${lang}" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>b</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><p>${escape(stem)}</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">${choices}</choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/></assessmentItem>`;
}
function packed(items) {
  const resources = Object.keys(items).map((name, at) => `<resource identifier="r${at}" type="imsqti_item_xmlv2p2" href="${name}"><file href="${name}"/></resource>`).join("");
  return zip({ ...items, "imsmanifest.xml": `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/><resources>${resources}</resources></manifest>` });
}
/** Stem and options, Kazakh and Russian: the second option is the key. */
const ITEMS = {
  "JRN-1": [["Дидактика нені зерттейді?", ["тәрбие тарихын", "оқыту теориясын", "мектеп құқығын"]], ["Что изучает дидактика?", ["историю воспитания", "теорию обучения", "школьное право"]]],
  "JRN-2": [["Қалыптастырушы бағалау қашан жүргізіледі?", ["жыл соңында", "оқу барысында", "емтиханда"]], ["Когда проводится формирующее оценивание?", ["в конце года", "в ходе обучения", "на экзамене"]]],
  "JRN-3": [["Жақын даму аймағын кім сипаттады?", ["Пиаже", "Выготский", "Скиннер"]], ["Кто описал зону ближайшего развития?", ["Пиаже", "Выготский", "Скиннер"]]],
  "JRN-4": [["Оқу ынтасының ішкі түрі қайсысы?", ["жақсы баға", "танымдық қызығу", "ата-ана талабы"]], ["Какая учебная мотивация внутренняя?", ["хорошая отметка", "познавательный интерес", "требование родителей"]]],
};
const PACKAGE = packed(Object.fromEntries(Object.entries(ITEMS).slice(0, 3).flatMap(([code, [kk, ru]]) => [
  [`items/${code}-kk.xml`, qti(`${code}_kk`, "kk", ...kk)], [`items/${code}-ru.xml`, qti(`${code}_ru`, "ru", ...ru)],
])));
const gift = (code, [stem, options]) => `::${code}::${stem} {${options.map((text, at) => `${at === 1 ? "=" : "~"}${text}`).join(" ")}}\n\n`;
const GIFT = ["kk", "ru"].map((lang, at) => gift(`JRN-4_${lang}`, ITEMS["JRN-4"][at])).join("");
const TOPIC = "psychology/motivation";
const DISPUTED = "JRN-1";

/** The way of a version from draft to use, each step by whom it belongs to. */
async function intoUse(code) {
  const { items } = await crew["item.author1"].ask("GET", `bank/items?q=${code}`);
  const { id } = items.find((one) => one.code === code);
  const of = () => crew["item.author1"].ask("GET", `bank/items/${id}`);
  const first = await of();
  first.content.meta.topic = TOPIC;
  await crew["item.author1"].ask("PUT", `bank/items/${id}`, { content: first.content }, { "if-match": `"${first.version}"` });
  for (const [login, command] of [["item.author1", "submit"], ["item.reviewer1", "pass"], ["item.reviewer2", "pass"], ["language.editor", "pass"], ["bank.admin", "activate"]]) {
    const { version } = await of();
    await crew[login].ask("POST", `bank/items/${id}/commands`, { command }, { "if-match": `"${version}"` });
  }
  return id;
}

const state = {};

test("a QTI package and a GIFT file come in, and their items come into use", { timeout: 240_000 }, async () => {
  const page = await as("item.author1");
  for (const [name, bytes, n] of [["journey.zip", PACKAGE, 3], ["journey.gift", Buffer.from(GIFT), 1]]) {
    await page.to("/app/bank/import");
    await page.locator("#f-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
    await page.locator(".counts").getByText(page.t("bank.n_will", { n: String(n) }), { exact: true }).waitFor();
    await page.press("bank.take");
    await page.locator(".counts").getByText(page.t("bank.n_taken", { n: String(n) }), { exact: true }).waitFor();
  }
  await page.context().close();
  for (const code of Object.keys(ITEMS)) state[code] = await intoUse(code);
});

test("a form is written, told what is missing, mended, and published by another", { timeout: 240_000 }, async () => {
  const found = [];
  const page = await as("test.admin");
  await page.to("/app/testing/forms");
  await page.getByRole("link", { name: page.t("exam.new"), exact: true }).first().click();
  await page.locator("#f-title").fill("Байқау тесті");
  await page.locator('[id="f-title.ru"]').fill("Пробный тест");
  await page.locator("#f-purpose").selectOption("rehearsal");
  await page.locator("#f-group").selectOption("primary");
  // The part of the rules is there, with its fifty tasks.
  const count = page.locator('[id="f-sections.0.cells.0.count"]');
  await count.waitFor();
  assert.equal(await count.inputValue(), "50");
  await page.locator('[id="f-sections.0.cells.0.topic"]').selectOption(TOPIC);
  await page.getByText(page.t("exam.stock", { kk: "4", ru: "4" })).first().waitFor();
  await look(page, "form-new-kk", found);
  await page.press("exam.save");
  // The bank has four: in plain words, in both languages.
  await page.locator(".fits .notice.late li").first().waitFor();
  assert.equal(await page.locator(".fits .notice.late li").count(), 2);
  assert.match(await page.locator(".fits .notice.late li").first().innerText(), /50.*4/);
  await look(page, "form-short-kk", found);
  await page.getByRole("link", { name: page.t("exam.edit"), exact: true }).click();
  await count.waitFor();
  await count.fill("4");
  await page.press("exam.save");
  await until(page, () => page.locator(".fits .notice.done").count().then((n) => n === 2));
  state.form = page.url().split("/").at(-1);
  await page.context().close();

  const guard = await as("security.officer1", { lang: "ru" });
  await guard.to(`/app/testing/forms/${state.form}`);
  // It cannot be taken back: the first press only asks.
  await guard.press("exam.publish");
  await guard.getByText(guard.t("exam.publish_about")).waitFor();
  await guard.press("exam.publish");
  await guard.said("exam.published");
  await guard.getByRole("heading", { name: guard.t("exam.commitment") }).waitFor();
  await look(guard, "form-published-ru", found);
  await guard.context().close();
  assert.deepEqual(found, []);
});

const people = ["hr.school1", "hr.school2", "head.school1"];
const region = JSON.parse(fs.readFileSync(path.join(root, "schemas/demo/region.json"), "utf8"));
const personOf = (login) => region.people.find(({ id }) => id === region.accounts.find((one) => one.login === login).person);

test("a session is planned and three people are put down", { timeout: 240_000 }, async () => {
  const found = [];
  const page = await as("test.admin");
  await page.to("/app/testing");
  await page.locator("details.plan > summary").click();
  await page.locator("#f-exam").selectOption(state.form);
  if (!(await page.locator("#f-organisation").inputValue())) await page.locator("#f-organisation").selectOption({ index: 1 });
  await page.locator("#f-place").fill("Талдықорған, тест орталығы");
  await page.locator('[id="f-place.ru"]').fill("Талдыкорган, центр тестирования");
  await page.locator("#f-room").fill("12");
  await page.press("session.plan_do");
  // No moment was given: that is said at its field.
  await page.locator("#errors").waitFor();
  page.problems.length = 0;
  const local = new Date(Date.now() + 5 * 3600_000 + 3600_000).toISOString().slice(0, 16);
  await page.locator("#f-starts_at").fill(local);
  await page.press("session.plan_do");
  await page.waitForURL(/\/testing\/sessions\/\w{26}$/);
  await ready(page);
  state.session = page.url().split("/").at(-1);
  const lines = people.map((login, n) => [personOf(login).iin, n === 1 ? "рус" : "қаз", "moderator", n === 2 ? "иә" : "", `${n + 1}`].join("; "));
  await page.locator("#f-candidates").fill(["ЖСН; тілі; санаты", ...lines, "000000000000; қаз", "Айгүл Сәрсенова"].join("\n"));
  await page.getByText(page.t("people.read", { n: "5" })).waitFor();
  await page.press("people.put_down");
  // Two lines are wrong: nobody was put down, and which lines they are is said.
  await page.locator("#errors").getByText(/^4-жол/).waitFor();
  await page.locator("#errors").getByText(/^5-жол: ЖСН 12 цифр/).waitFor();
  page.problems.length = 0;
  await page.locator("#f-candidates").fill(lines.join("\n"));
  await page.press("people.put_down");
  await page.said("people.added");
  await until(page, () => page.locator("main tbody tr").count().then((n) => n === 3));
  await look(page, "session-kk", found);
  await page.to("/app/testing/sessions");
  await look(page, "sessions-kk", found);
  await page.context().close();
  assert.deepEqual(found, []);
});

/** The row of somebody in the room. */
const row = (page, login) => page.locator(".seats > li", { hasText: personOf(login).surname });
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

/** Answers the task that is shown: by its words, whatever the order of the options. */
async function answer(page, login, at) {
  const lang = login === "hr.school2" ? 1 : 0;
  const shown = await page.locator("main").innerText();
  const [code, both] = Object.entries(ITEMS).find(([, both]) => shown.includes(both[lang][0]));
  const right = code === DISPUTED ? at : 1;
  await page.getByLabel(both[lang][1][right], { exact: true }).check();
  return code;
}

test("three sit in a room that is watched; one is offline for a while, one gets more time; one appeals", { timeout: 480_000 }, async () => {
  const found = [];
  const proctor = await as("test.proctor");
  await proctor.to(`/app/testing/sessions/${state.session}/room`);
  await stands(proctor, people[0], "assigned");
  await look(proctor, "room-before-kk", found);
  // Check-in: who, rules, device; then a link for a device of the room.
  const links = {};
  for (const login of people) {
    const open = await sheet(proctor, login);
    const admit = open.getByRole("button", { name: proctor.t("watch.admit"), exact: true });
    assert.ok(await admit.isDisabled());
    for (const box of await open.locator(".tick input").all()) await box.check();
    if (login === people[0]) await look(proctor, "check-in-kk", found);
    await admit.click();
    await proctor.said("watch.admitted");
    await open.getByText(proctor.t("watch_state.admitted")).waitFor();
    await open.getByRole("button", { name: proctor.t("watch.make_link"), exact: true }).click();
    links[login] = await open.locator(".exam-link").innerText();
    await leave(proctor);
  }
  const sat = {};
  for (const login of people) {
    const lang = login === people[1] ? "ru" : "kk";
    const page = await chrome.page({ width: 360, lang });
    await page.addInitScript((chosen) => { try { localStorage.setItem("mansap.lang", chosen); } catch { /* none here */ } }, lang);
    await page.goto(links[login]);
    page.setDefaultTimeout(60_000);
    await page.locator("#agree").check();
    await page.locator("#begin").click();
    // A worker that is busy may not answer the first time: the page says so and one presses again.
    const failed = page.locator("[role=alert]");
    await until(page, async () => {
      if (await page.locator("h1#task").isVisible()) return true;
      if (await failed.first().isVisible()) await page.locator("#begin").click();
      return false;
    });
    sat[login] = page;
  }
  const saved = (page) => page.locator(".saved .tag.done").waitFor();
  const at = (page, n) => page.locator("h1#task", { hasText: new RegExp(`(^|\\D)${n}(\\D|$)`) }).waitFor();
  const next = (page) => page.locator(".steps-bar .button").nth(2).click();
  // The second is heard, then loses the line: that is seen in the room, and nothing is lost.
  const second = sat[people[1]];
  await answer(second, people[1], 2);
  await saved(second);
  await stands(proctor, people[1], "running");
  await row(proctor, people[1]).getByText(proctor.t("watch.far", { n: "1", of: "4" })).waitFor();
  await second.context().setOffline(true);
  await next(second);
  await at(second, 2);
  await answer(second, people[1], 2);
  await second.locator(".saved .unsent").waitFor();
  // The third gets more time: forty minutes by the rules, ten by the proctor.
  const extra = await sheet(proctor, people[2]);
  await extra.getByRole("button", { name: proctor.t("watch.extend"), exact: true }).click();
  await extra.getByText(proctor.t("watch.no_reason")).first().waitFor();
  await extra.locator("#f-why").fill("Құрылғы ауыстырылды");
  await extra.getByRole("button", { name: proctor.t("watch.extend"), exact: true }).click();
  await proctor.said("watch.extended");
  await leave(proctor);
  await row(proctor, people[2]).getByText(/1(29|30)/).waitFor();
  // The clock of the first stands still and goes on.
  const pause = await sheet(proctor, people[0]);
  await pause.locator("#f-why").fill("Өрт дабылы");
  await pause.getByRole("button", { name: proctor.t("watch.pause"), exact: true }).click();
  await proctor.said("watch.paused");
  await pause.getByText(proctor.t("watch_state.paused")).first().waitFor();
  await pause.locator("#f-why").fill("Дабыл басылды");
  await pause.getByRole("button", { name: proctor.t("watch.resume"), exact: true }).click();
  await proctor.said("watch.resumed");
  await leave(proctor);
  await stands(proctor, people[1], "offline");
  await proctor.getByRole("button", { name: new RegExp(proctor.t("watch_filter.attention")) }).click();
  await row(proctor, people[0]).waitFor({ state: "hidden" });
  assert.ok(await row(proctor, people[1]).isVisible());
  await look(proctor, "room-attention-kk", found);
  await proctor.getByRole("button", { name: new RegExp(proctor.t("watch_filter.all")) }).click();
  await row(proctor, people[0]).waitFor();
  await look(proctor, "room-kk", found);
  await second.context().setOffline(false);
  await saved(second);
  await stands(proctor, people[1], "running");
  for (const login of people) {
    const page = sat[login];
    const begun = login === people[1] ? 2 : 0;
    for (let n = begun; n < 4; n += 1) {
      if (n > 0) await next(page);
      await at(page, n + 1);
      // The first and the second choose the third option of the disputed item, the third the key.
      const code = await answer(page, login, login === people[2] ? 1 : 2);
      if (code === DISPUTED) page.disputed = n;
      await saved(page);
    }
    await page.getByRole("button", { name: login === people[1] ? "Все задания" : "Барлық тапсырмалар" }).click();
    await page.locator("#review").waitFor();
    await page.getByRole("button", { name: login === people[1] ? "Сдать тест" : "Тестті тапсыру" }).click();
    await page.locator("#sure").click();
    await page.locator("#result").waitFor();
  }
  await sat[people[0]].getByText("4 балдың 3 балы жиналды (75 %)").waitFor();
  await sat[people[2]].getByText("4 балдың 4 балы жиналды (100 %)").waitFor();
  // One appeals, from inside, against that task.
  const first = sat[people[0]];
  await first.locator("#appeal-task").selectOption({ value: String(first.disputed) });
  await first.locator("#appeal-reason").fill("Дидактика мектеп құқығын да қамтиды, 15-бетті қараңыз");
  await first.getByRole("button", { name: "Апелляция беру" }).click();
  await first.getByText(new RegExp(`Апелляция қабылданды, тапсырма: ${first.disputed + 1}`)).waitFor();
  // The page knows it when it is opened anew, and shows the task with one's own answer while appealing.
  await first.reload();
  await first.locator("#appealed").waitFor();
  await first.getByText(new RegExp(`Апелляция қабылданды, тапсырма: ${first.disputed + 1}`)).waitFor();
  await first.locator("#appeal-task").selectOption({ value: String(first.disputed) });
  assert.ok(await first.locator(".recalled input:checked").isDisabled());
  for (const login of people) await stands(proctor, login, "scored");
  for (const page of Object.values(sat)) await page.context().close();
  await proctor.context().close();
  assert.deepEqual(found, []);
});

test("the key changes by two signatures, and everybody is scored anew and told", { timeout: 240_000 }, async () => {
  const found = [];
  // While no task of the form is disputed: afterwards it takes no new session.
  const { organisation } = await crew["test.admin"].ask("GET", `exam-sessions/${state.session}`);
  const later = await crew["test.admin"].ask("POST", "exam-sessions", {
    exam: state.form, organisation, place: { kk: "Талдықорған", ru: "Талдыкорган" }, starts_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
  state.later = later.id;
  const one = await as("test.appeals1");
  await one.to("/app/testing");
  await look(one, "appeals-kk", found);
  await one.getByRole("link", { name: DISPUTED, exact: true }).click();
  await one.getByText("мектеп құқығын").first().waitFor();
  assert.ok(!(await one.locator("main").innerText()).includes(personOf(people[0]).surname), "no names");
  await one.locator("#f-decision").selectOption("key");
  await one.locator("#f-answers").getByLabel("мектеп құқығын", { exact: true }).check();
  await one.press("ruling.propose");
  // Without reasons there is no decision.
  await one.locator("#errors").waitFor();
  one.problems.length = 0;
  await look(one, "task-kk", found);
  await one.locator("#f-reason").fill("Оқулықтың 2026 жылғы басылымы бойынша үшінші жауап дұрыс.");
  await one.press("ruling.propose");
  await one.waitForURL(/\/testing\/rulings\/\w{26}$/);
  await one.getByText(one.t("ruling.second")).waitFor();
  state.ruling = one.url().split("/").at(-1);
  await one.context().close();

  const two = await as("test.appeals2", { lang: "ru" });
  await two.to(`/app/testing/rulings/${state.ruling}`);
  // What is signed is seen first: both keys, the appeal, who gains and who loses.
  await two.getByText(two.t("ruling.old_key"), { exact: true }).waitFor();
  await two.getByText(two.t("ruling.new_key"), { exact: true }).waitFor();
  await two.getByText("15-бетті қараңыз").waitFor();
  await two.getByText(/Балл вырастет: 2, снизится: 1/).waitFor();
  await look(two, "ruling-forecast-ru", found);
  await two.press("ruling.sign");
  await two.said("ruling.signed");
  await until(two, async () => {
    await tick(site);
    await two.reload();
    await ready(two);
    return (await two.locator("main tbody tr").count()) === 3;
  });
  // Two gain a point, one loses it.
  const column = (n) => two.locator(`main tbody tr > td:nth-child(${n})`).allInnerTexts();
  const [before, after] = [await column(2), await column(3)];
  const changes = before.map((points, n) => `${points.trim()}>${after[n].trim()}`).sort();
  assert.deepEqual(changes, ["3>4", "3>4", "4>3"]);
  await look(two, "ruling-ru", found);
  const [file] = await Promise.all([two.waitForEvent("download"), two.getByRole("link", { name: two.t("ruling.download"), exact: true }).click()]);
  const protocol = JSON.parse(fs.readFileSync(await file.path(), "utf8"));
  assert.equal(protocol.ruling, state.ruling);
  assert.notEqual(protocol.proposed_by, protocol.signed_by);
  await two.context().close();
  // Each is told, with points before and after.
  for (const login of people) {
    await until({ evaluate: () => tick(site) }, async () => {
      const { items } = await crew[login].ask("GET", "my/notices");
      return items.some(({ event }) => event === "exam.rescored");
    });
  }
  const person = await as(people[0], { width: 360 });
  await person.to("/app/my/inbox");
  await person.getByText(/3.*4/).first().waitFor();
  await picture(person, "testing-inbox-kk-360");
  // And finds the whole of it among one's own tests, with the way to it from the message.
  await person.getByRole("link", { name: /Тест нәтижесі өзгерді/ }).first().click();
  await person.waitForURL(/\/app\/my\/tests$/);
  await person.getByText(/4 балдан 4 балл/).first().waitFor();
  await person.getByText(/дұрыс жауап өзгертілді/).waitFor();
  await look(person, "my-tests-kk-360", found);
  await person.context().close();
  assert.deepEqual(found, []);
});

test("when nothing can be appealed any more the result becomes a certificate that anybody can check", { timeout: 240_000 }, async () => {
  const found = [];
  const [vacancy] = await publish(site, 1);
  // The window of appeals is over: as if the test had been two hours ago.
  await site.server.stop();
  rows(site.state, (db) => applied(db, vacancy.id));
  rows(site.state, (db) => db.prepare("UPDATE exam_attempt SET finished_at = ? WHERE finished_at IS NOT NULL").run(new Date(Date.now() - 2 * 3600_000).toISOString()));
  await site.restart();
  const codes = {};
  for (const [login, lang] of [[people[0], "kk"], [people[1], "ru"]]) {
    const page = await as(login, { lang, width: 360 });
    await page.goto(`${site.address}/${lang}/my-tests`);
    await page.getByRole("button", { name: page.t("mine.certificate"), exact: true }).click();
    // It is given out once: asked for again, the same one is shown.
    await page.waitForURL(/\/certificates\/[0-9A-Z-]+$/);
    const given = page.url();
    await page.goto(`${site.address}/${lang}/my-tests`);
    await page.getByRole("link", { name: page.t("mine.certificate_see"), exact: true }).first().click();
    await page.waitForURL(given);
    await page.locator("h1", { hasText: page.t("certificate.check") }).waitFor();
    await page.getByText(page.t("certificate.valid"), { exact: true }).waitFor();
    codes[lang] = page.url().split("/").at(-1);
    await page.getByText(personOf(login).surname).first().waitFor();
    await look(page, `certificate-${lang}`, found);
    await page.context().close();
  }
  assert.notEqual(codes.kk, codes.ru);
  // Anybody: by the code that is typed, with its dashes or without, and by what a camera reads.
  for (const lang of ["kk", "ru"]) {
    const page = await chrome.page({ width: 360, lang, script: false });
    const word = (key) => TEXTS[key][lang];
    await page.goto(`${site.address}/${lang}/certificates`);
    // One character is another.
    await page.locator("#code").fill(codes[lang].replace(/.$/, (last) => (last === "7" ? "8" : "7")));
    await page.getByRole("button", { name: word("certificate.look"), exact: true }).click();
    await page.getByRole("alert").getByText(word("certificate.slip")).waitFor();
    page.problems.length = 0;
    await page.locator("#code").fill(codes[lang].replaceAll("-", "").toLowerCase());
    await page.getByRole("button", { name: word("certificate.look"), exact: true }).click();
    await page.getByText(word("certificate.valid"), { exact: true }).waitFor();
    const drawn = page.getByRole("img", { name: word("certificate.qr") });
    const side = Number((await drawn.getAttribute("viewBox")).split(" ")[2]);
    const address = qr.text(await drawn.locator("path").nth(1).getAttribute("d"), side);
    assert.equal(address, `${site.address}/${lang}/certificates/${codes[lang]}`);
    await page.goto(address);
    await page.getByText(word("certificate.valid"), { exact: true }).waitFor();
    await picture(page, `testing-certificate-check-${lang}-360`);
    await page.context().close();
  }
  assert.deepEqual(found, []);
});

/** Names by number, of people who applied. */
const APPLIED = ["Асанова", "Бекова", "Ғалиева", "Досова"];

/** Applications for a competition: three were admitted, the fourth was not. */
function applied(db, vacancy) {
  const { organisation, procedure, edition } = db.prepare("SELECT organisation, procedure, edition FROM vacancy WHERE id = ?").get(vacancy);
  const now = new Date().toISOString();
  APPLIED.forEach((surname, n) => {
    const [person, account, id] = ["p", "a", "n"].map((kind) => `01k${kind}${String(n).padStart(22, "0")}`);
    db.prepare("INSERT INTO person (id, surname, name, lang, created_at) VALUES (?, ?, 'Әлия', ?, ?)").run(person, surname, n === 1 ? "ru" : "kk", now);
    db.prepare("INSERT INTO account (id, person, login, status, created_at, kind) VALUES (?, ?, ?, 'active', ?, 'applicant')").run(account, person, `applied${n}`, now);
    db.prepare("INSERT INTO application (id, number, vacancy, organisation, person, account, state, content, procedure, edition, sent, name, search, created_at, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, '{}', ?, ?, 1, ?, ?, ?, ?, ?)")
      .run(id, `2026-77${n}`, vacancy, organisation, person, account, n < 3 ? "admitted" : "checking", procedure, edition, `${surname} Әлия`, surname.toLowerCase(), now, account, now);
  });
}

test("those whom a competition admitted are put down for a session by a press", { timeout: 240_000 }, async () => {
  const found = [];
  const id = state.later;
  const page = await as("test.admin", { lang: "ru" });
  await page.to(`/app/testing/sessions/${id}`);
  await page.press("applicants.choose");
  await page.locator("main").getByText(page.t("applicants.counts", { n: "3", m: "0" })).waitFor();
  await page.locator("main input[name=competition]").first().check();
  const one = (surname) => page.locator("main li", { hasText: surname });
  await one(APPLIED[0]).waitFor();
  await page.locator("main").getByText(page.t("applicants.chosen", { n: "3" })).waitFor();
  assert.equal(await one(APPLIED[3]).count(), 0, "who was not admitted is not offered");
  assert.deepEqual(await Promise.all([0, 1].map((n) => one(APPLIED[n]).locator("select").inputValue())), ["kk", "ru"]);
  await one(APPLIED[2]).locator("input").uncheck();
  await one(APPLIED[0]).locator("select").selectOption("ru");
  await page.locator("main").getByText(page.t("applicants.chosen", { n: "2" })).waitFor();
  await look(page, "applicants-ru", found);
  await page.press("people.put_down");
  await page.locator(".toasts").getByText(page.t("applicants.put", { n: "2" })).waitFor();
  await until(page, () => page.locator("main tbody tr").count().then((n) => n === 2));
  // Asked for again, they are named as being in it already.
  await page.press("applicants.choose");
  await page.locator("main").getByText(page.t("applicants.counts", { n: "3", m: "2" })).waitFor();
  await page.locator("main input[name=competition]").first().check();
  await until(page, () => page.locator("main li .tag.mute", { hasText: page.t("applicants.seated") }).count().then((n) => n === 2));
  await page.context().close();
  assert.deepEqual(found, []);
});

/** Answers of many more, so that there is something to estimate: abler people are more often right. */
function crowd(db) {
  const { exam, session, person } = db.prepare("SELECT exam, session, person FROM exam_attempt LIMIT 1").get();
  const attempt = db.prepare("INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state, finished_at, scoring) VALUES (?, ?, ?, ?, ?, ?, ?, 'scored', '2026-01-05T05:00:00.000Z', 1)");
  const response = db.prepare("INSERT INTO exam_response (attempt, n, item, version, lang, answer, points, most) VALUES (?, ?, ?, ?, ?, ?, ?, 1000000)");
  const items = db.prepare("SELECT DISTINCT item, version FROM exam_slot ORDER BY item").all();
  let seed = 7;
  const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  db.exec("BEGIN");
  for (let n = 0; n < 400; n += 1) {
    const id = `01jf${String(n).padStart(22, "0")}`;
    const lang = n % 2 ? "ru" : "kk";
    attempt.run(id, exam, session, person, `crowd-${n}`, lang, `crowd-${n}`);
    const able = chance() + chance() + chance() + chance() - 2;
    items.forEach(({ item, version }, k) => {
      const right = chance() < 1 / (1 + Math.exp(-1.5 * (2 * able - (k - 1.5) * 0.6)));
      response.run(id, k, item, version, lang, JSON.stringify({ options: [right ? "b" : "a"] }), right ? 1_000_000 : 0);
    });
  }
  db.exec("COMMIT");
}

test("the psychometrician asks for an analysis and sees the curve of the item", { timeout: 300_000 }, async () => {
  const found = [];
  await site.server.stop();
  rows(site.state, crowd);
  await site.restart();
  const page = await as("psychometrician", { lang: "ru" });
  await page.to("/app/testing");
  await page.locator("#f-exam").selectOption(state.form);
  await page.press("analysis.ask_do");
  await page.said("analysis.asked_for");
  await page.locator("main tbody a").first().click();
  await page.waitForURL(/\/analyses\/\w{26}$/);
  // Steps of a queue on a machine that may be slow.
  const done = page.getByRole("heading", { name: page.t("analysis.items") });
  for (const end = Date.now() + 180_000; (await done.count()) === 0;) {
    assert.ok(Date.now() < end, "the analysis did not come to an end");
    await tick(site);
    await page.reload();
    await ready(page);
  }
  await until(page, () => page.locator("main .plot img").count().then((n) => n === 3));
  await look(page, "analysis-ru", found);
  await page.getByRole("link", { name: DISPUTED, exact: true }).click();
  const curve = page.locator("main .plot img").first();
  await curve.waitFor();
  assert.ok(await curve.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), "the curve is drawn");
  assert.ok((await curve.getAttribute("alt")).length > 20);
  await page.locator("main .plot details summary").first().click();
  assert.ok((await page.locator("main .plot tbody tr").count()) > 3);
  await look(page, "item-ru", found);
  await page.context().close();
  assert.deepEqual(found, []);
});

test("two forms come onto one scale, with a table and a curve", { timeout: 240_000 }, async () => {
  const found = [];
  await site.server.stop();
  // The same exam analysed a second time.
  rows(site.state, (db) => {
    const one = db.prepare("SELECT * FROM analysis WHERE state = 'done' LIMIT 1").get();
    const two = { ...one, id: "01jg0000000000000000000001", created_at: "2026-01-06T05:00:00.000Z" };
    const names = Object.keys(two);
    db.prepare(`INSERT INTO analysis (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`).run(...Object.values(two));
  });
  await site.restart();
  const page = await as("psychometrician");
  await page.to("/app/testing/analyses");
  await page.getByRole("link", { name: page.t("equate.open"), exact: true }).click();
  await page.waitForURL(/\/analyses\/equate$/);
  await until(page, () => page.locator("#f-from option").count().then((n) => n === 3));
  await page.locator("#f-from").selectOption({ index: 1 });
  await page.locator("#f-to").selectOption({ index: 1 });
  await page.press("equate.do");
  await page.locator("#errors").getByText(page.t("field.same_form")).waitFor();
  page.problems.length = 0;
  await page.locator("#f-to").selectOption({ index: 2 });
  await page.press("equate.do");
  const curve = page.locator("main .plot img");
  await curve.waitFor();
  assert.ok(await curve.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), "the curve is drawn");
  await page.getByText("y = 1 · x + 0").waitFor();
  // Five scores of four tasks; each is worth itself.
  assert.equal(await page.locator("main .plot tbody tr").count(), 5);
  await look(page, "equating-kk", found);
  await page.context().close();
  const russian = await as("psychometrician", { lang: "ru" });
  await russian.to("/app/testing/analyses/equate");
  await look(russian, "equating-ru", found);
  await russian.context().close();
  assert.deepEqual(found, []);
});
