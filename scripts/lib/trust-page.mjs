// Builds the reporter's page: a page a language with its script, ordinary help beside it, a style,
// the quick exit's script and the module. The trust worker imports all of it (workers/trust/build/page/files.mjs) and serves it.
// The same checkout gives the same bytes; only the root key is put in when the page is served.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import { officerPage } from "./trust-officer-page.mjs";

const LANGS = ["kk", "ru", "en"];
const NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
/** Where the root key goes; 64 digits, or nothing where there is none. */
export const ROOT_MARK = "{{ROOT}}";
/** Where the sum of a page goes, as it is served: it depends on the root key. */
const SUM_MARK = /\{\{SUM (\/\w+)\}\}/g;

/** Headings, paragraphs, lists and links: all that the help texts use. */
export function article(text, whole = false) {
  const inline = (line) => escape(line).replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>").replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
  const [title, ...blocks] = text.trim().split(/\n\s*\n/);
  const body = blocks.map((block) => {
    if (block.startsWith("#")) return `<h3>${inline(block.replace(/^#+\s*/, ""))}</h3>`;
    if (/^[-*] /.test(block)) return `<ul>${block.split(/\n(?=[-*] )/).map((line) => `<li>${inline(line.slice(2))}</li>`).join("")}</ul>`;
    if (/^\d+\. /.test(block)) return `<ol>${block.split(/\n(?=\d+\. )/).map((line) => `<li>${inline(line.replace(/^\d+\. /, ""))}</li>`).join("")}</ol>`;
    return `<p>${inline(block)}</p>`;
  });
  if (whole) return `<h1>${inline(title.replace(/^#+\s*/, ""))}</h1>${body.join("").replaceAll("h3>", "h2>")}`;
  return `<details><summary>${inline(title.replace(/^#+\s*/, ""))}</summary>${body.join("")}</details>`;
}

function newest(folder) {
  return JSON.parse(fs.readFileSync(path.join(folder, fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort().at(-1)), "utf8"));
}

/** Files that decide what is built. */
export function inputs(root) {
  const all = (folder) => fs.readdirSync(path.join(root, folder)).sort().map((name) => path.join(root, folder, name));
  return [
    ...all("workers/trust-page/js"), ...all("workers/trust-officer/js"), ...all("schemas/data").filter((file) => /calendar-\d+\.json$/.test(file)), ...all("schemas/help"), ...all("schemas/trust/guide"), ...all("schemas/rules/trust"),
    ...["workers/trust-page/page.css", "workers/trust-officer/page.css", "workers/trust-officer/poster.css", "schemas/locales/trust.json", "schemas/locales/trust_officer.json", "schemas/trust/questionnaire.json"].map((name) => path.join(root, name)),
    fileURLToPath(import.meta.url), fileURLToPath(new URL("trust-officer-page.mjs", import.meta.url)),
  ];
}

