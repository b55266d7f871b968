// A person asks a school to compare a record of the profile with its original; the school sends it
// back, the person puts it right and asks again, the school confirms it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, inspect, picture } from "../lib/browser.mjs";
import { own, ready } from "../lib/own.mjs";
import { portal, root } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, `schemas/locales/${name}.json`), "utf8"));
const STAFF = Object.assign({}, ...["cabinet", "cabinet_selection", "cabinet_staff"].map(read));
let vacancy;
const site = portal("browser-records", {
  prepare: async (running) => {
    [vacancy] = await publish(running, 1);
  },
});
const chrome = browser();
const person = own(site, chrome, "support.desk");
const clerk = own(site, chrome, "hr.school1");

for (const [lang, width] of [["kk", 360], ["ru", 1280]]) {
  test(`a school compares a record with its original, ${lang} at ${width} px`, async () => {
    const s = (key) => STAFF[key][lang];
    const title = `Дифференциалды оқыту ${lang}`;
    const evidence = [await person.upload("Сертификат.pdf")];
    const record = { kind: "course", title, provider: "Өрлеу", hours: 80, from: "2025-06-02", to: "2025-06-13", number: `04123${width}` };
    const { id } = await person.ask("POST", "my/profile", { record, evidence });
    const school = (await clerk.ask("GET", "me")).organisations[0];

    // The person asks.
    const page = await person.open({ lang, width });
    const ask = async () => {
      await page.to(`/app/my/profile/record/${id}`);
      await page.field("place-search").fill(school.name[lang].slice(0, 30));
      await page.waitForFunction((value) => [...document.getElementById("f-organisation").options].some((one) => one.value === value), school.id);
      await page.field("organisation").selectOption(school.id);
      assert.deepEqual(await inspect(page), []);
      await picture(page, `records-ask-${lang}-${width}`);
      await page.press("record.ask");
      await page.waitForURL(/\/app\/my\/profile$/);
      await page.getByText(page.t("choice.state.submitted")).first().waitFor();
    };
    await ask();
    await page.to(`/app/my/profile/record/${id}`);
    await page.getByRole("button", { name: page.t("record.recall"), exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: page.t("record.save"), exact: true }).count(), 0, "what is compared is not rewritten");
    await picture(page, `records-asked-${lang}-${width}`);

    // The school looks, and sends it back.
    const desk = await clerk.open({ lang, width });
    const click = (key) => desk.getByRole("button", { name: s(key), exact: true }).first().click();
    await desk.to("/app/");
    await desk.locator(`a[href="/app/applications/records"]`).first().click();
    await desk.waitForURL(/\/applications\/records$/);
    await ready(desk);
    await desk.getByRole("link", { name: title }).waitFor();
    assert.deepEqual(await inspect(desk), []);
    await picture(desk, `records-list-${lang}-${width}`);
    const open = async () => {
      await desk.getByRole("link", { name: title }).click();
      await desk.waitForURL(new RegExp(`${id}$`));
      await ready(desk);
    };
    await open();
    await desk.getByRole("button", { name: "Сертификат.pdf" }).click();
    await desk.locator(".viewer strong").getByText("Сертификат.pdf").waitFor();
    await desk.getByText("Өрлеу", { exact: true }).waitFor();
    // The file may still be in its check; then nobody else opens it, and 409 is the answer.
    desk.problems = desk.problems.filter((one) => !/409/.test(one));
    assert.deepEqual((await inspect(desk)).filter((one) => !/frame|pdf/i.test(one)), []);
    await picture(desk, `records-one-${lang}-${width}`);
    await click("records.return");
    const dialog = desk.getByRole("dialog");
    // Without a reason nothing goes out.
    const send = dialog.getByRole("button", { name: s("records.return"), exact: true });
    await send.click();
    await dialog.locator(".wrong").first().waitFor();
    desk.problems.length = 0;
    await desk.field("reason").fill("Сағаты басқа");
    await send.click();
    await desk.waitForURL(/\/applications\/records$/);

    // The person reads why, puts it right, asks again.
    await page.to(`/app/my/profile/record/${id}`);
    await page.getByText("Сағаты басқа").waitFor();
    await page.field("record.hours").fill("72");
    await page.press("record.save");
    await page.waitForURL(/\/app\/my\/profile$/);
    await page.waitForFunction(() => !document.querySelector(".unsent"));
    await ask();

    // The school confirms.
    await desk.to("/app/applications/records");
    await open();
    await desk.getByText("72", { exact: true }).waitFor();
    await click("records.confirm");
    await desk.waitForURL(/\/applications\/records$/);
    const item = (await person.ask("GET", "my/profile")).items.find((one) => one.id === id);
    assert.deepEqual([item.state, item.verification], ["confirmed", "organisation"]);
    await page.to("/app/my/profile");
    await page.getByText(page.t("choice.state.confirmed")).first().waitFor();
    await picture(page, `records-confirmed-${lang}-${width}`);
    await page.context().close();
    await desk.context().close();
  });
}

test("what is changed or removed in the profile is so in the application that is being written", async () => {
  const record = { kind: "education", level: "bachelor", institution: "ҚазҰПУ", specialty: "Математика", finished: 2012 };
  const { id } = await person.ask("POST", "my/profile", { record, evidence: [await person.upload("Диплом.pdf")] });
  const application = (await person.draft(vacancy.id)).id;
  const written = async () => (await person.ask("GET", `my/applications/${application}`)).content.records.filter(({ kind }) => kind === "education");
  assert.deepEqual((await written()).map((one) => one.id), [id]);
  const page = await person.open({ lang: "kk", width: 360 });
  const here = `/app/my/applications/${application}/education`;
  await page.to(here);
  await page.locator(".records input:checked").waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, "records-in-application");
  await page.locator(`.records a[href*="${id}"]`).click();
  await page.waitForURL(new RegExp(`/records/${id}`));
  await ready(page);
  await page.field("record.specialty").fill("Физика");
  await page.press("record.save");
  await page.waitForURL((url) => url.pathname === here);
  await ready(page);
  await page.locator(".records label").getByText("Физика").waitFor();
  await page.press("apply.save_next");
  await page.waitForURL(/\/experience$/);
  assert.deepEqual((await written()).map((one) => one.details.specialty), ["Физика"]);
  // The profile has it no more: the application still shows it, and it can be taken out.
  const { version } = await person.ask("GET", `my/profile/${id}`);
  await person.ask("DELETE", `my/profile/${id}`, undefined, { "if-match": `"${version}"` });
  await page.to(here);
  await page.locator(".records input:checked").click();
  await page.press("apply.save_next");
  await page.waitForURL(/\/experience$/);
  assert.deepEqual(await written(), []);
  await page.context().close();
});
