// Attachments of the reporter's page: what is cleaned, what is refused, what is cut off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { QUESTIONS, confirm, keeps, reporter, submitted } from "../trust/lib/page.mjs";
import { jpeg, png, REFUSED, TRACES } from "../trust/lib/files.mjs";

const { site, open } = reporter("browser-trust-files");

/** Opens the questions and hands files over. */
async function attach(page, files) {
  const { kk } = QUESTIONS.routes.find(({ code }) => code === "hiring");
  await page.press("start.new");
  await page.getByLabel(kk, { exact: true }).check();
  await page.press("next");
  await page.heading("ask.heading");
  await page.locator("#q-text").fill("мәтін");
  await page.getByRole("group", { name: page.t("channel.label") }).getByLabel("almaty").check();
  for (const [at, file] of files.entries()) {
    await page.locator("#files").setInputFiles(file);
    await page.locator(".files li").nth(at).waitFor();
  }
  await page.press("next");
  await page.heading("people.heading");
  await page.press("next");
  await page.heading("receipt.heading");
  return page.locator("#receipt span").allTextContents();
}

/** The attachments of the report that a page has sent, as an officer opens them. */
async function received(page) {
  const [envelope] = submitted(page);
  const opened = await site.scribe("open", { person: 1, envelope });
  return Promise.all(opened.files.map(async (ids, file) => {
    const chunks = [];
    for (const id of ids) chunks.push((await site.ask("fetch_chunk", { id })).payload);
    return site.scribe("read_file", { person: 1, envelope, file, chunks });
  }));
}

test("E1 nothing that a picture carries leaves the device: place, phone, profile, thumbnail, a file behind it", async () => {
  const page = await open();
  const camera = { name: "IMG_20261122_Айгүл.jpg", mimeType: "image/jpeg", buffer: await jpeg(page) };
  const program = { name: "Айгүл.png", mimeType: "image/png", buffer: await png(page) };
  const text = { name: "serial-8837.txt", mimeType: "text/plain", buffer: Buffer.from("\ufeffҚұжат\u200b мәтіні\r\n") };
  for (const trace of TRACES) assert.ok(camera.buffer.includes(Buffer.from(trace)), "the test has what it looks for");
  const groups = await attach(page, [camera, program, text]);
  await confirm(page, groups);
  await page.press("send");
  await page.heading("sent.heading");
  const files = await received(page);
  assert.deepEqual(files.map(({ name, media }) => [name, media]), [["1.jpg", "image/jpeg"], ["2.jpg", "image/jpeg"], ["3.txt", "text/plain"]]);
  for (const { bytes } of files) for (const trace of TRACES) assert.ok(!Buffer.from(bytes, "hex").includes(Buffer.from(trace)), trace);
  // Only what a decoder needs: no segment of applications but the first, no comment.
  for (const { bytes } of files.slice(0, 2)) {
    const all = Buffer.from(bytes, "hex");
    for (let at = 2; all[at + 1] !== 0xda; at += 2 + all.readUInt16BE(at + 2)) assert.ok(![0xe1, 0xe2, 0xed, 0xfe].includes(all[at + 1]), all[at + 1].toString(16));
    assert.equal(all.subarray(-2).toString("hex"), "ffd9");
  }
  assert.equal(Buffer.from(files[2].bytes, "hex").toString(), "Құжат мәтіні\n");
  // A2: all chunks are of one size, and there are as many as a bucket has.
  const chunks = page.asked.filter(({ body }) => body?.[7] === 0x13);
  assert.deepEqual([...new Set(chunks.map(({ body }) => body.length))], [65_648]);
  assert.equal(chunks.length, 12);
  await keeps(page);
});

test("E2 what cannot be cleaned is refused with a word, and nothing of it is kept or run", async () => {
  const page = await open();
  const { kk } = QUESTIONS.routes.find(({ code }) => code === "hiring");
  await page.press("start.new");
  await page.getByLabel(kk, { exact: true }).check();
  await page.press("next");
  for (const file of REFUSED) {
    await page.locator("#files").setInputFiles(file);
    await page.locator("#files-wrong", { hasText: page.t("error.file_kind") }).waitFor();
    assert.equal(await page.locator(".files li").count(), 0, file.name);
    assert.equal(await page.locator("#files").inputValue(), "", "not even its name");
    await page.locator("#files").setInputFiles([]);
  }
  const small = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") };
  await page.locator("#files").setInputFiles(Array.from({ length: 9 }, () => small));
  await page.getByText(page.t("error.file_many")).waitFor();
  assert.equal(await page.locator(".files li").count(), 8);
  await page.getByRole("button", { name: `${page.t("files.remove")} 1.txt`, exact: true }).click();
  assert.equal(await page.locator(".files li").count(), 7);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.equal(page.asked.filter(({ body }) => body?.length > 1024).length, 0);
});

test("E3 an upload that is cut off goes on where it was", async () => {
  const page = await open();
  const groups = await attach(page, [{ name: "a.jpg", mimeType: "image/jpeg", buffer: await jpeg(page) }]);
  await confirm(page, groups);
  let passed = 0;
  await page.route("**/t", (route) => (route.request().postDataBuffer()?.[7] === 0x13 && (passed += 1) === 3 ? route.abort() : route.continue()));
  await page.press("send");
  await page.getByText(page.t("error.network")).waitFor();
  await page.press("again");
  await page.heading("sent.heading");
  // Four chunks, one of them twice.
  assert.equal(page.asked.filter(({ body }) => body?.[7] === 0x13).length, 5);
  assert.equal((await received(page))[0].media, "image/jpeg");
});
