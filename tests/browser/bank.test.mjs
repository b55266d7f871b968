// The bank of test items: files come in, an item is mended, read by others, and used.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { browser, inspect, picture, until } from "../lib/browser.mjs";
import { accounts, ready, texts } from "../lib/cabinet.mjs";
import { portal } from "../lib/portal.mjs";
import { packed, qti } from "../lib/qti.mjs";
import { zip } from "../lib/zip.mjs";

const TEXTS = texts("cabinet", "cabinet_items", "errors");
const site = portal("browser-bank");
const chrome = browser();

const staff = accounts(site, chrome, TEXTS);

async function as(login, how) {
  const page = await staff.open(login, how);
  page.press = (key) => page.locator("main").getByRole("button", { name: page.t(key), exact: true }).first().click();
  return page;
}

const PACKAGE = packed({
  "items/d1-kk.xml": qti("DID-1_kk", "kk", "Дидактика нені зерттейді?", ["тәрбие тарихын", "оқыту теориясын", "мектеп құқығын"]),
  "items/d1-ru.xml": qti("DID-1_ru", "ru", "Что изучает дидактика?", ["историю воспитания", "теорию обучения", "школьное право"]),
  "items/d2.xml": qti("DID-2_ru", "ru", "Вопрос без ключа в вариантах?", ["да", "да", "да"]),
});
const GIFT = `::PSY-1_kk::Оқу ынтасының ішкі түрі қайсысы? {=танымдық қызығу ~жақсы баға ~ата-ананың талабы}

::PSY-1_ru::Какой вид учебной мотивации внутренний? {=познавательный интерес ~хорошая отметка ~требование родителей}

::ESSAY::Жазыңыз {}
`;

