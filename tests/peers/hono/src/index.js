// Four routes of the portal as a Hono developer would write them: its own middleware for headers,
// ETag and request ids, prepared statements on D1, templates of hono/html.
//
// BARE=1 leaves out what is not the body: headers, ETag, request id, rate limit.
import { Hono } from "hono";
import { etag } from "hono/etag";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { listPage } from "./list.js";
import { search } from "./search.js";
import { vacancyPage } from "./vacancy.js";

const NONE = ["'none'"];
const SELF = ["'self'"];
const page = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NONE, scriptSrc: SELF, styleSrc: SELF, imgSrc: ["'self'", "data:"], manifestSrc: SELF,
    formAction: SELF, baseUri: NONE, frameAncestors: NONE, requireTrustedTypesFor: ["'script'"], trustedTypes: NONE,
  },
  xFrameOptions: "DENY",
  referrerPolicy: "strict-origin-when-cross-origin",
  strictTransportSecurity: false,
  permissionsPolicy: {
    accelerometer: [], browsingTopics: [], camera: [], geolocation: [], gyroscope: [], microphone: [], payment: [], usb: [],
  },
});
const data = secureHeaders({
  contentSecurityPolicy: { defaultSrc: NONE, baseUri: NONE, formAction: NONE, frameAncestors: NONE },
  crossOriginResourcePolicy: "cross-origin",
  xFrameOptions: "DENY",
  referrerPolicy: "strict-origin-when-cross-origin",
  strictTransportSecurity: false,
});

const unlessBare = (middleware) => (c, next) => (c.env.BARE ? next() : middleware(c, next));
const rule = async (c, next) => {
  await next();
  c.header("cache-control", "public, max-age=0, s-maxage=30, must-revalidate");
};
const budget = async (c, next) => {
  const { success } = await c.env.LIMIT_PUBLIC.limit({ key: c.req.header("cf-connecting-ip") ?? "" });
  if (!success) return c.text("429", 429);
  await next();
};

const app = new Hono();
app.use(unlessBare(requestId()));
app.use(unlessBare(rule));
app.use("/api/*", unlessBare(data));
app.use("/:lang{kk|ru|en}/*", unlessBare(page));
app.use(unlessBare(etag({ weak: true })));
app.use(unlessBare(budget));

app.get("/healthz", (c) => c.json({ status: "ok" }));
app.get("/api/v1/vacancies", async (c) => {
  const lang = c.req.query("lang") ?? "kk";
  return c.json(await search(c.env, lang, c.req.query("q") ?? "", 20));
});
app.get("/:lang{kk|ru|en}/vacancies", async (c) => c.html(await listPage(c.env, c.req.param("lang"))));
app.get("/:lang{kk|ru|en}/vacancies/:slug", async (c) => {
  const found = await vacancyPage(c.env, c.req.param("lang"), c.req.param("slug"));
  if (!found) return c.notFound();
  c.executionCtx.waitUntil(
    c.env.DB.prepare(
      `INSERT INTO vacancy_view (vacancy, day, lang, source, n) VALUES (?1, ?2, ?3, ?4, 1)
       ON CONFLICT (vacancy, day, lang, source) DO UPDATE SET n = n + 1`,
    ).bind(found.id, found.day, c.req.param("lang"), "direct").run(),
  );
  return c.html(found.html);
});

export default app;
