// The officers' page in Chromium, with real reports of the reporter's page: keys, cases, attachments,
// letters, names, numbers. The people are those of a demonstration.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, LANGS, picture } from "../lib/browser.mjs";
import { jpeg } from "../trust/lib/files.mjs";
import { at, ceremony, root, today, trust } from "../trust/lib/trust.mjs";

const site = trust("browser-officer", { demo: true });
const chrome = browser();
const read = (name) => JSON.parse(fs.readFileSync(path.join(root, "schemas", name), "utf8"));
const [REPORTER, OFFICER, QUESTIONS] = ["locales/trust.json", "locales/trust_officer.json", "trust/questionnaire.json"].map(read);
const PEOPLE = { 1: "Демо: 1-тексеруші · проверяющий 1", 2: "Демо: 2-тексеруші · проверяющий 2", 3: "Демо: 3-тексеруші · проверяющий 3", 7: "Демо: қадағалау органы · надзорный орган" };
const PASS = "demonstration";
/** What a reporter may write to hurt whoever reads it. */
const XSS = [
  `<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{constructor}}"'`,
  `</p></textarea></title><svg/onload=window.hurt=1>`, `<iframe srcdoc="<script>parent.hurt=1</script>">`,
  `<math><mtext><table><mglyph><style><img src=x onerror=window.hurt=1>`, `javascript:window.hurt=1`,
  `&lt;img src=x onerror=window.hurt=1&gt;`, `\u003cscript>window.hurt=1</script>`, `<a href="javascript:window.hurt=1">x</a>`,
  `=cmd|' /C calc'!A0`, `\u202egpj.exe`,
].join("\n");
function speak(page, texts, lang) {
  page.t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replaceAll(`{${from}}`, to), texts[key][lang]);
  page.press = (key, words) => page.getByRole("button", { name: page.t(key, words), exact: true }).first().click();
  return page;
}

/** A report by the reporter's page; returns its number. */
async function report({ exclude, name, text = XSS, files = [], route = "crime" } = {}) {
  const page = speak(await chrome.page({ lang: "kk", width: 360 }), REPORTER, "kk");
  page.asked = [];
  page.on("request", (request) => request.postDataBuffer() && page.asked.push(request.postDataBuffer()));
  await page.goto(`${site.address}/kk`);
  await page.press("start.new");
  await page.getByLabel(QUESTIONS.routes.find(({ code }) => code === route).kk, { exact: true }).check();
  await page.press("next");
  await page.locator("#q-text").fill(text);
  if (files.length > 0) {
    await page.locator("#files").setInputFiles(await Promise.all(files.map(async (make) => ({ name: "IMG_20261122_Айгүл.jpg", mimeType: "image/jpeg", buffer: await make(page) }))));
    await page.locator(".files li").nth(files.length - 1).waitFor();
  }
  await page.press("next");
  if (exclude) await page.getByLabel(page.t("people.exclude", { name: PEOPLE[exclude] }), { exact: true }).check();
  if (name) await page.locator("#name").fill(name);
  await page.press("next");
  await page.locator("#receipt span").first().waitFor();
  const groups = await page.locator("#receipt span").allTextContents();
  const label = await page.locator('label[for="check"]').textContent();
  await page.locator("#check").fill(groups[groups.findIndex((_, at) => label === page.t("receipt.check", { n: at + 1 }))]);
  await page.press("send");
  await page.getByRole("heading", { name: page.t("sent.heading"), exact: true }).waitFor();
  return { groups, page };
}

