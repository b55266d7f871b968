// The service desk: a guest writes, the desk answers, the guest reads the answer and scores it.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, picture } from "../lib/browser.mjs";
import { accounts, admit, ready, spoken, texts } from "../lib/cabinet.mjs";
import { portal, root } from "../lib/portal.mjs";

const PUBLIC = texts("public", "feedback");

const site = portal("browser-desk");
const chrome = browser();

const staff = accounts(site, chrome, texts("cabinet", "cabinet_administration"));
/** A page of the cabinet for the desk's operator. */
const office = (how) => staff.open("support.desk", { lang: "ru", ...how });

async function guest({ lang = "kk", ...more } = {}) {
  const page = await chrome.page({ lang, ...more });
  page.t = spoken(PUBLIC, lang);
  return page;
}

const field = (page, name) => page.locator(`[id="f-${name}"]`);
const clean = async (page, what) => assert.deepEqual(await inspect(page), [], what);

/** Writes to the desk as a guest: the browser works for it. Returns the address of the ticket's page. */
async function write(page, text, { lang = "kk", topic = "question", from = "/kk/vacancies" } = {}) {
  await page.goto(`${site.address}/${lang}/feedback?from=${encodeURIComponent(from)}`);
  await page.locator(`input[value="${topic}"]`).check();
  await page.locator("#text").fill(text);
  await page.getByRole("button", { name: page.t("send") }).click();
  await page.waitForURL(/\/feedback\/T-\d+\/[\w-]+\?sent=1$/);
  return page.url().replace("?sent=1", "");
}

const number = (address) => /T-\d+/.exec(address)[0];

for (const [lang, width] of [["kk", 360], ["ru", 1280]]) {
  test(`a guest writes, the desk answers, the guest reads and scores, ${lang} at ${width} px`, async () => {
    const page = await guest({ lang, width });
    await page.goto(`${site.address}/${lang}/feedback`);
    await clean(page, "the form");
    await picture(page, `feedback-${lang}-${width}`);
    const address = await write(page, `Сүзгі аудан бойынша іздемейді. ${lang}\nҚалай табуға болады?`, { lang, topic: "problem" });
    await page.getByText(page.t("sent"), { exact: true }).waitFor();
    await clean(page, "the ticket's page");
    await picture(page, `ticket-sent-${lang}-${width}`);

    const desk = await office({ lang, width });
    await desk.to("/app/desk");
    await desk.getByRole("link", { name: number(address), exact: true }).waitFor();
    await clean(desk, "the queue");
    await picture(desk, `desk-queue-${lang}-${width}`);
    await desk.getByRole("link", { name: number(address), exact: true }).click();
    await desk.waitForURL(/\/app\/desk\/\w+$/);
    await ready(desk);
    await desk.getByText("Сүзгі аудан бойынша іздемейді.").first().waitFor();
    await desk.press("desk.take");
    await desk.said("desk.done.take");
    // A note is a text of its own and stays inside.
    await desk.locator('input[name="mode"][value="note"]').check();
    await field(desk, "text").fill("Ішкі ескерту: сүзгіні тексеру керек");
    await desk.locator('input[name="mode"][value="resolve"]').check();
    assert.equal(await field(desk, "text").inputValue(), "");
    await field(desk, "text").fill("«Аудан» сүзгісі тізімнің сол жағында.");
    await clean(desk, "a ticket");
    await picture(desk, `desk-ticket-${lang}-${width}`);
    // What is typed is there after a reload.
    await desk.reload();
    await ready(desk);
    assert.equal(await field(desk, "text").inputValue(), "«Аудан» сүзгісі тізімнің сол жағында.");
    await desk.locator('input[name="mode"][value="note"]').check();
    await desk.press("desk.note_send");
    await desk.said("desk.done.note");
    await field(desk, "article").selectOption("find");
    await field(desk, "text").press("Control+Enter");
    await desk.said("desk.done.resolve");
    await desk.locator("main .tag", { hasText: desk.t("desk.state.resolved") }).first().waitFor();
    assert.equal(await field(desk, "text").inputValue(), "");
    assert.equal(await desk.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("mansap.draft.")).length), 0);

    await page.goto(address);
    const shown = await page.locator("main").innerText();
    assert.match(shown, /сүзгісі тізімнің сол жағында/);
    assert.doesNotMatch(shown, /Ішкі ескерту/);
    await clean(page, "the answer");
    await picture(page, `ticket-answered-${lang}-${width}`);
    await page.locator('input[name="score"][value="5"]').check();
    await page.locator("#score_text").fill("Тез жауап берді");
    await page.getByRole("button", { name: page.t("score.send"), exact: true }).click();
    await page.getByText(page.t("score.yours", { n: "5" })).waitFor();
    await clean(page, "the score");
    await desk.reload();
    await ready(desk);
    await desk.getByText("Тез жауап берді").waitFor();
    assert.deepEqual([...page.problems, ...desk.problems], []);
    await page.context().close();
    await desk.context().close();
  });
}

