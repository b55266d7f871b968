// The editor of items: one of every kind is written in both languages, kept as it was meant, opened again
// unchanged, and goes to its reviewers.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { own } from "../lib/own.mjs";
import { png } from "../lib/png.mjs";
import { portal, root } from "../lib/portal.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, `schemas/locales/${name}.json`), "utf8"));
const TEXTS = Object.assign({}, ...["cabinet", "cabinet_items", "cabinet_authoring", "cabinet_bank", "errors"].map(read));
const site = portal("browser-kinds");
const chrome = browser();
const author = own(site, chrome, "item.author1");
const MAP = png(300, 150, (x) => (x < 150 ? [200, 220, 240] : [240, 220, 200]));

const at = (page, id) => page.locator(`[id="${id}"]`);
/** Both languages of a text: `f-rows-0` and `["екі", "два"]`. */
const both = async (page, id, [kk, ru]) => {
  await at(page, `${id}-kk`).fill(kk);
  await at(page, `${id}-ru`).fill(ru);
};
const options = async (page, list, all) => {
  for (const [n, words] of all.entries()) await both(page, `f-${list}-${n}`, words);
};
const KINDS = {
  single: {
    stem: ["Қайсысы жұп сан?", "Какое число чётное?"],
    async fill(page) {
      await options(page, "rows", [["үш", "три"], ["төрт", "четыре"], ["бес", "пять"], ["жеті", "семь"]]);
      await page.locator("#f-right-1").check();
    },
    key: { of: "options", right: ["b"] },
  },
  multiple: {
    stem: ["Қайсылары тақ сан?", "Какие числа нечётные?"],
    async fill(page) {
      await options(page, "rows", [["үш", "три"], ["төрт", "четыре"], ["бес", "пять"], ["алты", "шесть"]]);
      for (const n of [0, 2]) await page.locator(`#f-right-${n}`).check();
      await at(page, "f-.-most").fill("2");
    },
    key: { of: "options", right: ["a", "c"] },
    also: ({ kk }) => assert.equal(kk.task.most, 2),
  },
  matching: {
    stem: ["Сәйкестендіріңіз.", "Соотнесите."],
    async fill(page) {
      await options(page, "others", [["төрт", "четыре"], ["тоғыз", "девять"], ["он", "десять"]]);
      await options(page, "rows", [["2 + 2", "2 + 2"], ["3 · 3", "3 · 3"]]);
      await page.locator("#f-to-0").selectOption("1");
      await page.locator("#f-to-1").selectOption("2");
    },
    key: { of: "pairs", right: [["a", "1"], ["b", "2"]] },
  },
  ordering: {
    stem: ["Өсу ретімен қойыңыз.", "Расставьте по возрастанию."],
    fill: (page) => options(page, "rows", [["бір", "один"], ["екі", "два"], ["үш", "три"], ["төрт", "четыре"]]),
    key: { of: "order", right: ["a", "b", "c", "d"] },
  },
  number: {
    stem: ["π санын жүзден бірге дейін жазыңыз.", "Запишите число π с точностью до сотых."],
    async fill(page) {
      await at(page, "f-ranges-0--from").fill("3,13");
      await at(page, "f-ranges-0--to").fill("3,15");
    },
    key: { of: "number", right: [{ from: 3.13, to: 3.15 }] },
  },
  text: {
    stem: ["Қазақстанның елордасы: [[g1]].", "Столица Казахстана: [[g1]]."],
    async fill(page) {
      await at(page, "f-gaps-0-accept-0--text").fill("Астана");
    },
    key: { of: "gaps", right: [{ gap: "g1", accept: [{ text: "Астана" }] }] },
  },
  hotspot: {
    stem: ["Сызбаның оң жағын көрсетіңіз.", "Покажите правую часть схемы."],
    async fill(page) {
      await page.locator("#f-place-file").setInputFiles({ name: "map.png", mimeType: "image/png", buffer: MAP });
      const picture = page.locator(".places.editable");
      await picture.locator("img").waitFor();
      await until(page, () => picture.locator("img").evaluate((image) => image.complete && image.naturalWidth === 300));
      await picture.locator('svg[viewBox="0 0 300 150"]').waitFor({ state: "attached" });
      // Two corners by the mouse, then another area by numbers.
      for (const position of [{ x: 160, y: 10 }, { x: 290, y: 140 }]) await picture.click({ position });
      await at(page, "f-area-0-0").waitFor();
      await page.getByRole("button", { name: page.t("bank.add_area"), exact: true }).click();
      for (const [n, value] of ["10", "10", "140", "140"].entries()) {
        await at(page, `f-area-1-${n}`).fill(value);
        await at(page, `f-area-1-${n}`).blur();
      }
      await page.locator("fieldset.thing").filter({ has: at(page, "f-area-0-0") }).getByLabel(page.t("bank.right"), { exact: true }).check();
      for (const [n, [kk, ru]] of [["оң жағы", "правая часть"], ["сол жағы", "левая часть"]].entries()) {
        await at(page, `f-areas-${n}--name.kk`).fill(kk);
        await at(page, `f-areas-${n}--name.ru`).fill(ru);
      }
      await at(page, "f-.image.kk-alt").fill("Екі бөлікті сызба");
      await at(page, "f-.image.ru-alt").fill("Схема из двух частей");
      await at(page, "f-.-most").fill("1");
    },
    key: { of: "areas", right: ["A"] },
    also({ kk, ru }) {
      assert.deepEqual(kk.task.areas.map(({ name }) => name), ["оң жағы", "сол жағы"]);
      assert.deepEqual(ru.task.areas.map(({ name }) => name), ["правая часть", "левая часть"]);
      assert.deepEqual(kk.task.areas[1].shape, { rect: [10, 10, 140, 140] });
      assert.deepEqual([kk.task.image.width, kk.task.image.height, kk.task.most], [300, 150, 1]);
    },
  },
};

