// A candidate at the page of tests, on the real worker: on a bad line, without one, in two tabs, and
// when the time runs out while nobody is there.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { startExam } from "../../scripts/lib/server.mjs";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { admit, older, rows, sha256, stage, ulid } from "../lib/exam.mjs";
import { freshState, root } from "../lib/portal.mjs";

const people = ["kk", "ru", "kk", "kk", "ru", "ru", "ru", "ru"].map((lang, n) => ({
  id: ulid(100 + n), candidate: `k-${n}`, token: sha256(`candidate ${n}`), lang, state: n === 1 ? "assigned" : "admitted",
}));
const HOUR = 3600_000;

const TEXTS = JSON.parse(fs.readFileSync(path.join(root, "schemas/locales/cabinet_sitting.json"), "utf8"));
/** The page's own words in a language. */
const words = (lang) => (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), TEXTS[key][lang]);

/** What a page without a line says in the console is no fault of the page. */
const calm = (page) => {
  page.problems = page.problems.filter((one) => !/net::ERR|WebSocket|Failed to load resource|\/a\//.test(one));
};

describe("sitting a test", { timeout: 400_000 }, () => {
  const site = {};
  const chromium = browser();
  const run = async () => {
    site.server = await startExam({ state: site.state, port: site.port });
    site.port = site.server.port;
  };
  before(async () => {
    site.state = freshState("exam-page");
    stage(site.state, people, { calculator: true });
    await run();
  });
  after(async () => {
    await site.server?.stop();
    if (site.state) fs.rmSync(site.state, { recursive: true, force: true });
  });

  const link = ({ id, token }) => `${site.server.address}/app/#${id}.${token}`;
  async function enter(who, more = {}) {
    const page = await chromium.page({ width: 360, lang: who.lang, ...more });
    await page.addInitScript(`try { localStorage.setItem("mansap.lang", ${JSON.stringify(who.lang)}); } catch {}`);
    await page.clock.install();
    await page.goto(link(who));
    return page;
  }
  async function begin(page) {
    await page.locator("#agree").check();
    await page.locator("#begin").click();
    await page.locator("h1#task").waitFor();
  }
  const next = (page) => page.locator(".steps-bar .button").nth(2).click();
  const saved = (page) => page.locator(".saved .tag.done").waitFor();
  const look = async (page, name) => {
    await picture(page, `exam-${name}`);
    calm(page);
    assert.deepEqual(await inspect(page), [], name);
  };
  /** A line as slow as in a village, or none. */
  const throttled = async (page) => {
    const session = await page.context().newCDPSession(page);
    return (there) => session.send("Network.emulateNetworkConditions", { offline: !there, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
  };
  const at = (page, n) => page.locator("h1#task", { hasText: new RegExp(`(^|\\D)${n}(\\D|$)`) }).waitFor();

  /** Answers of the six kinds, as the key wants them. */
  const answers = [
    (page, ru) => page.getByLabel(ru ? "восемь" : "сегіз", { exact: true }).check(),
    async (page, ru) => {
      await page.getByLabel(ru ? "пять" : "бес", { exact: true }).check();
      await page.getByLabel(ru ? "семь" : "жеті", { exact: true }).check();
    },
    async (page, ru) => {
      await page.getByLabel("2 + 2").selectOption(ru ? "четыре" : "төрт");
      await page.getByLabel("3 × 3").selectOption(ru ? "девять" : "тоғыз");
    },
    async (page) => {
      // three, one, two: the first goes down twice, by keyboard.
      await page.locator(".order li").nth(0).locator("button").nth(1).press("Enter");
      await page.locator(".order li").nth(1).locator("button").nth(1).press("Enter");
    },
    (page) => page.locator("#answer").fill("0,5"),
    (page) => page.locator("#gap-1").fill("астана"),
  ];

  for (const who of [people[0], people[5]]) test(`ten minutes without a line, and nothing is lost (${who.lang})`, async () => {
    const [ru, t] = [who.lang === "ru", words(who.lang)];
    const waiting = (page) => page.locator(".saved .unsent", { hasText: t(`saved.device.${ru ? "few" : "many"}`, { n: 4 }) }).waitFor();
    const page = await enter(who);
    await page.locator("#begin").waitFor();
    await look(page, `check-in-${who.lang}`);
    await begin(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const line = await throttled(page);
    await line(true);
    await answers[0](page, ru);
    await saved(page);
    await look(page, `single-${who.lang}`);
    await next(page);
    await at(page, 2);
    await answers[1](page, ru);
    await saved(page);
    // The line is gone. What a browser calls offline leaves an open socket alone, so nobody answers
    // any more either.
    await line(false);
    await site.server.stop();
    for (const n of [2, 3, 4, 5]) {
      await next(page);
      await at(page, n + 1);
      await answers[n](page, ru);
    }
    await waiting(page);
    await look(page, `offline-${who.lang}`);
    await page.clock.fastForward(10 * 60_000);
    await waiting(page);
    // The page is opened anew without a line and goes on.
    await page.reload();
    await page.locator("h1#task").waitFor();
    await waiting(page);
    await page.getByRole("button", { name: t("task.all") }).click();
    await page.locator("#review").waitFor();
    assert.equal(await page.locator(".cell.full").count(), 6);
    await look(page, `review-${who.lang}`);
    await run();
    await line(true);
    await saved(page);
    await page.getByRole("button", { name: t("review.finish") }).click();
    await page.locator("#sure").click();
    await page.locator("#result").waitFor();
    await page.getByText(t("result.sum", { n: 6, most: 6, percent: 100 })).waitFor();
    await look(page, `result-${who.lang}`);
    // An appeal from inside, with a reason that is one.
    await page.locator("#appeal-reason").fill("мало");
    await page.getByRole("button", { name: t("appeal.send") }).click();
    await page.getByText(t("appeal_no.too_short")).waitFor();
    await page.locator("#appeal-reason").fill("Оқулықта басқаша жазылған, 15-бетті қараңыз");
    await page.getByRole("button", { name: t("appeal.send") }).click();
    await page.getByText(t("appeal.sent", { tasks: 1 })).waitFor();
    await page.context().close();
  });

  /** The calculator: by its keys, by the keyboard, and it stays as it is from task to task. */
  async function reckon(page) {
    const panel = page.locator(".calculator");
    await panel.locator("summary").click();
    for (const name of ["корень", "открывающая скобка", "9", "плюс", "1", "6", "закрывающая скобка", "разделить", "4"]) await panel.getByRole("button", { name, exact: true }).click();
    await panel.getByRole("button", { name: "Вычислить", exact: true }).click();
    await panel.locator("output", { hasText: "= 1,25" }).waitFor();
    await look(page, "calculator-ru");
    await next(page);
    await at(page, 2);
    assert.equal(await panel.getByLabel("Выражение").inputValue(), "√(9+16)÷4");
    await page.locator(".steps-bar .button").first().click();
    await at(page, 1);
    await panel.getByLabel("Выражение").fill("2 : 0");
    await panel.getByLabel("Выражение").press("Enter");
    await panel.locator("output", { hasText: "нет значения" }).waitFor();
    await panel.getByRole("button", { name: "Стереть всё" }).click();
    await panel.locator("summary").click();
  }

  test("nobody begins before they were let in; in Russian, with every kind", async () => {
    const who = people[1];
    const page = await enter(who);
    await page.locator("#begin").click();
    await page.getByText("Сначала прочитайте правила").waitFor();
    await page.locator("#agree").check();
    await page.locator("#begin").click();
    await page.getByText("Проктор вас ещё не допустил").waitFor();
    calm(page);
    await look(page, "not-admitted-ru");
    await site.server.stop();
    admit(site.state, who.id);
    await run();
    await page.locator("#begin").click();
    // A worker that has just come back may not answer the first time: the page says so and one
    // presses again.
    const failed = page.locator("[role=alert]", { hasText: /Нет связи|Сервер сейчас/ });
    await until(page, async () => {
      if ((await failed.isVisible()) && (await page.locator("#begin").isEnabled())) await page.locator("#begin").click();
      return page.locator("h1#task").isVisible();
    });
    await reckon(page);
    for (const n of [0, 1, 2, 3, 4, 5]) {
      await at(page, n + 1);
      await answers[n](page, true);
      await look(page, `task-${n + 1}-ru`);
      if (n < 5) await next(page);
    }
    await saved(page);
    await page.locator(".flagged").click();
    await next(page);
    await page.locator("#review").waitFor();
    await look(page, "review-ru");
    await page.getByRole("button", { name: "Сдать тест" }).click();
    await page.locator("#sure").click();
    await page.getByText("6 из 6 баллов (100 %)").waitFor();
    await look(page, "result-ru");
    await page.context().close();
  });

  for (const who of [people[2], people[6]]) test(`a second tab takes over, the first one is told and may take it back (${who.lang})`, async () => {
    const [ru, t] = [who.lang === "ru", words(who.lang)];
    const first = await enter(who);
    await begin(first);
    await answers[0](first, ru);
    await saved(first);
    const second = await first.context().newPage();
    second.problems = [];
    await second.goto(link(who));
    await second.locator("h1#task").waitFor();
    assert.ok(await second.getByLabel(ru ? "восемь" : "сегіз", { exact: true }).isChecked());
    await first.getByText(t("replaced.title")).waitFor();
    await look(first, `replaced-${who.lang}`);
    await next(second);
    await answers[1](second, ru);
    await second.locator(".saved .tag.done").waitFor();
    await first.getByRole("button", { name: t("replaced.back") }).click();
    await first.locator("h1#task").waitFor();
    await second.getByText(t("replaced.title")).waitFor();
    await first.getByRole("button", { name: t("task.all") }).click();
    await first.locator("#review").waitFor();
    assert.equal(await first.locator(".cell.full").count(), 2);
    await first.context().close();
  });

  for (const who of [people[3], people[7]]) test(`the time runs out while the page is offline (${who.lang})`, async () => {
    const [ru, t] = [who.lang === "ru", words(who.lang)];
    const page = await enter(who);
    await begin(page);
    await answers[0](page, ru);
    await saved(page);
    const line = await throttled(page);
    await line(false);
    await site.server.stop();
    await next(page);
    await at(page, 2);
    await answers[1](page, ru);
    await page.locator(".saved .unsent").waitFor();
    await page.clock.fastForward(3 * HOUR);
    await page.getByRole("heading", { name: t("over.time") }).waitFor();
    await page.locator(".unsent").waitFor();
    await look(page, `time-over-${who.lang}`);
    older(site.state, who.id, 3 * HOUR);
    await run();
    await line(true);
    await page.locator("#result").waitFor();
    // What came in time counts; what came too late is kept, and said.
    await page.getByText(t("result.sum", { n: 1, most: 6, percent: 16 })).waitFor();
    await page.locator(".notice.wait").waitFor();
    await look(page, `late-${who.lang}`);
    await page.context().close();
  });

  test("practice needs no link, and a wrong link says so", async () => {
    const page = await chromium.page({ width: 360, lang: "kk" });
    await page.goto(`${site.server.address}/`);
    await page.getByRole("heading", { name: "Тест тапсыру" }).waitFor();
    await look(page, "start-kk");
    await page.getByRole("button", { name: "Жаттығу", exact: true }).click();
    await page.locator("h1#task").waitFor();
    await page.getByLabel("7", { exact: true }).check();
    for (let n = 2; n <= 6; n += 1) {
      await next(page);
      await at(page, n);
    }
    await look(page, "practice-kk");
    await next(page);
    await page.locator("#review").waitFor();
    assert.equal(await page.locator(".cell.full").count(), 1);
    await page.getByRole("button", { name: "Жаттығуды аяқтау" }).click();
    await page.getByRole("heading", { name: "Тест тапсыру" }).waitFor();
    await page.goto(`${site.server.address}/app/#${ulid(999)}.${"0".repeat(64)}`);
    await page.reload();
    await page.getByRole("heading", { name: "Бұл сілтеме жұмыс істемейді" }).waitFor();
    calm(page);
    await look(page, "closed-kk");
    await page.context().close();
  });

  test("the database has what the pages were told", async () => {
    await site.server.stop();
    rows(site.state, (db) => {
      const all = db.prepare("SELECT id, state, points, scoring FROM exam_attempt").all();
      const of = (n) => all.find(({ id }) => id === people[n].id);
      for (const n of [0, 1, 5]) assert.deepEqual([of(n).state, of(n).points, of(n).scoring], ["scored", 6_000_000, 1]);
      for (const n of [3, 7]) assert.deepEqual([of(n).state, of(n).points], ["scored", 1_000_000]);
      for (const n of [2, 6]) assert.equal(of(n).state, "running");
      assert.equal(db.prepare("SELECT count(*) AS n FROM exam_appeal").get().n, 2);
    });
    await run();
  });
});
