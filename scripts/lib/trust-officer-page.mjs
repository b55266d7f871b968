// Builds the officers' page, beside the reporter's: a page a language, a style, two scripts and its own
// module. No page links to it. Posters for organisations are drawn with the same module.
import fs from "node:fs";
import path from "node:path";
import { build as esbuild } from "esbuild";

const LANGS = ["kk", "ru", "en"];
const NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Days off, and working days that would be off, of every year whose calendar is there. */
function calendars(root) {
  const folder = path.join(root, "schemas/data");
  return Object.fromEntries(fs.readdirSync(folder).flatMap((name) => {
    const year = /^calendar-(\d{4})\.json$/.exec(name)?.[1];
    if (!year) return [];
    const days = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")).filter(({ week }) => week === "5");
    const of = (off) => days.filter(({ kind }) => (kind === "off") === off).map(({ day }) => day);
    return [[year, { off: of(true), on: of(false) }]];
  }));
}

/** Adds the page: `hashed` and `put` take files, `from` is what wasm-bindgen made of its module. */
export async function officerPage({ root, from, hashed, put, questionnaire, periods, hours, mark, article }) {
  const source = (name) => path.join(root, "workers/trust-officer", name);
  const texts = JSON.parse(fs.readFileSync(path.join(root, "schemas/locales/trust_officer.json"), "utf8"));
  const script = async (name, define) => {
    const made = await esbuild({
      entryPoints: [source(`js/${name}.js`)], alias: { "trust-officer": path.join(from, "trust_officer.js") },
      logOverride: { "duplicate-object-key": "silent" }, bundle: true, format: "esm", minify: true, write: false, target: "es2022",
      define: Object.fromEntries(Object.entries(define).map(([key, value]) => [key, JSON.stringify(value)])),
    });
    return made.outputFiles[0].contents;
  };
  const module = hashed("om", "wasm", "application/wasm", fs.readFileSync(path.join(from, "trust_officer_bg.wasm")));
  const work = hashed("ow", "js", "text/javascript; charset=utf-8", await script("work", {}));
  const main = hashed("op", "js", "text/javascript; charset=utf-8", await script("page", { WORK: work, MODULE: module }));
  const css = await esbuild({ entryPoints: [source("page.css")], minify: true, write: false });
  const style = hashed("os", "css", "text/css; charset=utf-8", css.outputFiles[0].contents);
  const poster = hashed("or", "js", "text/javascript; charset=utf-8", await script("poster", { MODULE: module }));
  const posterCss = await esbuild({ entryPoints: [source("poster.css")], minify: true, write: false });
  const sheet = hashed("ot", "css", "text/css; charset=utf-8", posterCss.outputFiles[0].contents);
  const numbers = Object.fromEntries(Object.entries(periods).map(([name, { value }]) => [name, value]));
  for (const lang of LANGS) {
    const t = (key) => escape(texts[key][lang]);
    const choice = (one) => ({ code: one.code, text: one[lang] });
    const data = {
      page: { root: mark, floor: questionnaire.floor, periods: numbers, calendar: calendars(root) },
      texts: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text[lang].replace("{hours}", hours)])),
      routes: questionnaire.routes.map(choice), states: questionnaire.states.map(choice), bodies: questionnaire.bodies.map(choice), channels: questionnaire.channels.map(choice),
      questions: questionnaire.questions.map((one) => ({ ...choice(one), choices: one.choices?.map(choice) })),
    };
    const words = (to) => Object.fromEntries(Object.keys(texts).filter((key) => key.startsWith("poster.text.")).map((key) => [key.slice(12), texts[key][to]]));
    const own = Object.fromEntries(["poster.names", "poster.hint", "poster.print", "error.unsafe"].map((key) => [key, texts[key][lang]]));
    const shown = JSON.stringify({ texts: own, poster: { kk: words("kk"), ru: words("ru") } }).replaceAll("<", "\\u003c");
    put(`/poster/${lang}`, `poster-${lang}.html`, "text/html; charset=utf-8", `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t("poster.title")} – Mansap</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<link rel="stylesheet" href="${sheet}">
<script type="module" src="${poster}"></script>
</head>
<body>
<a class="skip" href="#desk">${t("skip")}</a>
<header>
<strong>Mansap</strong>
<nav aria-label="${t("languages")}"><ul>${LANGS.map((to) => `<li><a href="/poster/${to}" lang="${to}"${to === lang ? ' aria-current="true"' : ""}>${NAMES[to]}</a></li>`).join("")}</ul></nav>
</header>
<main>
<div id="desk"><h1>${t("poster.title")}</h1><p>${t("poster.lead")}</p><noscript><p class="wrong">${t("poster.noscript")}</p></noscript></div>
<div id="sheets"></div>
</main>
<script type="application/json" id="data">${shown}</script>
</body>
</html>
`);
    // For members of the commission, and for the body that says who they are.
    for (const [where, from, other] of [["guide", "officer", "oversight"], ["oversight", "oversight", "guide"]]) {
      const guide = article(fs.readFileSync(path.join(root, `schemas/trust/guide/${from}.${lang}.md`), "utf8"), true);
      put(`/officer/${lang}/${where}`, `${where}-${lang}.html`, "text/html; charset=utf-8", `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${t(where)} – Mansap</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
</head>
<body>
<a class="skip" href="#desk">${t("skip")}</a>
<header>
<strong>Mansap</strong>
<a href="/officer/${lang}">${t("title")}</a>
<a href="/officer/${lang}/${other}">${t(other)}</a>
<nav aria-label="${t("languages")}"><ul>${LANGS.map((to) => `<li><a href="/officer/${to}/${where}" lang="${to}"${to === lang ? ' aria-current="true"' : ""}>${NAMES[to]}</a></li>`).join("")}</ul></nav>
</header>
<main id="desk" class="guide">${guide}</main>
</body>
</html>
`);
    }
    put(`/officer/${lang}`, `officer-${lang}.html`, "text/html; charset=utf-8", `<!doctype html>
<html lang="${lang}" translate="no">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${t("title")} – Mansap</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<script type="module" src="${main}"></script>
</head>
<body>
<a class="skip" href="#desk">${t("skip")}</a>
<header>
<strong>Mansap</strong>
<div id="bar"></div>
<a href="/officer/${lang}/guide" target="_blank" rel="noopener">${t("guide")}</a>
<nav aria-label="${t("languages")}"><ul>${LANGS.map((to) => `<li><a href="/officer/${to}" data-lang="${to}" lang="${to}">${NAMES[to]}</a></li>`).join("")}</ul></nav>
</header>
<main id="desk"><h1>${t("title")}</h1><noscript><p class="wrong">${t("noscript")}</p></noscript></main>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>
</body>
</html>
`);
  }
}
