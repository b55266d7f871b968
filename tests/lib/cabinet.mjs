// Cabinets in the browser, for the tests of them: their texts, their pages, and who sits there.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { root, signIn } from "./portal.mjs";

/** The texts of several tables in one. */
export const texts = (...names) =>
  Object.assign({}, ...names.map((name) => JSON.parse(fs.readFileSync(path.join(root, `schemas/locales/${name}.json`), "utf8"))));

/** The words of a key in one language, with what is filled into them. */
export const spoken = (table, lang) => (key, values = {}) =>
  Object.entries(values).reduce((text, [from, to]) => text.replaceAll(`{${from}}`, to), table[key][lang]);

/** The page is drawn and nothing of it is on its way. */
export async function ready(page) {
  await page.locator("#page-title").waitFor();
  await page.waitForFunction(() => !document.querySelector("main .waiting"));
}

/** Gives the browser of a page the cookie of a session. */
export async function admit(page, site, cookie) {
  const [name, value] = cookie.split(/=(.*)/s);
  await page.context().addCookies([{ name, value, url: site.address.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Strict" }]);
}

/** Makes a page one of a cabinet: its language, and what a test says to it (`t`, `to`, `field`, `press`, `said`). */
export async function settle(page, site, table, lang) {
  await page.context().addInitScript((chosen) => {
    // A frame with a document of its own has no storage.
    const kept = globalThis.localStorage;
    if (kept && !kept.getItem("mansap.lang")) kept.setItem("mansap.lang", chosen);
  }, lang);
  page.t = spoken(table, lang);
  page.to = async (where) => {
    await page.goto(`${site.address}${where}`);
    await ready(page);
  };
  page.field = (name) => page.locator(`[id="f-${name}"]`);
  page.press = (key, values) => page.getByRole("button", { name: page.t(key, values), exact: true }).first().click();
  page.said = (key) => page.locator(".toasts").getByText(page.t(key)).first().waitFor();
  return page;
}

/**
 * The people of a test file, by their logins: `open(who, {lang, width})` is a page of who's cabinet,
 * `ask(who, method, where, body)` the API as that person. `enter` signs in and gives the cookie.
 */
export function accounts(site, chrome, table, enter = (login) => signIn(site, login).then((made) => made.cookie)) {
  // A code is good once, so everybody signs in once for all tests of a file.
  const sessions = new Map();
  const cookie = (who) => sessions.get(who) ?? sessions.set(who, enter(who)).get(who);
  const leave = (who) => sessions.delete(who);

  const open = async (who, { lang = "kk", ...more } = {}) => {
    const page = await chrome.page({ lang, ...more });
    await admit(page, site, await cookie(who));
    return settle(page, site, table, lang);
  };

  const ask = async (who, method, where, body, headers = {}) => {
    const answer = await site.ask(`/api/v1/cabinet/${where}`, {
      method, body: body && JSON.stringify(body),
      headers: { cookie: await cookie(who), origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...headers },
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${where}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return { cookie, leave, open, ask };
}