for (const [kind, { stem, fill, key, also }] of Object.entries(KINDS)) {
  test(`an item of the kind ${kind}`, { timeout: 120_000 }, async () => {
    const lang = ["multiple", "number", "hotspot"].includes(kind) ? "ru" : "kk";
    const page = await author.open({ lang, width: 1280 });
    page.t = (name) => TEXTS[name][lang];
    await page.to("/app/bank/new");
    await page.locator(".kinds button").filter({ has: page.getByText(page.t(`bank_kind.${kind}`), { exact: true }) }).click();
    await page.locator("#f-code").fill(`KIND-${kind}`);
    await page.locator("#f-topic").selectOption("psychology/motivation");
    await at(page, "f-kk.stem").fill(stem[0]);
    await at(page, "f-ru.stem").fill(stem[1]);
    await fill(page);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await inspect(page), [], `${kind} ${width}`);
      await picture(page, `bank-kind-${kind}-${lang}-${width}`);
    }
    const save = () => page.locator("main").getByRole("button", { name: page.t("bank.save"), exact: true }).click();
    await save();
    await page.waitForURL(/\/bank\/items\/\w{26}$/);
    const id = page.url().split("/").at(-1);
    const first = await author.ask("GET", `bank/items/${id}`);
    assert.deepEqual(first.content.answers.key, key);
    for (const [n, side] of ["kk", "ru"].entries()) {
      assert.equal(first.content[side].task.kind, kind);
      assert.ok(JSON.stringify(first.content[side].stem).includes(stem[n].split("[[")[0].trim()));
    }
    also?.(first.content);
    // Opened and saved untouched it is the same.
    await page.to(`/app/bank/items/${id}/edit`);
    await at(page, "f-kk.stem").waitFor();
    await save();
    await page.waitForURL(/\/bank\/items\/\w{26}$/);
    const second = await author.ask("GET", `bank/items/${id}`);
    assert.deepEqual(second.content, first.content);
    // Nothing is missing for a review.
    await author.ask("POST", `bank/items/${id}/commands`, { command: "submit" }, { "if-match": `"${second.version}"` });
    assert.equal((await author.ask("GET", `bank/items/${id}`)).state, "review1");
    await page.context().close();
  });
}