async function open({ lang = "kk", width = 1280, ...more } = {}) {
  const page = speak(await chrome.page({ lang, width, ...more }), OFFICER, lang);
  page.asked = [];
  page.on("request", (request) => page.asked.push({ url: request.url(), body: request.postDataBuffer() }));
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${site.address}/officer/${lang}`);
  return page;
}

/** Takes a person's keys from their vault and waits for the lists. */
async function enter(page, id, role = "officer") {
  await page.locator("#file").setInputFiles(path.join(site.keys, `${role}-${id}.vault`));
  await page.locator("#oldpass").fill(PASS);
  await page.press("import.take");
  await page.locator(".tabs").waitFor();
  await page.getByText(page.t("sync"), { exact: true }).waitFor({ state: "detached" });
}

async function sync(page) {
  await page.press("refresh");
  await page.getByText(page.t("sync"), { exact: true }).waitFor({ state: "detached" });
  await page.locator(".do button:disabled").first().waitFor({ state: "detached" });
}

/** Opens a form of the case, fills it, does it. */
async function act(page, key, fill) {
  // By the keyboard: a click right after scrolling past a frame of another process can miss.
  await page.locator("summary", { hasText: page.t(`do.${key}`) }).press("Enter");
  const form = page.locator("details.act[open]");
  await fill(form);
  await form.getByRole("button").press("Enter");
  // The case is drawn anew, with its forms closed.
  await form.waitFor({ state: "detached" });
  await page.getByText(page.t("done"), { exact: true }).waitFor();
}

const openCase = async (page) => {
  // A case that is open stays while lists are renewed: what is waited for is the new one.
  await page.locator("#case").evaluate((open) => open.replaceChildren());
  await page.locator(".list button.link").first().click();
  await page.locator("#case h2").waitFor();
};

test("B5 E2 F7 a report is read, answered, shared, passed on and closed, and only by those who may", { timeout: 900_000 }, async () => {
  const { groups, page: writer } = await report({ exclude: 3, name: "Әлия Серікқызы, 8 777 000 00 00", files: [jpeg, jpeg] });
  const chunks = writer.asked.filter((body) => body[7] === 0x13);
  assert.equal(chunks.length, 8, "a picture of some bytes takes the smallest bucket");
  await site.tick(at(today(), 9));

  const first = await open();
  await enter(first, 1);
  assert.equal(await first.locator(".list tbody tr").count(), 1);
  await openCase(first);
  const text = await first.locator("#case").textContent();
  assert.ok(text.includes(XSS), "what was written is text");
  assert.equal(await first.evaluate(() => window.hurt), undefined, "F7");
  assert.equal(await first.locator("#case .dialogue").locator("img, script, svg, iframe, math, style, a").count(), 0, "F7");
  assert.ok(!text.includes("Әлия"), "the name is locked");
  const line = async (key) => await first.locator("#case p", { hasText: `${first.t(key)}:` }).first().textContent();
  const [readers, left] = [await line("case.readers"), await line("case.excluded")];
  assert.ok(readers.includes(PEOPLE[2]) && !readers.includes(PEOPLE[3]), "who can read is known");
  assert.ok(left.includes(PEOPLE[3]) && !left.includes(PEOPLE[2]), "and who was left out");

  // Attachments are listed; before one is opened nothing is known but its bucket.
  const rows = first.locator(".attached li");
  assert.deepEqual(await rows.locator(".top > span").allTextContents(), [1, 2].map((at) => `${at}. ${first.t("file.most", { size: `256 ${first.t("size.kb")}` })}`));
  assert.equal(first.asked.filter(({ body }) => body?.[7] === 0x18).length, 0, "nothing is fetched before");
  // It is drawn in a frame that can do nothing.
  await first.press("file.open");
  const frame = first.locator("iframe").first();
  await frame.waitFor();
  assert.equal(await frame.getAttribute("sandbox"), "");
  const inside = first.frames().find((one) => one !== first.mainFrame());
  await inside.waitForSelector("img");
  assert.ok(await inside.evaluate(() => document.images[0].naturalWidth) > 0);
  assert.equal(await inside.evaluate(() => self.origin), "null");
  assert.match(await rows.first().locator(".top > span").textContent(), new RegExp(`^1[.] 1[.]jpg · ${first.t("file.image")} · \\d+ ${first.t("size.kb")}$`));
  await first.press("file.all");
  await rows.nth(1).locator("iframe").waitFor();
  assert.equal(await first.locator("iframe").count(), 2);
  assert.deepEqual(await inspect(first), []);
  await picture(first, "trust-officer-files");
  const drawn = (await frame.getAttribute("srcdoc")).match(/base64,([A-Za-z0-9+/=]+)/)[1];

  await act(first, "answer", async (form) => {
    await form.locator("textarea").fill("Хабарламаңызды алдық.");
    await form.locator("select").selectOption("open");
  });
  assert.ok((await first.locator("#case .terms").textContent()).includes(first.t("term.met")), "receipt is confirmed");
  await act(first, "assign", (form) => form.locator("select").selectOption("2"));
  await act(first, "note", (form) => form.locator("textarea").fill("Құпия жазба 4417"));
  await act(first, "name_asked", (form) => form.locator("textarea").fill("Куәгер ретінде керек"));

  // The other reader sees what was done; the excluded one sees nothing at all.
  const second = await open({ lang: "ru", width: 360 });
  await enter(second, 2);
  await openCase(second);
  const seen = await second.locator("#case").textContent();
  for (const part of ["Хабарламаңызды алдық.", "Құпия жазба 4417", PEOPLE[1], second.t("did.assign")]) assert.ok(seen.includes(part), part);
  const third = await open({ lang: "en" });
  await enter(third, 3);
  await third.getByText(third.t("cases.none", { hours: "9:00, 15:00" })).waitFor();
  // Whom a reporter has left out cannot be told by what an officer fetches.
  const fetched = (page) => page.asked.filter(({ body }) => body?.[7] === 0x17).length;
  assert.deepEqual([fetched(first), fetched(second), fetched(third)], [1, 1, 1]);
  await sync(third);
  assert.equal(fetched(third), 1, "once");

  // B5: neither of the two alone.
  const custodian = await open({ lang: "ru" });
  await enter(custodian, 7, "custodian");
  await custodian.getByText("Куәгер ретінде керек").waitFor();
  assert.ok(!(await custodian.content()).includes("Әлия"));
  await custodian.press("ask.yes");
  await custodian.getByText(custodian.t("ask.given")).waitFor();
  await sync(first);
  await openCase(first);
  await first.getByText("Әлия Серікқызы, 8 777 000 00 00").waitFor();
  await sync(second);
  await openCase(second);
  assert.ok(!(await second.content()).includes("Әлия Серікқызы"), "given to whoever asked, and to nobody else");

  await act(second, "forward", async (form) => {
    await form.locator("#actno").fill("17-ж");
    await form.locator("#cover").fill("Конкурс қағидаттары бұзылған, 7-бап");
    await form.locator("#pass").fill("Прокуратураға берілді");
    await form.locator("select").selectOption({ index: 1 });
  });
  await sync(first);
  await openCase(first);
  assert.ok((await first.locator("#case .dialogue").textContent()).includes("№ 17-ж"));
  // The act is printed from the page itself.
  await first.evaluate(() => (window.print = () => undefined));
  await first.press("act.print");
  await first.emulateMedia({ media: "print" });
  assert.ok((await first.locator("#paper").textContent()).includes("17-ж"));
  const paper = await first.locator("#paper").textContent();
  assert.ok(paper.includes("7-бап") && paper.includes(first.t("act.named")));
  assert.ok(!paper.includes("Әлия"), "no name in an act");
  assert.ok(!paper.includes("Прокуратураға берілді"), "what the reporter was told is no part of an act");
  await picture(first, "trust-officer-act");
  await first.emulateMedia({ media: "screen" });
  await first.evaluate(() => dispatchEvent(new Event("afterprint")));

  await act(first, "close", async (form) => {
    await form.locator("textarea").fill("Тексеру аяқталды");
    await form.locator("select").selectOption("confirmed");
  });

  // The reporter reads all three, by the number alone.
  const back = speak(await chrome.page({ lang: "kk", width: 360 }), REPORTER, "kk");
  await back.goto(`${site.address}/kk`);
  await back.press("start.back");
  await back.locator("#number").fill(groups.join(" "));
  await back.press("return.open");
  await back.getByText("Тексеру аяқталды").waitFor();
  const letters = await back.locator(".letters").textContent();
  for (const part of ["Хабарламаңызды алдық.", "Прокуратураға берілді"]) assert.ok(letters.includes(part), part);
  assert.ok(!letters.includes("4417"));
  await back.getByText(back.t("return.closed")).waitFor();

  // An export opens with its passphrase, offline.
  await first.locator("summary", { hasText: first.t("do.export") }).click();
  await first.locator("#exportpass").fill("correct horse battery");
  // For another body unless somebody chooses otherwise; it is opened on the page, without keys of an officer.
  const [outward] = await Promise.all([first.waitForEvent("download"), first.locator("details.act[open]").getByRole("button").click()]);
  const theirs = path.join(site.state, "outward.vault");
  await outward.saveAs(theirs);
  const clerk = await open({ lang: "ru" });
  await clerk.locator("#stored").setInputFiles(theirs);
  await clerk.locator("#storedpass").fill("correct horse battery");
  await clerk.getByRole("button", { name: clerk.t("saved.open"), exact: true }).click();
  await clerk.locator(".dialogue .said").first().waitFor();
  const archive = await clerk.locator("#desk").textContent();
  assert.ok(archive.includes("7-бап"));
  for (const inner of ["Әлия Серікқызы", "Тексеру аяқталды"]) assert.ok(!archive.includes(inner), inner);
  await clerk.press("file.open");
  await clerk.locator(".dialogue iframe").waitFor();
  await clerk.context().close();
  await first.locator("#whom").selectOption("readers");
  await first.locator("#exportpass").fill("correct horse battery");
  const [download] = await Promise.all([first.waitForEvent("download"), first.locator("details.act[open]").getByRole("button").click()]);
  const file = path.join(site.state, "case.vault");
  await download.saveAs(file);
  assert.equal(fs.readFileSync(file).includes("Тексеру"), false);
  fs.writeFileSync(path.join(site.state, "word"), "correct horse battery\n");
  const plain = JSON.parse(ceremony("reveal", file, "--passphrase-file", path.join(site.state, "word")));
  assert.ok(JSON.stringify(plain).includes("Тексеру аяқталды"));
  // What was attached is in it, byte for byte as it was shown.
  const folder = path.join(site.state, "case");
  const [attached] = JSON.parse(ceremony("reveal", file, "--to", folder, "--passphrase-file", path.join(site.state, "word"))).said[0].attachments;
  assert.deepEqual([attached.name, attached.media, attached.file], ["1.jpg", "image/jpeg", "1-1.jpg"]);
  const bytes = fs.readFileSync(path.join(folder, attached.file));
  assert.equal(bytes.length, attached.size);
  assert.equal(bytes.subarray(0, 3).toString("hex"), "ffd8ff");
  assert.equal(bytes.toString("base64"), drawn);

  // Numbers below five are not shown.
  await first.press("tab.stats");
  assert.equal(await first.getByText(first.t("stats.few")).count() > 0, true);
  assert.deepEqual(await first.locator(".counts td").evaluateAll((all) => all.map((one) => one.textContent).filter((text) => /^\d+$/.test(text))), []);

  // Only this address was asked, and only sealed bytes went out.
  for (const { url, body } of [...first.asked, ...second.asked]) {
    assert.ok(url.startsWith(`${site.address}/`) || /^(data|blob):/.test(url), url);
    for (const marker of ["4417", "Тексеру", "Прокуратура", PASS]) assert.ok(!body?.includes(Buffer.from(marker)), marker);
  }
  assert.deepEqual([...first.problems, ...second.problems, ...third.problems, ...custodian.problems], []);
});

test("keys are locked, renewed, carried to another device and refused under a wrong passphrase", { timeout: 300_000 }, async () => {
  await report({ text: "мәтін" });
  await site.tick(at(today(), 9));
  const page = await open({ lang: "en" });
  await page.locator("#file").setInputFiles(path.join(site.keys, "officer-1.vault"));
  await page.locator("#oldpass").fill("not the passphrase");
  await page.press("import.take");
  await page.getByText(page.t("error.refused")).waitFor();
  await page.locator("#oldpass").fill("");
  await enter(page, 1);
  // What the device keeps is sealed.
  const kept = await page.evaluate(() => new Promise((resolve) => {
    const asked = indexedDB.open("mansap-officer");
    asked.onsuccess = () => {
      const all = asked.result.transaction("kept").objectStore("kept").getAll();
      all.onsuccess = () => resolve(all.result.map((one) => new TextDecoder("latin1").decode(one)));
    };
  }));
  assert.ok(kept.length >= 2);
  for (const text of kept) assert.doesNotMatch(text, /seed|"sign"|officer|events/);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);

  await page.press("tab.keys");
  const [backup] = await Promise.all([page.waitForEvent("download"), page.press("keys.backup")]);
  const file = path.join(site.state, "officer.backup.json");
  await backup.saveAs(file);
  await page.locator("#rotate").fill("wrong passphrase");
  await page.press("rotate.do");
  await page.getByText(page.t("error.refused")).waitFor();
  await page.locator("#rotate").fill(PASS);
  const [public_] = await Promise.all([page.waitForEvent("download"), page.press("rotate.do")]);
  const made = JSON.parse(fs.readFileSync(await public_.path(), "utf8"));
  assert.equal(made.id, 1);
  assert.ok(made.epochs.length >= 3 && made.epochs.every(({ box }) => box.length === 2432));
  await page.press("lock");
  await page.locator("#pass").waitFor();
  assert.ok(!(await page.content()).includes(PEOPLE[1]), "locked");
  await page.reload();
  await page.locator("#pass").fill("wrong wrong wrong");
  await page.press("unlock");
  await page.getByText(page.t("error.refused")).waitFor();
  await page.locator("#pass").fill(PASS);
  await page.press("unlock");
  await page.locator(".tabs").waitFor();

  const other = await open({ lang: "ru" });
  await other.locator("#file").setInputFiles(file);
  await other.locator("#oldpass").fill(PASS);
  await other.press("import.take");
  await other.locator(".list tbody tr").first().waitFor();
  // Envelopes are in no backup: the other device has fetched them anew.
  await other.getByText(other.t("sync"), { exact: true }).waitFor({ state: "detached" });
  await openCase(other);
  await other.locator("#case .dialogue .said").first().waitFor();
  assert.deepEqual([...page.problems, ...other.problems], []);
});

test("keys made on the page are those that the ceremony signs", { timeout: 300_000 }, async () => {
  const page = await open({ lang: "kk", width: 360 });
  await page.locator("#number").fill("21");
  await page.locator("#name").fill("Жаңа мүше");
  await page.locator("#newpass").fill("short");
  await page.locator("#again").fill("short");
  await page.press("new.make");
  await page.getByText(page.t("error.passphrase")).waitFor();
  for (const id of ["#newpass", "#again"]) await page.locator(id).fill("төрт түлік қой ешкі");
  const [download] = await Promise.all([page.waitForEvent("download"), page.press("new.make")]);
  const folder = path.join(site.state, "signing");
  fs.mkdirSync(folder, { recursive: true });
  await download.saveAs(path.join(folder, "new.public.json"));
  await page.press("next");
  await page.getByText(page.t("warn.unlisted")).waitFor();

  // A second person, made by the command, and a root: the ceremony takes both.
  fs.writeFileSync(path.join(folder, "word"), "twelve letters\n");
  const words = ["--today", today(), "--passphrase-file", path.join(folder, "word")];
  ceremony("root", path.join(folder, "root.vault"), ...words);
  ceremony("person", path.join(folder, "b.vault"), "--role", "officer", "--id", "22", "--name", "B", ...words);
  fs.writeFileSync(path.join(folder, "plan.json"), JSON.stringify({ version: 1, people: ["new.public.json", "b.public.json"], channels: [{ name: "main", officers: [21, 22] }] }));
  ceremony("sign", path.join(folder, "plan.json"), "--root-key", path.join(folder, "root.vault"), "--out", path.join(folder, "keys.cbor"), ...words);
  // With one officer alone a channel is not signed.
  fs.writeFileSync(path.join(folder, "alone.json"), JSON.stringify({ version: 1, people: ["new.public.json"], channels: [{ name: "main", officers: [21] }] }));
  assert.throws(() => ceremony("sign", path.join(folder, "alone.json"), "--root-key", path.join(folder, "root.vault"), "--out", path.join(folder, "alone.cbor"), ...words));
});

test("D8 every section is accessible in three languages, wide and narrow", { timeout: 300_000 }, async () => {
  await report({ text: "мәтін" });
  await site.tick(at(today(), 9));
  for (const lang of LANGS) for (const width of [1280, 360]) {
    const page = await open({ lang, width });
    const look = async (name) => {
      assert.deepEqual(await inspect(page), [], `${lang} ${width} ${name}`);
      await picture(page, `trust-officer-${lang}-${width}-${name}`);
    };
    await page.locator("#file").waitFor();
    await look("first");
    await enter(page, 1);
    await openCase(page);
    await look("case");
    await page.locator("summary", { hasText: page.t("do.forward") }).click();
    await look("forward");
    for (const tab of ["keys", "stats"]) {
      await page.press(`tab.${tab}`);
      await look(tab);
    }
    await page.context().close();
  }
});

test("posters: a sheet an organisation, one code for all, nothing sent; the guides; no page of reporters links here", async () => {
  for (const lang of LANGS) {
    const page = speak(await chrome.page({ lang, width: 1280 }), OFFICER, lang);
    const asked = [];
    page.on("request", (request) => asked.push([request.method(), request.url()]));
    await page.goto(`${site.address}/poster/${lang}`);
    await page.locator(".sheet").waitFor();
    await page.locator("#names").fill("№ 5 мектеп-гимназия\n\n«Балбөбек» балабақшасы\n<b>x</b>");
    assert.equal(await page.locator(".sheet").count(), 3);
    const codes = await page.locator(".sheet svg path").evaluateAll((all) => all.map((one) => one.getAttribute("d")));
    assert.equal(new Set(codes).size, 1, "no poster tells where it hung");
    assert.equal(await page.locator(".sheet b").count(), 0);
    assert.ok((await page.locator(".sheet").first().textContent()).includes(site.address.replace("http://", "")));
    assert.deepEqual(await inspect(page), [], lang);
    assert.ok(asked.every(([method, url]) => method === "GET" && !decodeURI(url).includes("мектеп")));
    // On paper a sheet is a page.
    const paper = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.equal(Number(/\/Count (\d+)/.exec(paper.toString("latin1"))?.[1]), 3);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 });
    await picture(page, `trust-poster-${lang}`);
    const spill = await page.locator(".sheet").evaluateAll((all) => all.map((one) => one.scrollHeight - one.clientHeight));
    assert.ok(spill.every((more) => more <= 1), `${spill}`);
    await page.emulateMedia({ media: "screen" });
    for (const [where, other] of [["guide", "oversight"], ["oversight", "guide"]]) {
      await page.goto(`${site.address}/officer/${lang}/${where}`);
      assert.deepEqual(await inspect(page), [], `${lang} ${where}`);
      await picture(page, `trust-officer-${where}-${lang}`);
      assert.equal(await page.locator("header").getByRole("link", { name: page.t(other), exact: true }).getAttribute("href"), `/officer/${lang}/${other}`);
    }
    for (const where of ["", "/help"]) assert.doesNotMatch(await (await fetch(`${site.address}/${lang}${where}`)).text(), /\/officer|\/poster/);
    await page.context().close();
  }
});
