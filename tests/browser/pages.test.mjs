// Every public page in three languages at the width of a phone and of a desk: nothing for axe to
// find, no sideways scrolling, no error in the console, one heading, the right language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, inspect, LANGS, picture, WIDTHS } from "../lib/browser.mjs";
import { pages } from "../lib/pages.mjs";
import { portal } from "../lib/portal.mjs";
import { publish } from "../lib/vacancies.mjs";

let list;
const site = portal("pages", {
  prepare: async (running) => {
    await publish(running);
    list = await pages(running);
  },
});
const chrome = browser();

for (const lang of LANGS) {
  for (const width of WIDTHS) {
    test(`pages in ${lang} at ${width} px`, async (t) => {
      const page = await chrome.page({ width, lang });
      for (const where of list) {
        await t.test(`${lang} ${width} ${where || "/"}`, async () => {
          page.expected = `${site.address}/${lang}${where || "/"}`;
          const answer = await page.goto(page.expected, { waitUntil: "load" });
          assert.ok(answer.status() < 500, `status ${answer.status()}`);
          // A page that is not there is an answer; the console reports it as an error, too.
          if (answer.status() >= 400) page.problems = page.problems.filter((one) => !/Failed to load resource/.test(one));
          const problems = await inspect(page);
          assert.equal(await page.getAttribute("html", "lang"), lang);
          const headings = await page.locator("h1").count();
          if (headings !== 1) problems.push(`${headings} headings of the first level`);
          await picture(page, `${lang}-${width}-${where || "home"}`);
          assert.deepEqual(problems, []);
        });
      }
      await page.context().close();
    });
  }
}
