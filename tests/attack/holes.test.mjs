// The eleven holes that an inspection looks for (C24.6), each as a test.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import https from "node:https";
import path from "node:path";
import { test } from "node:test";
import { certificate } from "../lib/tls.mjs";
import { LANGS, pages } from "../lib/pages.mjs";
import { demo, local, operator, portal, root, signIn } from "../lib/portal.mjs";
import { announcement, publish } from "../lib/vacancies.mjs";

const ORIGIN = "https://mansap.test";
let list;
let vacancies;
// As in production: https, nothing of development. Any local address in an answer is a leak.
const site = portal("holes", {
  origin: ORIGIN,
  vars: { DEV: "" },
  prepare: async (running) => {
    vacancies = await publish(running, 3);
    list = await pages(running);
  },
});
const cabinet = operator(site);

/** Every public answer: pages in three languages, feeds, files. */
async function* answers() {
  const files = ["/", "/robots.txt", "/sitemap.xml", "/feed.atom", "/healthz", "/readyz", "/api/openapi.json", "/api/v1/vacancies", "/api/v1/none", "/none", "/app/", "/app/none.js"];
  for (const where of [...files, ...LANGS.flatMap((lang) => list.map((page) => `/${lang}${page || "/"}`))]) {
    const answer = await site.ask(where);
    yield { where, answer, text: await answer.text() };
  }
}

const SQL = ["'", "' OR '1'='1", "1; DROP TABLE vacancy--", "\" OR \"\"=\"", "') UNION SELECT password FROM account--", "%' AND 1=randomblob(100000000) AND '%'='", "\\", "*", "NEAR(", "AND OR NOT", "a\" OR b:*"];
const INNER = /SQLITE|D1_ERROR|syntax error|near "|no such (table|column)|panicked|stack backtrace|\.rs:\d+|src\/|RuntimeError|unreachable|wasm-function|TypeError|    at /;

test("1. SQL injection: hostile text is text", async () => {
  const total = async (query) => (await (await site.ask(`/api/v1/vacancies?${query}`)).json()).total;
  const all = await total("");
  assert.equal(typeof all, "number");
  for (const text of SQL) {
    for (const name of ["q", "region", "subject", "sort", "cursor", "lang", "organisation"]) {
      for (const where of ["/api/v1/vacancies", "/kk/vacancies"]) {
        const answer = await site.ask(`${where}?${name}=${encodeURIComponent(text)}`);
        const body = await answer.text();
        assert.ok(answer.status < 500, `${where} ${name}=${text}: ${answer.status}`);
        assert.doesNotMatch(body, INNER, `${where} ${name}=${text}`);
      }
    }
    const answer = await site.ask(`/kk/vacancies/${encodeURIComponent(text)}`);
    assert.ok([404, 400, 414].includes(answer.status), `slug ${text}: ${answer.status}`);
    const signIn = await site.ask("/kk/sign-in", {
      method: "POST", headers: { origin: ORIGIN, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ login: text, password: text, code: "000000" }),
    });
    assert.ok(signIn.status >= 400 && signIn.status < 500, `sign in as ${text}: ${signIn.status}`);
  }
  assert.equal(await total(""), all);
});

const HTML = `"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}`;

