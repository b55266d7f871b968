// The clerk's side of a competition: the list with its filters, one application beside its
// evidence, a request for a paper, notes, messages to many, the workbook.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import path from "node:path";
import { test } from "node:test";
import zlib from "node:zlib";
import { addApplicants, applicant, client, filled, submit } from "../lib/applicants.mjs";
import { browser, inspect, out, picture } from "../lib/browser.mjs";
import { accounts, ready, texts } from "../lib/cabinet.mjs";
import { portal, root, tick } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

const PEOPLE = 8;
const FORMULA = "=HYPERLINK(\"https://evil.example\";\"Мадина\")";

const crc = (bytes) => zlib.crc32(bytes);
function chunk(name, body) {
  const whole = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)];
  ends[0].writeUInt32BE(body.length);
  ends[1].writeUInt32BE(crc(whole));
  return Buffer.concat([ends[0], whole, ends[1]]);
}

/** A picture of a paper: a frame and lines, 600 by 800. */
function paper() {
  const [width, height] = [600, 800];
  const rows = [];
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(1 + width, 0xff);
    row[0] = 0;
    for (let x = 0; x < width; x++) {
      const frame = x % 560 < 4 || y % 760 < 4;
      const line = y > 120 && y % 40 < 6 && x > 60 && x < 540 - ((y * 7) % 160);
      if (frame || line) row[1 + x] = 0x55;
    }
    rows.push(row);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", zlib.deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

/** A page of a PDF that says something. */
function sheet(words) {
  const stream = `BT /F1 24 Tf 60 700 Td (${words}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.7\n";
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`, "latin1");
}

let vacancy;
const sent = [];
const site = portal("browser-selection", {
  gateway: true,
  stage: (state) => addApplicants(state, PEOPLE),
  async prepare(running) {
    [vacancy] = await publish(running, 1);
    for (let n = 0; n < PEOPLE; n++) {
      const who = applicant(n);
      const my = client(running, who);
      const file = async (name, bytes) => {
        const answer = await fetch(`${running.address}/api/v1/cabinet/my/files?purpose=document&name=${encodeURIComponent(name)}`, {
          method: "POST", body: bytes,
          headers: { cookie: who.cookie, origin: running.address, "sec-fetch-site": "same-origin", "idempotency-key": crypto.randomUUID() },
        });
        if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
        return (await answer.json()).id;
      };
      const content = filled(who);
      if (n === 0) content.person.surname = FORMULA;
      if (n === 1) {
        const [photo, diploma] = [await file("Диплом.png", paper()), await file("Еңбек кітапшасы.pdf", sheet("Work record"))];
        content.records[0].files = [photo];
        content.records[1].files = [diploma];
        content.documents = content.documents.map((one) => (one.code === "identity" ? { ...one, files: [photo, diploma] } : one));
      }
      const { body: draft } = await my("POST", "my/applications", { vacancy: vacancy.id });
      const { body: saved, status } = await my("PUT", `my/applications/${draft.id}`, { content }, { "if-match": `"${draft.version}"` });
      if (status !== 200) throw new Error(`content of ${n}: ${JSON.stringify(saved)}`);
      const { body: done } = await submit({ my, id: draft.id, version: saved.version });
      if (done.state !== "submitted") throw new Error(`submit of ${n}: ${JSON.stringify(done)}`);
      sent.push(done);
    }
    // The files are looked at, so that the clerk may open them.
    await tick(running);
  },
});
const chrome = browser();

const staff = accounts(site, chrome, texts("cabinet", "cabinet_selection", "errors"));
async function open(how) {
  const page = await staff.open("hr.school1", { lang: "ru", ...how });
  page.rows = (n) => page.waitForFunction((wanted) => document.querySelectorAll("main tbody tr").length === wanted, n);
  return page;
}

const list = () => `/app/applications?vacancy=${vacancy.id}`;
const field = (page, name) => page.locator(`[id="f-${name}"]`);
const clean = async (page, what) => assert.deepEqual(await inspect(page), [], what);

