// A passkey is made and signs in: Chromium with an authenticator of its own (CDP). Passkeys belong to a
// host name, so this portal is at localhost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort } from "../../scripts/lib/server.mjs";
import { browser, inspect, picture } from "../lib/browser.mjs";
import { ready, texts } from "../lib/cabinet.mjs";
import { portal } from "../lib/portal.mjs";

const [OWN, PUBLIC] = [texts("cabinet", "cabinet_my", "cabinet_own"), texts("public")];

const port = await freePort();
const origin = `http://localhost:${port}`;
const site = portal("browser-passkey", { gateway: true, port, origin });
const chrome = browser();

test("a passkey is made, signs in without a code, and is of no use once it was removed", async () => {
  const lang = "kk";
  const page = await chrome.page({ lang, width: 360 });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(`${origin}/${lang}/enter`);
  await page.getByRole("button", { name: PUBLIC["enter.passkey"][lang] }).waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, "enter-kk-360");
  await page.locator("#contact").fill("8 701 555 12 34");
  await page.locator("main form .button").first().click();
  await page.locator("#code").waitFor();
  const [sent] = await site.control("sent?to=77015551234");
  await page.locator("#code").fill(/\b\d{6}\b/.exec(sent.text)[0]);
  await page.locator("main form .button").first().click();
  await page.waitForURL(/\/app\/my/);

  const security = async () => {
    await page.goto(`${origin}/app/my/security`);
    await ready(page);
  };
  const press = (key) => page.getByRole("button", { name: OWN[key][lang], exact: true }).last().click();
  await page.evaluate((chosen) => localStorage.setItem("mansap.lang", chosen), lang);
  await security();
  await press("security.add_passkey");
  await page.locator(".toasts").getByText(OWN["security.passkey_made"][lang]).waitFor();
  await picture(page, "passkey-made-kk-360");

  const leave = () => page.context().clearCookies();
  const enter = async () => {
    await page.goto(`${origin}/${lang}/enter?next=${encodeURIComponent("/app/my/security")}`);
    await page.getByRole("button", { name: PUBLIC["enter.passkey"][lang] }).click();
  };
  await leave();
  await enter();
  await page.waitForURL(/\/app\/my\/security$/);
  await page.locator("#page-title").waitFor();
  assert.equal((await page.evaluate(() => fetch("/api/v1/cabinet/my/passkeys").then((answer) => answer.json()))).length, 1);

  // What is signed is good for this place alone, and nothing is left of a passkey that was removed.
  await security();
  const [{ id }] = await page.evaluate(() => fetch("/api/v1/cabinet/my/passkeys").then((answer) => answer.json()));
  await page.evaluate((one) => fetch(`/api/v1/cabinet/my/passkeys/${encodeURIComponent(one)}`, { method: "DELETE", headers: { "idempotency-key": crypto.randomUUID() } }), id);
  await leave();
  page.expected = `${origin}/api/v1/cabinet/passkey/sign-in`;
  await enter();
  await page.getByText(PUBLIC["enter.passkey_failed"][lang]).waitFor();
  assert.match(page.url(), /\/enter/);
  await page.context().close();
});