async function bring(page, name, buffer) {
  await page.to("/app/bank/import");
  await page.locator("#f-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}
const counted = (page, key, n) => page.locator(".counts").getByText(page.t(key, { n: String(n) }), { exact: true }).waitFor();

async function give(page, id, command) {
  await page.to(`/app/bank/items/${id}`);
  await page.press(`bank_command.${command}`);
  const form = page.locator("form.typed");
  await form.waitFor();
  await form.locator("button[type=submit]").click();
  await page.said("bank.done");
}

test("items come in from files, one is mended, read by three others and used", async () => {
  const author = await as("item.author1", { width: 360 });
  await bring(author, "didactics.zip", PACKAGE);
  await counted(author, "bank.n_will", 1);
  await counted(author, "bank.n_refused", 1);
  await author.getByText(/items\/d2\.xml/).first().waitFor();
  await picture(author, "bank-import-report-kk-360");
  assert.deepEqual(await inspect(author), []);
  await author.press("bank.take");
  await counted(author, "bank.n_taken", 1);
  // The same file once more changes nothing.
  await bring(author, "didactics.zip", PACKAGE);
  await counted(author, "bank.n_known", 1);
  await counted(author, "bank.n_will", 0);
  await bring(author, "psychology.gift", Buffer.from(GIFT));
  await counted(author, "bank.n_will", 1);
  await author.press("bank.take");
  await author.getByRole("link", { name: "PSY-1", exact: true }).click();
  await author.waitForURL(/\/bank\/items\/\w{26}$/);
  await ready(author);
  const id = author.url().split("/").at(-1);
  await author.getByRole("link", { name: author.t("bank.edit"), exact: true }).click();
  await author.waitForURL(/\/edit$/);
  const kk = author.locator('[id="f-kk.stem"]');
  await kk.waitFor();
  await kk.fill("Оқу ынтасының **ішкі** түрі қайсысы, егер $x^{2}>0$?");
  await author.locator(".shown math").first().waitFor();
  await author.locator("#f-topic").selectOption("psychology/motivation");
  await picture(author, "bank-edit-kk-360");
  assert.deepEqual(await inspect(author), []);
  await author.press("bank.save");
  await author.said("bank.saved");
  await author.waitForURL(/\/bank\/items\/\w{26}$/);
  await author.locator(".item-both strong").getByText("ішкі").first().waitFor();
  await give(author, id, "submit");
  await author.context().close();
  for (const [login, command, lang] of [
    ["item.reviewer1", "pass", "kk"], ["item.reviewer2", "pass", "ru"], ["language.editor", "pass", "ru"], ["bank.admin", "activate", "kk"],
  ]) {
    const page = await as(login, { lang });
    await give(page, id, command);
    await page.context().close();
  }
  const admin = await as("bank.admin", { lang: "ru" });
  await admin.to(`/app/bank/items/${id}`);
  await admin.locator(".facts .tag").getByText(TEXTS["bank_state.active"].ru).waitFor();
  await picture(admin, "bank-item-active-ru-1280");
  await admin.to("/app/bank?q=мотивации");
  await until(admin, () => admin.locator("main tbody tr").count().then((n) => n === 1));
  await admin.context().close();
});

test("a hostile package is refused whole, and a dead line says so", async () => {
  const page = await as("item.author1", { lang: "ru", width: 360 });
  await bring(page, "evil.zip", zip({ "../../evil.xml": "<a/>", "imsmanifest.xml": "<manifest/>" }));
  await page.getByText(page.t("bank.refused_whole")).waitFor();
  await picture(page, "bank-import-refused-ru-360");
  page.problems.length = 0;
  assert.deepEqual(await inspect(page), []);
  await page.context().setOffline(true);
  await page.press("bank.check");
  await page.getByText(page.t("problem.network")).first().waitFor();
  await page.context().close();
});

test("an item is written in two languages at once; what is wrong is said", async () => {
  const page = await as("item.author2", { width: 360 });
  await page.to("/app/bank/new");
  await page.getByText(page.t("bank_kind.single"), { exact: true }).click();
  await page.locator('[id="f-kk.stem"]').fill("2 + 2 нешеге тең?");
  await page.press("bank.save");
  await page.locator("#errors").waitFor();
  page.problems.length = 0;
  await picture(page, "bank-new-wrong-kk-360");
  assert.deepEqual(await inspect(page), []);
  await page.locator("#f-code").fill("MATH-1");
  await page.locator('[id="f-ru.stem"]').fill("Сколько будет 2 + 2?");
  for (const [at, text] of ["3", "4", "5", "22"].entries()) {
    for (const lang of ["kk", "ru"]) await page.locator(`#f-rows-${at}-${lang}`).fill(text);
  }
  await page.locator("#f-right-1").check();
  await page.press("bank.save");
  await page.said("bank.saved");
  await page.locator(".options .right").first().waitFor();
  assert.equal(await page.locator(".options .right").count(), 2);
  // Without a topic it cannot be handed in.
  await page.press("bank_command.submit");
  await page.locator("form.typed button[type=submit]").click();
  await page.locator("#errors").waitFor();
  page.problems.length = 0;
  // A draft of the own can be taken along.
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Moodle GIFT" }).click()]);
  assert.match(fs.readFileSync(await file.path(), "utf8"), /::MATH-1/);
  await page.context().close();
});

test("an export is asked for, approved by two, and its halves are shown to them alone", async () => {
  const admin = await as("bank.admin");
  await admin.to("/app/bank/exports");
  await admin.locator("#f-purpose").fill("Мұрағатқа");
  await admin.press("bank.ask_export_do");
  await admin.said("bank.asked");
  await admin.context().close();
  const halves = [];
  for (const login of ["security.officer1", "security.officer2"]) {
    const officer = await as(login, { lang: "ru", width: 360 });
    await officer.to("/app/bank/exports");
    await officer.press("bank.approve");
    halves.push(await officer.locator(".half-code").first().innerText());
    await picture(officer, `bank-export-${login}-ru-360`);
    assert.deepEqual(await inspect(officer), []);
    await officer.context().close();
  }
  assert.notEqual(halves[0], halves[1]);
  const taker = await as("bank.admin");
  await taker.to("/app/bank/exports");
  assert.equal(await taker.locator(".half-code").count(), 0);
  const [file] = await Promise.all([taker.waitForEvent("download"), taker.press("bank.take_file")]);
  const sealed = fs.readFileSync(await file.path());
  assert.equal(sealed.subarray(0, 2).toString(), "PK");
  assert.ok(!sealed.includes(Buffer.from("imsmanifest.xml")));
  await taker.context().close();
});

const PAGES = [["", "list"], ["/new", "new"], ["/import", "import"], ["/complaints", "complaints"], ["/passport", "passport"], ["/exports", "exports"]];
for (const lang of ["kk", "ru"]) {
  test(`axe finds nothing in the bank, ${lang}`, async () => {
    const found = [];
    for (const login of ["item.author1", "bank.admin"]) {
      const page = await as(login, { lang });
      for (const [where, name] of PAGES) {
        if (where === "/new" && login !== "item.author1") continue;
        await page.to(`/app/bank${where}`);
        for (const width of [320, 360, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          for (const problem of await inspect(page)) found.push(`${login} ${where} ${width}: ${problem}`);
          if (width !== 320) await picture(page, `bank-${name}-${login}-${lang}-${width}`);
        }
      }
      await page.context().close();
    }
    assert.deepEqual(found, []);
  });
}