test("two operators: the second sees what the first did and keeps the answer", async () => {
  const page = await guest();
  const address = await write(page, "Құжатымды қайда көремін?");
  const [first, second] = [await office(), await office()];
  await first.to(`/app/desk?q=${number(address)}`);
  await first.getByRole("link", { name: number(address), exact: true }).click();
  await first.waitForURL(/\/app\/desk\/\w+$/);
  await ready(first);
  const where = new URL(first.url()).pathname;
  await second.to(where);
  await field(second, "text").fill("Жауап дайын");
  await first.locator('input[name="mode"][value="ask"]').check();
  await field(first, "text").fill("Қай өтініміңіз?");
  await first.press("desk.ask_send");
  await first.said("desk.done.ask");
  second.expected = `${site.address}/api/v1/cabinet/desk/tickets/${where.split("/").at(-1)}/commands`;
  await second.press("desk.answer_send");
  const changed = second.locator("#changed");
  await changed.waitFor();
  const [was, is] = ["desk.state.new", "desk.state.waiting"].map((key) => second.t(key));
  assert.match(await changed.innerText(), new RegExp(`${was} → ${is}`));
  await second.getByText("Қай өтініміңіз?").waitFor();
  assert.equal(await field(second, "text").inputValue(), "Жауап дайын");
  // The refusal was expected; the console reports it, too.
  second.problems.length = 0;
  await clean(second, "what changed");
  await picture(second, "desk-changed");
  await second.press("desk.answer_send");
  await second.said("desk.done.resolve");
  for (const one of [page, first, second]) await one.context().close();
});

test("a duplicate becomes part of the first, and the queue is sifted by its address", async () => {
  const page = await guest({ lang: "ru" });
  const main = await write(page, "Не открывается страница вакансии", { lang: "ru", topic: "problem" });
  const twin = await write(page, "Страница вакансии не открывается", { lang: "ru", topic: "problem" });
  const desk = await office();
  await desk.to("/app/desk?topic=problem");
  await field(desk, "q").fill(number(twin));
  await field(desk, "q").press("Enter");
  await desk.waitForURL(/q=T-/);
  await desk.waitForFunction(() => document.querySelectorAll("table tbody tr").length === 1);
  assert.equal(await field(desk, "topic").inputValue(), "problem");
  await desk.getByRole("link", { name: number(twin), exact: true }).click();
  await desk.waitForURL(/\/app\/desk\/\w+$/);
  await ready(desk);
  await field(desk, "severity").selectOption("high");
  await desk.press("desk.severity_set");
  await desk.said("desk.done.severity");
  await desk.press("desk.merge");
  await desk.locator("dialog[open]").waitFor();
  await desk.press("desk.merge_do");
  await desk.locator("dialog #errors").waitFor();
  await clean(desk, "merging");
  await field(desk, "into").fill(number(main).slice(2));
  await desk.press("desk.merge_do");
  await desk.said("desk.done.merge");
  await desk.getByText(desk.t("desk.merged_into", { number: number(main) })).waitFor();
  await desk.goBack();
  await ready(desk);
  await desk.getByText(desk.t("desk.none_found")).waitFor();
  await desk.getByRole("link", { name: desk.t("desk.clear") }).click();
  await desk.getByRole("link", { name: number(main), exact: true }).waitFor();
  assert.equal(await field(desk, "q").inputValue(), "");
  assert.deepEqual([...page.problems, ...desk.problems], []);
  await page.context().close();
  await desk.context().close();
});