for (const lang of ["kk", "ru"]) {
  test(`the list is searched, sifted and sorted; its address is the state, ${lang}`, async () => {
    const page = await open({ lang });
    await page.to(list());
    await page.rows(PEOPLE);
    await field(page, "q").fill(sent[3].number);
    await field(page, "q").press("Enter");
    await page.rows(1);
    assert.match(page.url(), /q=/);
    await page.reload();
    await page.rows(1);
    await field(page, "q").fill("");
    await page.press("vacancies.find");
    await page.rows(PEOPLE);
    await field(page, "sort").selectOption("name");
    await page.waitForURL(/sort=name/);
    await page.rows(PEOPLE);
    await page.getByRole("navigation", { name: page.t("applications.by_state") }).getByRole("link", { name: page.t("app_state.submitted") }).click();
    await page.waitForURL(/state=submitted/);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await clean(page, `the list at ${width} px`);
      await picture(page, `selection-list-${lang}-${width}`);
    }
    await page.goto(`${site.address}${list()}&q=nobody`);
    await page.getByText(page.t("applications.none")).waitFor();
    await clean(page, "nothing found");
    await picture(page, `selection-none-${lang}`);
    await page.context().close();
  });
}

/** The application of somebody is opened from the list. */
async function opened(page, name) {
  await page.to(list());
  await page.getByRole("link", { name, exact: true }).click();
  await page.waitForURL(/\/app\/applications\/[0-9a-z]{26}$/);
  await ready(page);
}

test("one application beside its evidence: a picture and a PDF are shown, and the look is in the journal", async () => {
  const page = await open({ lang: "kk" });
  await opened(page, "Сейітова Мадина 1");
  const viewer = page.locator(".viewer");
  await page.getByRole("button", { name: "Диплом.png" }).first().click();
  const image = viewer.locator("img");
  await image.waitFor();
  await page.waitForFunction(() => document.querySelector(".viewer img")?.naturalWidth > 100);
  await clean(page, "a picture");
  await picture(page, "selection-picture-kk-1280");
  await page.getByRole("button", { name: "Еңбек кітапшасы.pdf" }).first().click();
  const frame = viewer.locator("iframe");
  await frame.waitFor();
  assert.match(await frame.getAttribute("src"), /^blob:/);
  assert.equal(await page.getByRole("button", { name: "Еңбек кітапшасы.pdf" }).first().getAttribute("aria-pressed"), "true");
  await picture(page, "selection-pdf-kk-1280");
  await clean(page, "a PDF");
  await page.setViewportSize({ width: 320, height: 800 });
  await clean(page, "an application at 320 px");
  await picture(page, "selection-application-kk-320");
  await page.context().close();
});