/** Builds into a folder; `from` is what wasm-bindgen made of the module. */
export async function page({ root, from, officer, to }) {
  const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
  const texts = JSON.parse(read("schemas/locales/trust.json"));
  const questionnaire = JSON.parse(read("schemas/trust/questionnaire.json"));
  const { periods, retention, clock } = newest(path.join(root, "schemas/rules/trust"));
  const numbers = {
    hours: clock.release_hours.value.map((hour) => `${hour}:00`).join(", "),
    ack: periods.acknowledge_days.value, months: periods.feedback_months.value, keep: retention.closed_months.value,
  };
  const fill = (text) => Object.entries(numbers).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), text);
  const say = (key, lang) => fill(texts[key][lang]);

  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to, { recursive: true });
  const files = [];
  const put = (address, file, type, bytes, policy) => {
    fs.writeFileSync(path.join(to, file), bytes);
    files.push({ address, file, type, policy });
    return address;
  };
  const script = async (name, define) => {
    const made = await esbuild({
      entryPoints: [path.join(root, `workers/trust-page/js/${name}.js`)],
      alias: { "trust-page": path.join(from, "trust_page.js") }, logOverride: { "duplicate-object-key": "silent" },
      bundle: true, format: "esm", minify: true, write: false, target: "es2022", define: Object.fromEntries(Object.entries(define).map(([key, value]) => [key, JSON.stringify(value)])),
    });
    return made.outputFiles[0].contents;
  };
  const hashed = (stem, ending, type, bytes) => put(`/${stem}-${sha256(bytes).slice(0, 16)}.${ending}`, `${stem}.${ending === "wasm" ? "bin" : `${ending}.txt`}`, type, bytes);
  const wasm = fs.readFileSync(path.join(from, "trust_page_bg.wasm"));
  const module = hashed("m", "wasm", "application/wasm", wasm);
  const workBytes = await script("work", {});
  // Both scripts stand in the page itself: browsers keep compiled scripts of addresses, whatever the server
  // says of caches, and with them the trace that somebody was here. The policy names the page's by its sum.
  const mainBytes = await script("page", { WORK: Buffer.from(workBytes).toString("utf8"), MODULE: module });
  const main = Buffer.from(mainBytes).toString("utf8");
  if (/<\/script|<!--/i.test(main) || main.includes(ROOT_MARK)) throw new Error("the script cannot stand in a page");
  const policy = `'sha256-${createHash("sha256").update(main).digest("base64")}'`;
  const exit = hashed("x", "js", "text/javascript; charset=utf-8", await script("exit", {}));
  const styleBytes = (await esbuild({ entryPoints: [path.join(root, "workers/trust-page/page.css")], minify: true, write: false })).outputFiles[0].contents;
  const style = hashed("s", "css", "text/css; charset=utf-8", styleBytes);

  const articles = Object.fromEntries(LANGS.map((lang) => [lang, fs.readdirSync(path.join(root, "schemas/help")).filter((name) => name.endsWith(`.${lang}.md`)).sort().map((name) => article(read(`schemas/help/${name}`))).join("\n")]));
  const sums = { "wasm": wasm, "page.js": mainBytes, "work.js": workBytes };
  for (const lang of LANGS) {
    const t = (key) => escape(say(key, lang));
    const list = (prefix) => Object.keys(texts).filter((key) => key.startsWith(`${prefix}.`) && /\d$/.test(key)).map((key) => `<li>${t(key)}</li>`).join("");
    const choice = (one) => ({ code: one.code, text: one[lang], note: one.note?.[lang], hint: one.hint?.[lang] });
    const data = {
      root: ROOT_MARK, floor: questionnaire.floor, hash: sha256(read("schemas/trust/questionnaire.json")),
      texts: Object.fromEntries(Object.keys(texts).filter((key) => !/^(help|what|not|ways|hash|more|noscript)\b/.test(key)).map((key) => [key, say(key, lang)])),
      routes: questionnaire.routes.map(choice),
      questions: questionnaire.questions.map((one) => ({ ...choice(one), type: one.type, required: one.required, for: one.for, choices: one.choices?.map(choice) })),
      states: questionnaire.states.map(choice), channels: questionnaire.channels.map(choice),
    };
    const ways = questionnaire.ways.map((one) => `<li><a href="${escape(one.href)}" rel="noreferrer noopener">${escape(one[lang])}</a></li>`).join("");
    const around = (where, body, head = "") => `<!doctype html>
<html lang="${lang}" translate="no">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="google" content="notranslate">
<title>${t("help.title")}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">${head}
</head>
<body>
<a class="skip" href="#main">${t("help.skip")}</a>
<header>
<strong>Mansap</strong>
<nav aria-label="${t("help.languages")}"><ul>${LANGS.map((to) => `<li><a href="/${to}${where}" data-lang="${to}" lang="${to}"${to === lang ? ' aria-current="true"' : ""}>${NAMES[to]}</a></li>`).join("")}</ul></nav>
${where === "/help" ? "" : `<div class="bar"><a id="exit" class="exit" href="/${lang}/help" rel="noreferrer">${t("exit")}</a></div>`}
</header>
<main id="main">
${body}
</main>
</body>
</html>
`;
    const help = (body) => `<h1>${t("help.heading")}</h1>
<p>${t("help.lead")}</p>
${body}
<h2>${t("help.articles")}</h2>
${articles[lang]}`;
    const listed = (rows) => `<ul>${rows.map(([name, sum]) => `<li>${name}: <code>${sum}</code></li>`).join("")}</ul>`;
    const own = Object.entries(sums).map(([name, bytes]) => [name, sha256(bytes)]);
    const body = `<section id="desk">
<h2>${t("write.heading")}</h2>
<p>${t("write.lead")}</p>
<noscript><p class="wrong">${t("noscript")}</p></noscript>
</section>
<p><a href="/${lang}/more" data-leave="">${t("more.link")}</a></p>
<details open><summary>${t("what.heading")}</summary><ol>${list("what")}</ol></details>
<details open><summary>${t("not.heading")}</summary><ul>${list("not")}</ul></details>
<details open><summary>${t("ways.heading")}</summary><ul>${ways}</ul></details>
<details><summary>${t("hash.heading")}</summary><p>${t("hash.lead")}</p>${listed(own)}</details>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>
<script type="module">${main}</script>`;
    // The module comes beside the page that starts it, not after it: one round on a bad line less.
    const head = `\n<link rel="preload" as="fetch" type="application/wasm" crossorigin fetchpriority="low" href="${module}">`;
    put(`/${lang}`, `${lang}.html`, "text/html; charset=utf-8", around("", help(body), head), policy);
    put(`/${lang}/help`, `${lang}-help.html`, "text/html; charset=utf-8", around("/help", help("")));
    const pages = LANGS.map((to) => [`/${to}`, `{{SUM /${to}}}`]);
    put(`/${lang}/more`, `${lang}-more.html`, "text/html; charset=utf-8", around("/more", `<p><a href="/${lang}">${t("more.back")}</a></p>
${article(fill(read(`schemas/trust/guide/reporter.${lang}.md`)), true)}
<h3>${t("more.sums")}</h3>
${listed([...pages, ...own])}`, `\n<script type="module" src="${exit}"></script>`));
  }
  await officerPage({ root, from: officer, hashed, put, questionnaire, periods, hours: numbers.hours, mark: ROOT_MARK, article });
  const all = files.map(({ address, file, type, policy }, at) => ({ line: `import f${at} from "./${file}";`, entry: `  ${JSON.stringify(address)}: [${JSON.stringify(type)}, f${at}, ${JSON.stringify(policy ?? "")}],` }));
  fs.writeFileSync(path.join(to, "files.mjs"), `// Made by scripts/build.\n${all.map(({ line }) => line).join("\n")}\n\nexport const FILES = {\n${all.map(({ entry }) => entry).join("\n")}\n};\n`);
  fs.writeFileSync(path.join(to, "sums.json"), `${JSON.stringify(Object.fromEntries(files.map(({ address, file }) => [address, file])), null, 1)}\n`);
}

/** The root key of production, as the configuration of a checkout has it. */
export function productionRoot(root) {
  const config = fs.readFileSync(path.join(root, "workers/trust/wrangler.toml"), "utf8");
  return /\[env\.production\.vars\][^[]*?ROOT = "([0-9a-f]*)"/.exec(config)?.[1] ?? "";
}

/** The sums of what is served under a root key: address, bytes, SHA-256. */
export function served(to, key) {
  const files = JSON.parse(fs.readFileSync(path.join(to, "sums.json"), "utf8"));
  const bytesOf = (address) => {
    const bytes = fs.readFileSync(path.join(to, files[address]));
    if (!files[address].endsWith(".html")) return bytes;
    return Buffer.from(bytes.toString("utf8").replace(ROOT_MARK, key).replace(SUM_MARK, (_, of) => sha256(bytesOf(of))));
  };
  return Object.keys(files).map((address) => {
    const bytes = bytesOf(address);
    return { address, bytes, sum: sha256(bytes) };
  });
}
