// Tasks with pictures and formulas at the page of tests: by touch, by keyboard, by what a reader hears,
// without a line; and nobody gets a picture, or sees one, before its task.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, test } from "node:test";
import { startExam } from "../../scripts/lib/server.mjs";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { media, rows, sha256, stage, ulid } from "../lib/exam.mjs";
import { png } from "../lib/png.mjs";
import { freshState } from "../lib/portal.mjs";

// The first one asked for sign language: that is one more file.
const people = ["kk", "ru"].map((lang, n) => ({ id: ulid(200 + n), candidate: `p-${n}`, token: sha256(`picture ${n}`), lang, sign: n === 0 ? 1 : 0, files: n === 0 ? 3 : 2 }));
const CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:05.000\nСуретте не бейнеленген?";

/** Three fields beside each other. */
const MAP = png(600, 300, (x) => [[190, 214, 236], [236, 222, 190], [200, 230, 200]][Math.floor(x / 200)]);
/** A dark disc on white, to the right. */
const DISC = png(400, 200, (x, y) => ((x - 300) ** 2 + (y - 100) ** 2 < 40 ** 2 ? [30, 60, 90] : [250, 250, 250]));

const p = (...parts) => [{ p: parts.map((part) => (typeof part === "string" ? { t: part } : part)) }];
const fraction = (a, b) => ({ math: { e: "math", c: [{ e: "mfrac", c: [{ e: "mn", t: a }, { e: "mn", t: b }] }] } });
const area = (id, left, name) => ({ id, shape: { rect: [left, 20, left + 180, 280] }, name });
const WORDS = {
  kk: {
    map: ["Сызбада ортаңғы алаңды көрсетіңіз.", "Үш алаңның сызбасы", ["сол жақ шеті", "екі шетінің арасы", "оң жақ шеті"]],
    disc: ["Суретте не бейнеленген?", "Ақ фондағы қара дөңгелек", ["дөңгелек", "шаршы"]], match: "Бөлшекті ондық санмен сәйкестендіріңіз.",
  },
  ru: {
    map: ["Покажите на схеме среднее поле.", "Схема трёх полей", ["левый край", "между краями", "правый край"]],
    disc: ["Что изображено?", "Тёмный круг на белом фоне", ["круг", "квадрат"]], match: "Соотнесите десятичную дробь и обыкновенную.",
  },
};

function tasks(map, disc) {
  const of = (lang) => {
    const { map: [stem, alt, names], disc: [what, seen, options], match } = WORDS[lang];
    return {
      hotspot: { stem: p(stem), task: { kind: "hotspot", image: { hash: map, alt, width: 600, height: 300 }, areas: names.map((name, n) => area("abc"[n], 10 + n * 200, name)), most: 1 } },
      single: { stem: [...p(what), ...p({ image: { hash: disc, alt: seen, width: 400, height: 200 } })], task: { kind: "single", options: options.map((one, n) => ({ id: "ab"[n], text: p(one) })) } },
      matching: {
        stem: p(match), task: {
          kind: "matching", left: [["a", "0,5"], ["b", "0,25"]].map(([id, text]) => ({ id, text: p(text) })),
          right: [["x", "1", "4"], ["y", "1", "2"]].map(([id, top, bottom]) => ({ id, text: p(fraction(top, bottom)) })), shuffle: false,
        },
      },
    };
  };
  const [kk, ru] = [of("kk"), of("ru")];
  const keys = { hotspot: { of: "areas", right: ["b"] }, single: { of: "options", right: ["a"] }, matching: { of: "pairs", right: [["a", "y"], ["b", "x"]] } };
  return Object.entries(keys).map(([kind, key]) => ({ kind, kk: kk[kind], ru: ru[kind], key }));
}

/** A short video that this browser made and can therefore play. */
async function film(chromium) {
  const page = await chromium.page();
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 120 });
    const [context, parts] = [canvas.getContext("2d"), []];
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: "video/webm;codecs=vp8" });
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const over = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    for (let n = 0; n < 40; n += 1) {
      context.fillStyle = `hsl(${n * 9} 60% 50%)`;
      context.fillRect(0, 0, 160, 120);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await over;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await page.context().close();
  return Buffer.from(bytes);
}