for (const [lang, width, n] of [["kk", 320, 2], ["ru", 1280, 3]]) {
  test(`a paper is asked for, a note is left, the person hears of it, ${lang} at ${width} px`, async () => {
    const page = await open({ lang, width });
    await opened(page, `Сейітова Мадина ${n}`);
    await page.press("application.register");
    await page.said("application.done");
    await page.locator("main .tag", { hasText: page.t("app_state.registered") }).first().waitFor();
    await page.press("application.request");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    // Nothing is chosen yet: what is wrong is said at its field.
    await dialog.getByRole("button", { name: page.t("application.request"), exact: true }).click();
    await dialog.locator("#errors").waitFor();
    page.problems.length = 0;
    await clean(page, "the request with what is wrong");
    await picture(page, `selection-request-${lang}-${width}`);
    await field(page, "items.0.target").selectOption("document:education");
    await field(page, "items.0.text").fill("Дипломның қосымшасы жоқ");
    await dialog.getByRole("button", { name: page.t("application.request"), exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("main .tag", { hasText: page.t("app_state.returned_for_completion") }).first().waitFor();
    await page.getByText("Дипломның қосымшасы жоқ").first().waitFor();
    await field(page, "text").fill("Директорға көрсету");
    await page.press("application.note_add");
    await page.locator("main .rows").getByText("Директорға көрсету").waitFor();
    await clean(page, "an application");
    await picture(page, `selection-asked-${lang}-${width}`);
    const mine = await client(site, applicant(n))("GET", `my/applications/${sent[n].id}`);
    assert.equal(mine.body.state, "returned_for_completion");
    assert.doesNotMatch(JSON.stringify(mine.body), /Директорға көрсету/);
    await page.context().close();
  });
}

test("on a device whose clock is two years ahead nothing is overdue and everything works", async () => {
  const page = await open({ lang: "ru" });
  await page.clock.setFixedTime(new Date(Date.now() + 2 * 365 * 86_400_000));
  await page.to(list());
  await page.rows(PEOPLE);
  assert.equal(await page.locator("main tbody .late").count(), 0);
  await page.getByRole("link", { name: "Сейітова Мадина 6", exact: true }).click();
  await page.waitForURL(/\/app\/applications\/[0-9a-z]{26}$/);
  await ready(page);
  assert.equal(await page.locator("main .deadline.late").count(), 0);
  await page.press("application.register");
  await page.said("application.done");
  await page.locator("main .tag", { hasText: page.t("app_state.registered") }).first().waitFor();
  const { body } = await client(site, applicant(6))("GET", `my/applications/${sent[6].id}`);
  const registered = body.timeline.entries.find((one) => one.action === "register");
  assert.ok(Math.abs(Date.parse(registered.at) - Date.now()) < 3_600_000, `by the server's clock: ${registered.at}`);
  await page.context().close();
});

test("with the keyboard alone: choose people, write from a template, look, send", async () => {
  const page = await open({ lang: "ru" });
  await page.to(list());
  await page.rows(PEOPLE);
  for (const n of [4, 5]) {
    await page.getByRole("checkbox", { name: new RegExp(`Мадина ${n}$`) }).focus();
    await page.keyboard.press("Space");
  }
  const write = page.getByRole("button", { name: page.t("applications.message", { n: "2" }) });
  await write.focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  await field(page, "template").focus();
  await field(page, "template").selectOption("interview");
  await page.waitForFunction(() => document.querySelector('[id="f-body.ru"]')?.value !== "");
  await clean(page, "the message");
  await picture(page, "selection-message-ru-1280");
  // The day and the place that the text leaves open.
  const given = await field(page, "body.ru").inputValue();
  assert.match(given, /____/);
  const body = given.replaceAll("____", "21.11.2026");
  const kazakh = field(page, "body.kk");
  await kazakh.fill((await kazakh.inputValue()).replaceAll("____", "21.11.2026"));
  // A placeholder that there is not.
  await field(page, "body.ru").fill(`${body} {phone}`);
  await page.press("message.preview");
  await dialog.locator("#errors").waitFor();
  page.problems.length = 0;
  await field(page, "body.ru").fill(`${body} Ждём вас.`);
  await page.press("message.preview");
  await dialog.getByText("Ждём вас.").first().waitFor();
  await dialog.getByText(sent[5].number).first().waitFor();
  await clean(page, "the preview");
  await picture(page, "selection-preview-ru-1280");
  await page.setViewportSize({ width: 320, height: 800 });
  await clean(page, "the preview at 320 px");
  await picture(page, "selection-preview-ru-320");
  const go = dialog.getByRole("button", { name: page.t("message.send", { n: "2" }) });
  await go.focus();
  await page.keyboard.press("Enter");
  await page.said("message.sent");
  const end = Date.now() + 60_000;
  for (const n of [4, 5]) {
    for (;;) {
      await tick(site);
      const letters = (await site.control(`sent?to=${applicant(n).email}`)).filter((one) => one.text?.includes(n % 2 ? "Ждём вас." : sent[n].number) && one.gateway === "mail");
      if (letters.length >= (n % 2 ? 1 : 2)) break;
      assert.ok(Date.now() < end, `no letter came to applicant ${n}`);
    }
  }
  assert.equal((await site.control("counts")).most, 1);
  await page.context().close();
});

test("the workbook holds what people wrote as text, read by another program", async () => {
  const page = await open({ lang: "ru" });
  await page.to(list());
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: page.t("applications.xlsx") }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^applications-\d+\.xlsx$/);
  const file = path.join(out, "applications.xlsx");
  await download.saveAs(file);
  const python = execFileSync("tests/tables/install", { cwd: root, encoding: "utf8" }).trim();
  const book = JSON.parse(execFileSync(python, ["tests/tables/read.py", file], { cwd: root, encoding: "utf8" }));
  const [cells] = Object.values(book);
  assert.equal(cells.length, PEOPLE + 1);
  const types = new Set(cells.flat().map((cell) => cell.type));
  assert.ok(!types.has("f"), `formulas: ${[...types]}`);
  const hostile = cells.flat().find((cell) => cell.value?.includes("evil.example"));
  assert.equal(hostile.type, "s");
  assert.ok(hostile.value.startsWith("=HYPERLINK"), "what was written stays what was written");
  assert.ok(hostile.quoted, "marked as text, so that editing the cell does not turn it into a formula");
  const points = cells[1].find((cell) => cell.type === "n" && !cell.date && cell.value !== null);
  assert.ok(Number(points.value) > 0);
  assert.ok(cells[1].some((cell) => cell.date), "moments are moments");
  await page.context().close();
});
