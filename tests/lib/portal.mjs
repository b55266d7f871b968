// The portal on real workerd for a test file: its own port, its own copy of the seeded databases.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import * as demo from "../../scripts/lib/demo.mjs";
import { start } from "../../scripts/lib/server.mjs";
import { startGateway } from "../gateway/gateway.mjs";

export { demo };
export const root = path.resolve(import.meta.dirname, "../..");
export const local = process.env.MANSAP_LOCAL;
if (!local) throw new Error("run the tests with scripts/check --only NAME or scripts/test FILE: they need the variables of scripts/env");

const template = path.join(local, "test/template");

/** A fresh copy of the migrated and seeded databases. */
export function freshState(name) {
  execFileSync("scripts/lib/state", [template], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const state = path.join(local, "test", `${name}-${process.pid}`);
  fs.rmSync(state, { recursive: true, force: true });
  fs.cpSync(template, state, { recursive: true });
  return state;
}

/**
 * Starts the portal before the tests of a file and ends it after them. The returned object is
 * filled when it runs: `address`, `port`, `ask`, `restart`, `kill`. `prepare` runs once it does,
 * `stage` before, on the folder of its databases. With `gateway: true` the worker `dispatch` and
 * the stand-in of the gateways run too: `control` asks it what was sent, `tell` how to behave.
 */
export function portal(name, { prepare, stage, gateway, ...options } = {}) {
  const self = { state: undefined, server: undefined };
  const run = async (more = {}) => {
    self.server = await start({ state: self.state, gateway: self.gateway?.vars, ...options, ...more });
    self.address = self.server.address;
    self.port = self.server.port;
  };
  self.ask = (where, init = {}) => fetch(new URL(where, self.address), { redirect: "manual", signal: AbortSignal.timeout(20_000), ...init });
  self.control = (what, init) => fetch(`${self.gateway.address}/control/${what}`, init).then((answer) => answer.json());
  self.tell = (what, value) => self.control(what, { method: "PUT", body: JSON.stringify(value) });
  self.kill = () => self.server.kill();
  self.restart = () => run();
  before(async () => {
    self.state = freshState(name);
    if (gateway) self.gateway = await startGateway();
    await stage?.(self.state);
    await run();
    await prepare?.(self);
  });
  after(async () => {
    await self.server?.stop();
    await self.gateway?.close();
    if (self.state) fs.rmSync(self.state, { recursive: true, force: true });
  });
  return self;
}

/** The clock of the workers ticks: locally this does it. */
export function tick(site) {
  return site.ask("/cdn-cgi/local/scheduled").then((answer) => answer.body?.cancel());
}

/** Waits until `holds` gives something and returns it; the workers go on meanwhile, unless `ticks` is off. */
export async function eventually(site, what, holds, { ticks = true } = {}) {
  const end = Date.now() + 90_000;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    if (ticks) await tick(site);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let lastStep = 0;
/** A code that was not used yet: one is good once, so a second sign-in waits for the next step. */
const used = new Set();
async function code(login) {
  for (;;) {
    lastStep = Math.floor(Date.now() / 30_000);
    for (const step of [lastStep, lastStep + 1, lastStep - 1]) {
      const key = `${login} ${step}`;
      // The server takes one step of skew on either side and never an older one than the last.
      if (!used.has(key) && (step >= lastStep || !used.has(`${login} ${lastStep}`))) {
        used.add(key);
        return demo.totp(demo.TOTP_BASE32, step * 30_000);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Signs in as a demo account through the page; returns the cookie for `Cookie:`. */
export async function signIn(site, login, lang = "ru") {
  const answer = await site.ask(`/${lang}/sign-in`, {
    method: "POST",
    headers: { origin: site.address, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ login, password: demo.PASSWORD, code: await code(login) }),
  });
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith("__Host-session="));
  if (!cookie) throw new Error(`sign-in of ${login} failed: ${answer.status} ${await answer.text()}`);
  return { cookie: cookie.split(";")[0], setCookie: cookie, answer };
}

/** Calls the cabinet's API as a script of an operator does. */
export function operator(site) {
  return async (method, where, body, headers = {}) => {
    const answer = await site.ask(`/api/v1/cabinet/${where}`, {
      method,
      headers: {
        authorization: `Bearer ${demo.API_KEY}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
  };
}

/** Headers that every answer must have. */
export function assertSecure(assert, headers, what) {
  const csp = headers.get("content-security-policy") ?? "";
  assert.match(csp, /default-src 'none'/, `${what}: CSP`);
  assert.doesNotMatch(csp, /unsafe-inline|'unsafe-eval'|\*/, `${what}: CSP is wide`);
  assert.match(csp, /frame-ancestors '(none|self)'/, `${what}: framing`);
  assert.equal(headers.get("x-content-type-options"), "nosniff", `${what}: nosniff`);
  assert.ok(headers.get("referrer-policy"), `${what}: Referrer-Policy`);
  assert.equal(headers.get("cross-origin-opener-policy"), "same-origin", `${what}: COOP`);
  assert.ok(headers.get("cross-origin-resource-policy"), `${what}: CORP`);
  assert.ok(headers.get("permissions-policy"), `${what}: Permissions-Policy`);
  assert.ok(headers.get("cache-control"), `${what}: Cache-Control`);
  for (const name of ["server", "x-powered-by", "via"]) assert.equal(headers.get(name), null, `${what}: ${name}`);
}
