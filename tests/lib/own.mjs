// A person's own cabinet in the browser, for the tests of it.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { root, signIn } from "./portal.mjs";

const read = (name) => JSON.parse(fs.readFileSync(path.join(root, `schemas/locales/${name}.json`), "utf8"));
export const TEXTS = Object.assign({}, ...["profile", "feedback", "cabinet", "cabinet_my", "cabinet_own", "cabinet_applicant"].map(read));

/** The page is drawn and nothing of it is on its way. */
export async function ready(page) {
  await page.locator("#page-title").waitFor();
  await page.waitForFunction(() => !document.querySelector("main .waiting"));
}

/** A whole build is on the device: that of a cabinet, or any. */
export async function kept(page, cabinet = "") {
  await page.evaluate(async (wanted) => {
    await navigator.serviceWorker.ready;
    for (;;) {
      for (const name of await caches.keys()) if (name.startsWith(wanted) && await (await caches.open(name)).match("/app/.whole")) return;
      await new Promise((soon) => setTimeout(soon, 50));
    }
  }, `mansap-${cabinet}`);
}

/** What waits on the device. */
export const rows = (page) => page.evaluate(() => new Promise((resolve, reject) => {
  const request = indexedDB.open("mansap");
  request.onsuccess = () => {
    const db = request.result;
    if (!db.objectStoreNames.contains("queue")) return db.close(), resolve([]);
    const all = db.transaction("queue").objectStore("queue").getAll();
    all.onsuccess = () => (db.close(), resolve(all.result));
  };
  request.onerror = () => reject(request.error);
}));

/** One person with a cookie: pages of the browser and the API, each as that person. */
export function own(site, chrome, login) {
  // A code is good once, so the person signs in once for all tests of a file.
  let session;
  const cookie = async () => (session ??= signIn(site, login)).then((made) => made.cookie);

  const ask = async (method, where, body, headers = {}) => {
    const answer = await site.ask(`/api/v1/cabinet/${where}`, {
      method, body: body && JSON.stringify(body),
      headers: { cookie: await cookie(), origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...headers },
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${where}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };

  const open = async ({ lang = "kk", width = 360, ...more } = {}) => {
    const page = await chrome.page({ lang, width, ...more });
    const [name, value] = (await cookie()).split(/=(.*)/s);
    await page.context().addCookies([{ name, value, url: site.address.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Strict" }]);
    await page.context().addInitScript((chosen) => {
      if (!localStorage.getItem("mansap.lang")) localStorage.setItem("mansap.lang", chosen);
    }, lang);
    page.setDefaultTimeout(60_000);
    page.t = (key, values = {}) => Object.entries(values).reduce((text, [from, to]) => text.replace(`{${from}}`, to), TEXTS[key][lang]);
    page.to = async (where) => {
      await page.goto(`${site.address}${where}`);
      await ready(page);
    };
    page.field = (name) => page.locator(`[id="f-${name}"]`);
    page.press = (key) => page.getByRole("button", { name: page.t(key), exact: true }).first().click();
    return page;
  };

  /** A draft for a vacancy. */
  const draft = (vacancy) => ask("POST", "my/applications", { vacancy });

  /** A small PDF of the person; returns its identifier. */
  const upload = async (name) => {
    const answer = await site.ask(`/api/v1/cabinet/my/files?purpose=document&name=${encodeURIComponent(name)}`, {
      method: "POST", body: Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"),
      headers: { cookie: await cookie(), origin: site.address, "sec-fetch-site": "same-origin", "idempotency-key": crypto.randomUUID() },
    });
    assert.equal(answer.status, 201, name);
    return (await answer.json()).id;
  };
  return { ask, open, draft, upload };
}