test("a guest sends a screenshot, and a page that calls itself one is refused without losing a word", async () => {
  const page = await guest({ lang: "kk", width: 360 });
  await page.goto(`${site.address}/kk/feedback`);
  await page.locator('input[value="problem"]').check();
  await page.locator("#text").fill("Батырма көрінбейді");
  await page.locator("#screenshot").setInputFiles({ name: "экран.png", mimeType: "image/png", buffer: Buffer.from("<!doctype html><script>1</script>") });
  page.expected = `${site.address}/kk/feedback`;
  await page.getByRole("button", { name: page.t("send") }).click();
  await page.locator("#screenshot-error").waitFor();
  assert.equal(await page.locator("#text").inputValue(), "Батырма көрінбейді");
  page.problems.length = 0;
  await clean(page, "the refusal");
  await picture(page, "feedback-screenshot-refused");
  await page.locator("#screenshot").setInputFiles(path.join(root, "frontend/static/icon-192.png"));
  await page.getByRole("button", { name: page.t("send") }).click();
  await page.waitForURL(/\/feedback\/T-\d+\/[\w-]+\?sent=1$/);
  const desk = await office({ lang: "kk" });
  await desk.to("/app/desk");
  await desk.getByRole("link", { name: number(page.url()), exact: true }).click();
  await desk.getByRole("button", { name: desk.t("desk.file_open"), exact: true }).waitFor();
  await page.context().close();
  await desk.context().close();
});

test("without scripts the page offers to sign in, and what was typed is sent after that", async () => {
  const page = await guest({ lang: "ru", script: false });
  await page.goto(`${site.address}/ru/feedback`);
  const offer = page.locator("noscript a, .notice a").first();
  await offer.waitFor();
  assert.match(await offer.getAttribute("href"), /^\/ru\/enter\?next=/);
  await picture(page, "feedback-no-script");
  await page.locator('input[value="question"]').check();
  await page.locator("#text").fill("Строка первая\n  и вторая");
  page.expected = `${site.address}/ru/feedback`;
  const send = page.getByRole("button", { name: page.t("send") });
  await send.click();
  await page.locator(".errors").waitFor();
  assert.equal(await page.locator("#text").inputValue(), "Строка первая\n  и вторая");
  await picture(page, "feedback-no-script-refused");
  await admit(page, site, await staff.cookie("hr.school1"));
  await send.click();
  await page.waitForURL(/\/ru\/feedback\/T-\d+\//);
  await page.getByText("и вторая").waitFor();
  await page.context().close();
});

test("feedback is at hand on every screen of the cabinet and knows the screen and the person", async () => {
  const desk = await office({ lang: "kk", width: 360 });
  await desk.to("/app/desk?q=secret");
  const opened = desk.context().waitForEvent("page");
  await desk.locator("footer a", { hasText: desk.t("shell.feedback") }).click();
  const page = await opened;
  await page.waitForLoadState();
  assert.equal(new URL(page.url()).pathname, "/kk/feedback");
  assert.equal(await page.locator('input[name="screen"]').inputValue(), "/app/desk");
  assert.match(await page.locator("main").innerText(), /Төлегенова Айдана/);
  await picture(page, "feedback-signed-in");
  await desk.context().close();
});

for (const lang of ["kk", "ru", "en"]) {
  test(`entering and writing in ${lang} at three widths`, async () => {
    const page = await guest({ lang });
    const shown = async (name) => {
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await clean(page, `${name} at ${width} px`);
        await picture(page, `${name}-${lang}-${width}`);
      }
    };
    await page.goto(`${site.address}/${lang}/feedback`);
    await shown("public-feedback");
    await page.goto(`${site.address}/${lang}/enter`);
    await shown("public-enter");
    await page.context().close();
  });
}