test("2. HTML injection: what a clerk writes is shown as text", async () => {
  const school = demo.region(root).organisations.find((one) => one.level === "organisation").id;
  const both = { kk: `Жақсы ${HTML}`, ru: `Хорошо ${HTML}` };
  const content = { ...announcement, title: both, duties: both, requirements: both, conditions: both, bonuses: both, address: both, contact_name: HTML };
  const key = () => ({ "idempotency-key": crypto.randomUUID() });
  const draft = await cabinet("POST", "vacancies", { organisation: school, content }, key());
  assert.equal(draft.status, 201, JSON.stringify(draft.body));
  const { id, version } = draft.body;
  const published = await cabinet("POST", `vacancies/${id}/commands`, { command: "publish", at: null, again: true }, { ...key(), "if-match": `"${version}"` });
  assert.equal(published.status, 200, JSON.stringify(published.body));
  await site.ask("/cdn-cgi/local/scheduled");
  let shown = 0;
  for (const lang of LANGS) {
    for (const where of [`/${lang}/vacancies/${published.body.slug}`, `/${lang}/vacancies`, `/${lang}/`, "/feed.atom", "/sitemap.xml"]) {
      const text = await (await site.ask(where)).text();
      assert.doesNotMatch(text, /<img src=x|<script>alert/, where);
      // The page's data for machines is JSON inside a script element: it must not be left either.
      assert.doesNotMatch(text, /<\/script>\{\{/, where);
      shown += text.includes("onerror") ? 1 : 0;
    }
  }
  assert.ok(shown > 0, "the text was not shown at all, so nothing was tested");
});

test("3. Reflected XSS: what a reader sends is shown as text", async () => {
  const text = encodeURIComponent(HTML);
  for (const where of [`/kk/vacancies?q=${text}`, `/kk/${text}`, `/lang/kk?to=${text}`, `/kk/sign-in?next=${text}`, `/kk/vacancies/${text}`, `/kk/vacancies?region=${text}&sort=${text}`, `/api/v1/vacancies?q=${text}`]) {
    const answer = await site.ask(where);
    const body = await answer.text();
    if ((answer.headers.get("content-type") ?? "").includes("html")) assert.doesNotMatch(body, /<img src=x|<script>alert/, where);
    assert.doesNotMatch(answer.headers.get("location") ?? "", /[<>"]/, where);
  }
  for (const to of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aset-cookie:x=1"]) {
    for (const where of [`/lang/ru?to=${encodeURIComponent(to)}`, `/ru/sign-in?next=${encodeURIComponent(to)}`]) {
      const answer = await site.ask(where);
      const location = new URL(answer.headers.get("location") ?? "/", ORIGIN);
      assert.equal(location.origin, ORIGIN, where);
      assert.doesNotMatch(await answer.text(), /(href|action)="(javascript:|\/\/evil|https:\/\/evil)/, where);
    }
  }
});

test("4. Error messages of the application are not disclosed", async () => {
  const asks = [
    ["/api/v1/cabinet/vacancies", { method: "POST", headers: { authorization: `Bearer ${demo.API_KEY}`, "content-type": "application/json", "idempotency-key": "x" }, body: "{" }],
    ["/api/v1/cabinet/vacancies", { method: "POST", headers: { authorization: `Bearer ${demo.API_KEY}`, "content-type": "application/json", "idempotency-key": "y" }, body: `{"organisation": {"a": 1}}` }],
    ["/api/v1/cabinet/vacancies/1'", { headers: { authorization: `Bearer ${demo.API_KEY}` } }],
    ["/kk/vacancies?cursor=AAAA", {}], ["/api/v1/vacancies?cursor=%00", {}], ["/kk/sign-in", { method: "POST", body: "x" }],
  ];
  for (const [where, init] of asks) {
    const answer = await site.ask(where, init);
    assert.ok(answer.status < 500, `${where}: ${answer.status}`);
    assert.doesNotMatch(await answer.text(), INNER, where);
  }
  for await (const { where, text } of answers()) if (!where.startsWith("/app/")) assert.doesNotMatch(text, INNER, where);
});

test("5. Source files are not served", async () => {
  const names = ["wrangler.toml", "Cargo.toml", "Cargo.lock", "package.json", ".git/config", ".git/HEAD", ".env", ".dev.vars", ".local/dev.vars", "workers/portal/src/lib.rs", "schemas/demo/region.json", "scripts/env", "app/cabinet.js.map", "app/.env", "app/index.html.bak", "app/index.html~", "portal_bg.wasm", "workers/portal/build/portal.js"];
  for (const name of names) {
    for (const where of [`/${name}`, `/app/../${name}`, `/app/..%2f${encodeURIComponent(name)}`, `/assets/..%2f..%2f${encodeURIComponent(name)}`]) {
      const answer = await site.ask(where);
      const text = await answer.text();
      assert.doesNotMatch(text, /database_id|\[workspace\]|TOTP_KEY=|repositoryformatversion|ref: refs\/|#!\[|"mappings"|#!\/usr/, where);
      if (where === `/${name}`) assert.equal(answer.status, 404, where);
    }
  }
});

test("6. No inner address and no path of a machine leaks", async () => {
  const leak = /\b(?:10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}|127\.0\.0\.1|localhost:\d+)\b|\/(?:home|root|Users|usr|work|var|tmp)\/[\w.-]+|[A-Z]:\\\\/;
  for await (const { where, answer, text } of answers()) {
    assert.doesNotMatch(text, leak, where);
    assert.doesNotMatch(JSON.stringify([...answer.headers]), leak, where);
  }
});

test("7. Cookies: HttpOnly, Secure, SameSite, bound to the host", async () => {
  const { setCookie } = await signIn({ ...site, address: ORIGIN }, "hr.school1");
  const language = (await site.ask("/lang/ru?to=/kk/")).headers.getSetCookie();
  assert.ok(language.length > 0);
  for (const cookie of [setCookie, ...language]) {
    for (const flag of [/;\s*HttpOnly/i, /;\s*Secure/i, /;\s*SameSite=(Lax|Strict)/i, /;\s*Path=\//i]) assert.match(cookie, flag);
    assert.doesNotMatch(cookie, /Domain=/i);
  }
  assert.match(setCookie, /^__Host-/);
  for await (const { where, answer } of answers()) assert.deepEqual(answer.headers.getSetCookie(), [], where);
});

test("8. No e-mail address stands in a page for collectors", async () => {
  for await (const { where, answer, text } of answers()) {
    if (!(answer.headers.get("content-type") ?? "").includes("html")) continue;
    assert.doesNotMatch(text, /mailto:[^"?]|[\w.+-]+@[\w-]+\.[a-z]{2,}/i, where);
  }
  const page = await (await site.ask(`/ru/vacancies/${vacancies[0].slug}`)).text();
  assert.doesNotMatch(page, /school@example\.kz/);
});

test("9. Nothing lies where one would guess", async () => {
  for (const where of ["/admin", "/admin/", "/administrator", "/login", "/wp-admin", "/wp-login.php", "/phpmyadmin", "/backup.zip", "/backup.sql", "/dump.sql", "/db.sqlite", "/server-status", "/actuator", "/debug", "/metrics", "/console", "/test", "/old", "/api/v1/admin", "/api/v1/users", "/graphql", "/.well-known/none", "/cabinet", "/config.json"]) {
    assert.equal((await site.ask(where)).status, 404, where);
  }
  // Identifiers cannot be counted through: they carry 80 random bits.
  const ids = new Set(vacancies.map(({ id }) => id.slice(10)));
  assert.equal(ids.size, vacancies.length);
  for (const { id } of vacancies) assert.match(id, /^[0-9a-hjkmnp-tv-z]{26}$/);
  const school = demo.region(root).organisations.find((one) => one.level === "organisation").id;
  const draft = await cabinet("POST", "vacancies", { organisation: school, content: announcement }, { "idempotency-key": crypto.randomUUID() });
  for (const name of [draft.body.id, draft.body.slug, draft.body.number]) {
    for (const where of [`/kk/vacancies/${name}`, `/api/v1/vacancies/${name}`]) assert.equal((await site.ask(where)).status, 404, `a draft at ${where}`);
  }
  assert.notEqual((await site.ask(`/kk/preview/${draft.body.id}`)).status, 200, "a stranger's preview");
});

test("10. Name and version of server and language are not told", async () => {
  for await (const { where, answer, text } of answers()) {
    for (const name of ["server", "x-powered-by", "x-aspnet-version", "x-generator", "via"]) assert.equal(answer.headers.get(name), null, `${where}: ${name}`);
    assert.doesNotMatch(text, /<meta[^>]+name="?generator|workerd|wrangler|rustc|askama|leptos \d/i, where);
  }
});

test("11. Certificates: their end is announced 30, 14 and 3 days ahead; HTTPS is for ever", async () => {
  const hsts = (await site.ask("/kk/")).headers.get("strict-transport-security");
  assert.ok(Number(/max-age=(\d+)/.exec(hsts)[1]) >= 31536000, hsts);
  for (const [days, code, word] of [[60, 0, "ok"], [20, 1, "30"], [10, 1, "14"], [2, 2, "3"]]) {
    const { key, cert, file } = certificate(path.join(local, "test"), days);
    const server = https.createServer({ key, cert }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    let answer;
    try {
      answer = await new Promise((resolve) => {
        import("node:child_process").then(({ execFile }) =>
          execFile("scripts/tls-expiry", [`localhost:${server.address().port}`], { cwd: root, env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
            (error, stdout) => resolve({ code: error?.code ?? 0, stdout })));
      });
    } finally {
      server.close();
    }
    assert.equal(answer.code, code, `${days} days: ${answer.stdout}`);
    assert.match(answer.stdout, new RegExp(`\\b${word}\\b`));
  }
});