describe("tasks with pictures and formulas", { timeout: 300_000 }, () => {
  const site = {};
  const chromium = browser();
  const run = async () => {
    site.server = await startExam({ state: site.state, port: site.port });
    site.port = site.server.port;
  };
  before(async () => {
    site.state = freshState("exam-pictures");
    const [map, disc] = [media(site.state, MAP, "image/png"), media(site.state, DISC, "image/png")];
    stage(site.state, people, { n: 2, tasks: tasks(map, disc) });
    const video = media(site.state, await film(chromium), "video/webm");
    rows(site.state, (db) => {
      const { account } = db.prepare("SELECT id AS account FROM account LIMIT 1").get();
      const put = db.prepare("INSERT INTO item_sign (item, version, lang, video, poster, captions, account, at) VALUES (?, 1, ?, ?, ?, ?, ?, '')");
      for (const lang of ["kk", "ru"]) put.run(ulid(2501), lang, video, disc, CAPTIONS, account);
    });
    await run();
  });
  after(async () => {
    await site.server?.stop();
    if (site.state) fs.rmSync(site.state, { recursive: true, force: true });
  });

  async function enter(who, more = {}) {
    const page = await chromium.page({ width: 360, lang: who.lang, ...more });
    await page.addInitScript(`try { localStorage.setItem("mansap.lang", ${JSON.stringify(who.lang)}); } catch {}`);
    await page.goto(`${site.server.address}/app/#${who.id}.${who.token}`);
    // All pictures are here before the clock runs.
    await page.locator(".tasks .tag.done", { hasText: new RegExp(`^${who.files}\\D+${who.files}$`) }).waitFor();
    return page;
  }
  async function begin(page) {
    await page.locator("#agree").check();
    await page.locator("#begin").click();
    await page.locator("h1#task").waitFor();
  }
  const next = (page) => page.locator(".steps-bar .button").nth(2).click();
  const at = (page, n) => page.locator("h1#task", { hasText: new RegExp(`(^|\\D)${n}(\\D|$)`) }).waitFor();
  const saved = (page) => page.locator(".saved .tag.done").waitFor();
  const drawn = (page, selector) => page.locator(selector).evaluate((image) => image.decode().then(() => image.naturalWidth));
  const calm = (page) => {
    page.problems = page.problems.filter((one) => !/net::ERR|WebSocket|Failed to load resource|\/a\//.test(one));
  };
  const look = async (page, name) => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `exam-pictures-${name}-${width}`);
      calm(page);
      assert.deepEqual(await inspect(page), [], `${name} ${width}`);
    }
  };

  test("a picture is sealed as its task is, and for whoever holds the token alone", async () => {
    const [{ id, token }] = people;
    const ask = (word, headers = {}) => fetch(`${site.server.address}/a/${id}/${word}`, { headers });
    const mine = { authorization: `Bearer ${token}` };
    // Before the page was opened there is nothing to fetch.
    assert.equal((await ask("file/0", mine)).status, 409);
    const opened = await fetch(`${site.server.address}/a/${id}/open`, { method: "POST", headers: mine, body: JSON.stringify({ page: "0123456789abcdef" }) });
    const { exam, keys } = await opened.json();
    assert.deepEqual([exam.files, keys], [3, []]);
    for (const n of [0, 1, 2]) {
      const bytes = Buffer.from(await (await ask(`file/${n}`, mine)).arrayBuffer());
      assert.ok(n === 2 || [MAP.length, DISC.length].includes(bytes.length - 16));
      assert.ok(!bytes.includes("PNG") && !bytes.includes("IHDR") && !bytes.includes("webm"));
    }
    assert.equal((await ask("file/3", mine)).status, 404);
    assert.equal((await ask("file/0")).status, 404);
    assert.equal((await ask("file/0", { authorization: `Bearer ${people[1].token}` })).status, 404);
  });

  test("in Kazakh by touch, and without a line", async () => {
    const page = await enter(people[0], { hasTouch: true });
    await begin(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await at(page, 1);
    assert.equal(await drawn(page, ".spots img"), 600);
    await page.locator(".spots .area").nth(1).tap();
    const radios = page.getByRole("radio");
    assert.deepEqual(await radios.evaluateAll((all) => all.map((one) => one.checked)), [false, true, false]);
    await saved(page);
    await look(page, "hotspot-kk");
    // No line, and the next pictures are there nevertheless; so they are when the page is opened anew.
    await page.context().setOffline(true);
    await site.server.stop();
    await next(page);
    await at(page, 2);
    assert.equal(await drawn(page, "img.picture"), 400);
    // In sign language, with captions and a poster, without a line too.
    const video = page.locator(".sign video");
    await until(page, () => video.evaluate((one) => one.readyState > 0 && one.poster.startsWith("blob:")));
    await until(page, () => video.evaluate((one) => one.textTracks[0]?.cues?.length === 1));
    await page.getByLabel("дөңгелек", { exact: true }).check();
    await look(page, "image-kk");
    await page.reload();
    await page.locator("h1#task").waitFor();
    assert.equal(await drawn(page, ".spots img"), 600);
    assert.ok(await page.getByRole("radio", { name: "2-орын: екі шетінің арасы" }).isChecked());
    await run();
    await page.context().setOffline(false);
    await saved(page);
    await page.getByRole("button", { name: "Барлық тапсырмалар" }).click();
    await page.getByRole("button", { name: "Тестті тапсыру" }).click();
    await page.locator("#sure").click();
    await page.getByText("3 балдың 2 балы жиналды (66 %)").waitFor();
    await page.context().close();
  });

  test("in Russian by keyboard, as a reader hears it", async () => {
    const page = await enter(people[1]);
    await begin(page);
    const group = page.getByRole("group");
    assert.equal(await page.getByRole("img", { name: "Схема трёх полей" }).count(), 1);
    for (const name of ["Место 1: левый край", "Место 2: между краями", "Место 3: правый край"]) await group.getByRole("radio", { name }).waitFor();
    await group.getByRole("radio").first().focus();
    await page.keyboard.press("ArrowDown");
    assert.ok(await group.getByRole("radio", { name: "Место 2: между краями" }).isChecked());
    await saved(page);
    await look(page, "hotspot-ru");
    await next(page);
    await at(page, 2);
    await page.getByRole("img", { name: "Тёмный круг на белом фоне" }).waitFor();
    // Nobody else is sent the video.
    assert.equal(await page.locator(".sign").count(), 0);
    await page.getByLabel("круг", { exact: true }).check();
    await next(page);
    await at(page, 3);
    // A list of the browser cannot say a fraction: the fractions stand beside it under letters.
    assert.equal(await page.locator(".lettered math mfrac").count(), 2);
    await page.getByLabel("0,5", { exact: true }).selectOption("B");
    await page.getByLabel("0,25", { exact: true }).selectOption("A");
    await saved(page);
    await look(page, "formulas-ru");
    await page.getByRole("button", { name: "Все задания" }).click();
    await page.getByRole("button", { name: "Сдать тест" }).click();
    await page.locator("#sure").click();
    await page.getByText("3 из 3 баллов (100 %)").waitFor();
    await page.context().close();
  });

  test("what was chosen in the picture is scored by the key", async () => {
    await site.server.stop();
    rows(site.state, (db) => {
      const points = (id) => db.prepare("SELECT r.points, i.kind FROM exam_response r JOIN item i ON i.id = r.item WHERE r.attempt = ?").all(id);
      const of = (id, kind) => points(id).find((one) => one.kind === kind).points;
      for (const { id } of people) assert.equal(of(id, "hotspot"), 1_000_000);
      assert.equal(of(people[0].id, "matching"), 0);
    });
    await run();
  });
});
