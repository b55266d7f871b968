// Chromium for a test file.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { root } from "./portal.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export { LANGS } from "./pages.mjs";
export const WIDTHS = [320, 1280];
export const out = path.join(root, "tests/out");

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Starts Chromium before the tests of a file; `page({width, lang, …})` gives a page of its own. */
export function browser() {
  const self = {};
  before(async () => {
    fs.mkdirSync(out, { recursive: true });
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    self.instance = await chromium.launch({ executablePath, headless: true, args: FLAGS });
  });
  after(() => self.instance?.close());
  self.page = async ({ width = 1280, lang = "kk", script = true, ...more } = {}) => {
    const context = await self.instance.newContext({
      viewport: { width, height: width < 600 ? 700 : 900 }, locale: lang, javaScriptEnabled: script, reducedMotion: "reduce", ...more,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.problems = [];
    page.on("console", (message) => {
      if (message.type() === "error") page.problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => page.problems.push(`script: ${error.message}`));
    page.on("response", (answer) => {
      if (answer.status() >= 400 && answer.url() !== page.expected) page.problems.push(`${answer.status()} ${answer.url()}`);
    });
    return page;
  };
  return self;
}

/** Asks again, a frame of the page later, until the answer is true (`waitForFunction` takes a promise for one). */
export async function until(page, ask, patience = 30_000) {
  for (const end = Date.now() + patience; !(await ask());) {
    if (Date.now() > end) throw new Error(`never came true: ${ask}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** What is wrong with the page that is shown: axe, sideways scrolling, errors, languages. */
export async function inspect(page) {
  const problems = [...page.problems];
  page.problems.length = 0;
  // Through the debugger, so that the page's own policy stays in force.
  await page.evaluate(`${axe}; undefined`);
  const { violations } = await page.evaluate(() =>
    // Only what is wrong is told, and style sheets are the page's own: asking for more takes twice as long.
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false,
    }));
  for (const { id, help, nodes } of violations) {
    problems.push(`axe ${id} (${help}): ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
  }
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return undefined;
    const culprit = [...document.body.querySelectorAll("*")].find((one) => one.getBoundingClientRect().right > room + 1);
    return `${document.documentElement.scrollWidth} px of ${room}: ${culprit?.outerHTML.slice(0, 120)}`;
  });
  if (wide) problems.push(`scrolls sideways: ${wide}`);
  return problems;
}

/** A picture for people to look at, when somebody asked for them (`PICTURES=1`): seven hundred take minutes. */
export async function picture(page, name) {
  if (!process.env.PICTURES) return;
  const file = path.join(out, `${name.replaceAll(/[^\w.-]+/g, "_").slice(0, 100)}.png`);
  await page.screenshot({ path: file, fullPage: true });
}
