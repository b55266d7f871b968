// Turns compiled crates into what runs: wasm-bindgen, wasm-opt (release), hashed names.
// Usage: node build.mjs <dev|release> <portal|office|dispatch|trust|exam|workers|cabinet|all> <folder of the workers> <of the cabinets> <of the reporter's page>
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import binaryen from "binaryen";
import { build as esbuild, transform } from "esbuild";
import { CABINETS } from "./sizes.mjs";
import { inputs, page as reporterPage } from "./trust-page.mjs";

const [mode, what, workersIn, cabinetIn, pageIn] = process.argv.slice(2);
const root = process.env.MANSAP_ROOT;
const WORKERS = ["portal", "office", "dispatch", "trust", "exam"];
const release = mode === "release";
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);
const inTools = (name) => path.join(process.env.MANSAP_TOOLS, "bin", name);

/** Whether the inputs are those of the last time; `done` remembers them. */
function stamp(file, ...inputs) {
  const now = inputs.map((input) => hash(fs.readFileSync(input))).join(" ") + ` ${mode}`;
  return {
    fresh: fs.existsSync(file) && fs.readFileSync(file, "utf8") === now,
    done: () => fs.writeFileSync(file, now),
  };
}

function bindgen(wasm, name, more = [], final = release) {
  const out = path.join(process.env.MANSAP_LOCAL, "bindgen", name);
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  execFileSync(
    inTools("wasm-bindgen"),
    [wasm, "--target", "web", "--no-typescript", "--omit-default-module-path", "--out-dir", out, "--out-name", name]
      .concat(final ? ["--remove-name-section", "--remove-producers-section"] : [])
      .concat(more),
    { stdio: "inherit" },
  );
  if (final && (CABINETS.includes(name) || name === "sitting")) withoutStreams(path.join(out, `${name}_bg.wasm`), path.join(out, `${name}.js`));
  // The cabinet is compiled for size already; what -Oz folds away beyond that costs more than it
  // saves once brotli has seen both.
  if (final) optimise(path.join(out, `${name}_bg.wasm`), level(name));
  return out;
}

/** What rustc assumes of every engine, and nothing beyond: an old phone refuses a module that names more. */
const FEATURES = [
  "bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "multivalue", "reference-types",
].map((name) => `--enable-${name}`);
/** And of workerd: the glue of a worker catches what a module throws. */
const WORKER_FEATURES = [...FEATURES, "--enable-exception-handling"];

/** Workers are to be fast, cabinets and the office, which links most and is waited for least, small. */
function level(name) {
  if (name === "office") return "-Oz";
  return WORKERS.includes(name) ? "-O3" : name.startsWith("trust_") ? "-O2" : "-O1";
}

/** What makes a module smaller after brotli too. */
const SMALLER = ["--converge", "--memory-packing", "--dae-optimizing", "--duplicate-function-elimination", "--rse", "--vacuum", "--merge-locals", "--strip-target-features"];

/**
 * Leptos brings classes for streaming answers, which no cabinet opens. What is exported cannot be
 * left out by an optimiser, so they are taken off the list first.
 */
function withoutStreams(file, script) {
  const bytes = fs.readFileSync(file);
  const module = binaryen.readBinary(bytes);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
  for (const name of exported) if (/intounderlying|wasm_split/i.test(name)) module.removeExport(name);
  fs.writeFileSync(file, module.emitBinary());
  module.dispose();
  // Their classes in the script lead nowhere now; what registers them keeps a bundler from dropping them.
  const text = fs.readFileSync(script, "utf8");
  fs.writeFileSync(script, text
    .replace(/^export class IntoUnderlying\w+ \{\n[^]*?^\}\n/gm, "")
    .replace(/^if \(Symbol\.dispose\) IntoUnderlying.*\n/gm, "")
    .replace(/^const IntoUnderlying\w+Finalization = .*\n(?:[ \t]+.*\n)*/gm, ""));
}

/** wasm-opt, the JavaScript build from npm: some seconds a module. */
function optimise(file, level) {
  const before = fs.statSync(file).size;
  execFileSync(
    path.join(root, "node_modules/.bin/wasm-opt"),
    [file, "-o", file, level, ...(["-O3", "-Oz"].includes(level) ? WORKER_FEATURES : FEATURES), ...(level === "-O1" ? SMALLER : []), "--strip-debug", "--strip-producers"],
    { stdio: "inherit" },
  );
  console.log(`  wasm-opt ${level}: ${before} -> ${fs.statSync(file).size} bytes`);
}

/** Makes `to` equal to `from`, touching only what differs. */
function mirror(from, to, keep = () => false) {
  fs.mkdirSync(to, { recursive: true });
  const wanted = new Set();
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    wanted.add(entry.name);
    if (entry.isDirectory()) mirror(source, target);
    else if (!fs.existsSync(target) || !fs.readFileSync(source).equals(fs.readFileSync(target))) {
      // A reader sees the old file or the new one, never half of it.
      fs.copyFileSync(source, `${target}.new`);
      fs.renameSync(`${target}.new`, target);
    }
  }
  for (const name of fs.readdirSync(to)) {
    if (!wanted.has(name) && !keep(name)) fs.rmSync(path.join(to, name), { recursive: true });
  }
}

/** A worker: workers/NAME/build/, imported by its js/entry.mjs. */
function worker(name) {
  const wasm = path.join(name === "office" ? cabinetIn : workersIn, `${name}.wasm`);
  const to = path.join(root, `workers/${name}/build`);
  const at = stamp(path.join(process.env.MANSAP_LOCAL, `${name}.stamp`), wasm);
  if (at.fresh && fs.existsSync(path.join(to, `${name}_bg.wasm`))) return;
  const more = ["--experimental-reset-state-function", "--force-enable-abort-handler"];
  mirror(bindgen(wasm, name, more), to, (file) => file === "page" || file === "site");
  at.done();
}

/** The pages of reporters and officers: the same bytes in development, because its sums are published. */
async function trustPage() {
  const wasm = ["trust_page", "trust_officer"].map((name) => path.join(pageIn, `${name}.wasm`));
  const to = path.join(root, "workers/trust/build/page");
  const at = stamp(path.join(process.env.MANSAP_LOCAL, "trust-page.stamp"), ...wasm, ...inputs(root));
  if (at.fresh && fs.existsSync(path.join(to, "files.mjs"))) return;
  const made = path.join(process.env.MANSAP_LOCAL, "trust-page");
  const [from, officer] = ["trust_page", "trust_officer"].map((name, at) => bindgen(wasm[at], name, [], true));
  await reporterPage({ root, from, officer, to: made });
  mirror(made, to);
  at.done();
}

/** Beginnings of the addresses under /app that a cabinet draws (`*` is any word), the longest one counts; staff has all others. */
const AREAS = {
  applicant: ["my"],
  own: [
    "my/profile", "my/tests", "my/saved", "my/inbox", "my/privacy", "my/security", "my/feedback",
  ],
  selection: ["applications"],
  messages: ["messages"],
  directories: ["directories"],
  bank: ["bank"],
  testing: ["testing"],
  judging: [
    "testing/forms/new", "testing/forms/*/edit", "testing/appeals", "testing/rulings", "testing/analyses",
  ],
  authoring: ["bank/new", "bank/items/*/edit"],
  administration: ["accounts", "desk", "import", "journal", "organisations", "permissions"],
  writing: ["vacancies/new", "vacancies/*/edit", "templates"],
  staff: [],
};

/** Each cabinet is a program, a page and texts; what they share is in the texts `cabinet.json`. */
async function cabinets() {
  const to = path.join(root, "frontend/dist/app");
  const files = ["frontend/static", "frontend/styles", "frontend/kit/js"].flatMap((folder) => list(path.join(root, folder)));
  const wasm = CABINETS.map((name) => path.join(cabinetIn, `${name}.wasm`));
  const tables = ["cabinet", "cabinet_vacancy", "cabinet_items", "cabinet_my", "profile", "feedback", ...CABINETS.map((name) => `cabinet_${name}`)].map(locale);
  const at = stamp(path.join(process.env.MANSAP_LOCAL, "cabinet.stamp"), ...wasm, ...tables, new URL(import.meta.url).pathname, ...files);
  if (at.fresh && CABINETS.every((name) => fs.existsSync(path.join(to, `${name}.html`)))) return;

  const out = path.join(process.env.MANSAP_LOCAL, "cabinet");
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  const put = (name, bytes) => {
    const { name: stem, ext } = path.parse(name);
    const hashed = `${stem}-${hash(bytes)}${ext}`;
    fs.writeFileSync(path.join(out, hashed), bytes);
    return hashed;
  };
  const sheet = async (name) => {
    const made = await esbuild({ entryPoints: [path.join(root, "frontend/styles", name)], bundle: true, minify: release, write: false, external: ["*.woff2", "*.svg"] });
    return put(name, made.outputFiles[0].contents);
  };
  const common = [await sheet("mansap.css"), await sheet("cabinet.css")];
  // What only those who work with items need comes with their cabinets.
  const ofBank = [...common, await sheet("bank.css")];
  const template = fs.readFileSync(path.join(root, "frontend/static/index.html"), "utf8");
  const builds = {};
  for (const [place, name] of CABINETS.entries()) {
    const made = await one(name, wasm[place], put);
    const sheets = ["bank", "authoring", "testing", "judging"].includes(name) ? ofBank : common;
    const text = page(template, { ...made, sheets });
    fs.writeFileSync(path.join(out, `${name}.html`), text);
    const files = [`${name}.html`, ...sheets, made.early, made.main, made.module, ...made.texts, "icon.svg"].map((file) => `/app/${file}`);
    builds[name] = { id: hash(files.concat(text).join()), page: `/app/${name}.html`, areas: AREAS[name], files };
  }
  // The worker carries the list of every build, so a build and its worker are one thing.
  const worker = await esbuild({
    entryPoints: [path.join(root, "frontend/kit/js/sw.js")],
    bundle: true, format: "iife", minify: release, write: false, target: "es2022",
    define: { BUILDS: JSON.stringify(builds) },
  });
  fs.writeFileSync(path.join(out, "sw.js"), worker.outputFiles[0].contents);
  fs.cpSync(path.join(root, "frontend/static"), out, { recursive: true, filter: (file) => path.basename(file) !== "index.html" });
  mirror(out, to);
  at.done();
}

function locale(name) {
  return path.join(root, "schemas/locales", `${name}.json`);
}

/** A cabinet: its module, its script, its texts. */
async function one(name, wasm, put, tables = ["cabinet", `cabinet_${name}`], named = undefined) {
  const from = bindgen(wasm, name);
  // The texts are a file a language: a person reads one.
  const read = (file) => JSON.parse(fs.readFileSync(locale(file), "utf8"));
  const table = Object.assign({}, ...tables.map(read));
  if (["staff", "writing"].includes(name)) Object.assign(table, read("cabinet_vacancy"));
  if (["bank", "authoring"].includes(name)) Object.assign(table, read("cabinet_items"));
  // What the journal calls everything that can happen.
  if (name === "administration") Object.assign(table, read("action"));
  // Of what cabinets share, these are words of those who work there.
  if (["applicant", "own"].includes(name)) {
    for (const key of Object.keys(table)) if (/^(account|action|journal|new|permissions|role|scope|vacancies|wizard)\.|^nav\.(?!feedback|inbox|my_|privacy|saved|security)/.test(key)) delete table[key];
    if (name === "applicant") for (const key of Object.keys(table)) if (/^(organisation|security\.(?!sessions))/.test(key)) delete table[key];
  }
  // The names of fields and choices of profile records, and those of tickets, are the server's own.
  const take = (file, area, as = (key) => key) => {
    for (const [key, text] of Object.entries(read(file))) if (area.test(key)) table[as(key)] = text;
  };
  if (["applicant", "own"].includes(name)) {
    take("profile", name === "own" ? /^(choice|field|kind)\./ : /^(choice\.(?!document_kind|needs|sex|state|verification)|field\.|kind\.)/);
    // What is said in the profile alone stays with it.
    take("cabinet_my", name === "own" ? /./ : /^(?!card|organisation|profile\.(?!filled)|record\.(ask|confirm|recall)|span)/);
  }
  // What a form takes, and a disputed task, are said as the bank says them.
  if (name === "judging") take("cabinet_testing", /^(testing|exam|exam_category|exam_purpose|seat)\./);
  if (["testing", "judging"].includes(name)) take("cabinet_items", /^(bank\.(any|answer|gap|level|kind|no_image|no_text|not_written|right|topic)$|bank_kind\.|bank_level\.)/);
  if (name === "selection") take("profile", /^kind\./);
  if (name === "own") {
    take("feedback", /^topic\./);
    take("feedback", /^state\./, (key) => `ticket_${key}`);
  }
  const texts = Object.fromEntries(["kk", "ru", "en"].map((lang) => {
    // In order: the cabinet looks them up by halves.
    const own = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => [key, text[lang]]));
    return [lang, `/app/${put(`${name}-texts-${lang}.json`, JSON.stringify(own))}`];
  }));
  const manifests = Object.fromEntries(["kk", "ru", "en"].map((lang) => {
    const text = JSON.stringify(manifest(name, lang, table));
    return [lang, `/app/${put(`${name}-${lang}.webmanifest`, text)}`];
  }));
  const module = put(`${name}.wasm`, fs.readFileSync(path.join(from, `${name}_bg.wasm`)));
  const script = await esbuild({
    stdin: { contents: `import init from "./${name}.js"; init({ module_or_path: "/app/${module}" });`, resolveDir: from },
    bundle: true,
    // wasm-bindgen names a script of ours once a function.
    logOverride: { "duplicate-object-key": "silent" },
    format: "esm",
    minify: release,
    write: false,
    target: "es2022",
  });
  const main = put(`${name}.js`, script.outputFiles[0].contents);
  const first = await transform(before(texts, manifests, named, CABINETS.includes(name) ? asks(name) : ""), { format: "iife", minify: release, target: "es2022" });
  const early = put(`${name}-early.js`, first.code);
  return { early, main, module, texts: Object.values(texts).map((file) => path.basename(file)) };
}

/** What an installed cabinet is called and where it begins. */
function manifest(name, lang, table) {
  const start = ["applicant", "own"].includes(name) ? "/app/my/" : "/app/";
  const icon = (file, sizes, purpose) => ({ src: `/app/${file}`, sizes, type: "image/png", purpose });
  return {
    id: `/app/#${name}`, name: table["app.name"][lang], short_name: table["app.short"][lang], lang, dir: "ltr",
    start_url: start, scope: "/app/", display: "standalone", background_color: "#ffffff", theme_color: "#006b8f",
    icons: [
      { src: "/app/icon.svg", sizes: "any", type: "image/svg+xml" },
      icon("icon-192.png", "192x192", "any"), icon("icon-512.png", "512x512", "any"), icon("icon-maskable-512.png", "512x512", "maskable"),
    ],
  };
}

/** What the first page of an address asks for, by the word after `/app/my/`; an application by its number. */
const FIRST = {
  "": ["my/overview", "my/applications"], applications: ["my/applications"], profile: ["my/profile"], saved: ["my/saved", "my/subscriptions"],
  inbox: ["my/notices"], tests: ["my/exams"], security: ["my/contacts", "my/passkeys", "sessions"], feedback: ["my/tickets"],
};

/** What a cabinet asks for first: who is here, and what its first page shows. Its answers are taken once. */
function asks(name) {
  const first = ["applicant", "own"].includes(name)
    ? `const first = ${JSON.stringify(FIRST)};
      const [, , , page = "", id] = location.pathname.split("/");
      const wanted = ["me"].concat(/^[0-9a-z]{26}$/.test(id) && page === "applications" ? "my/applications/" + id : (!id && !location.search && first[page]) || []);`
    : `const wanted = ["me", "directories"];`;
  return `${first}
    const early = {};
    for (const path of wanted) (early[path] = fetch("/api/v1/cabinet/" + path, { headers: { Accept: "application/json", "Accept-Language": lang } })).catch(() => {});
    window.mansapEarly = (path) => {
      const answer = early[path];
      if (path) delete early[path];
      else for (const one in early) delete early[one];
      return answer;
    };
    setTimeout(window.mansapEarly, 30000);`;
}

/**
 * The script that comes before the program: texts in the language of the person, and what the first
 * page asks for, are on their way while the program is.
 */
function before(texts, manifests, named, more) {
  return `const texts = ${JSON.stringify(texts)};${named ? `\n    window.mansapFiles = ${JSON.stringify(named)};` : ""}
    const asked = {};
    const ask = (lang) => (asked[lang] ??= fetch(texts[lang])
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .catch((error) => { delete asked[lang]; throw error; }));
    window.mansapTexts = ask;
    let lang;
    try { lang = localStorage.getItem("mansap.lang"); } catch { /* no storage: the page's language */ }
    // Who has just signed in reads on in the language of that page: it stands in the fragment.
    const before = location.hash.slice(1);
    if (texts[before]) {
      lang = document.documentElement.lang = before;
      try { localStorage.setItem("mansap.lang", lang); } catch { /* only for this page, then */ }
      history.replaceState(history.state, "", location.pathname + location.search);
    }
    if (!texts[lang]) lang = document.documentElement.lang;
    ask(lang).catch(() => {});
    document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: ${JSON.stringify(manifests)}[lang] }));
    ${more}`;
}

/** The page of a test: a site of its own, served by the worker `exam`. */
async function sittingPage() {
  const to = path.join(root, "workers/exam/build/site");
  const wasm = path.join(cabinetIn, "sitting.wasm");
  const practice = path.join(root, "schemas/data/exam-practice.json");
  const files = ["frontend/static", "frontend/styles", "frontend/exam/js"].flatMap((folder) => list(path.join(root, folder)));
  const at = stamp(path.join(process.env.MANSAP_LOCAL, "sitting.stamp"), wasm, locale("cabinet_sitting"), practice, new URL(import.meta.url).pathname, ...files);
  if (at.fresh && fs.existsSync(path.join(to, "app/index.html"))) return;
  const out = path.join(process.env.MANSAP_LOCAL, "sitting");
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(path.join(out, "app"), { recursive: true });
  const put = (name, bytes) => {
    const { name: stem, ext } = path.parse(name);
    const hashed = `${stem}-${hash(bytes)}${ext}`;
    fs.writeFileSync(path.join(out, "app", hashed), bytes);
    return hashed;
  };
  const sheets = [];
  for (const name of ["mansap.css", "exam.css"]) {
    const sheet = await esbuild({ entryPoints: [path.join(root, "frontend/styles", name)], bundle: true, minify: release, write: false, external: ["*.woff2", "*.svg"] });
    sheets.push(put(name, sheet.outputFiles[0].contents));
  }
  const tasks = JSON.parse(fs.readFileSync(practice, "utf8"));
  const named = Object.fromEntries(Object.entries(tasks).map(([lang, all]) => [`practice-${lang}`, `/app/${put(`practice-${lang}.json`, JSON.stringify(all))}`]));
  const made = await one("sitting", wasm, put, ["cabinet_sitting"], named);
  const template = fs.readFileSync(path.join(root, "frontend/static/index.html"), "utf8");
  fs.writeFileSync(path.join(out, "app/index.html"), page(template, { ...made, sheets }));
  for (const name of ["icon.svg", "icon-180.png", "icon-192.png", "icon-512.png", "icon-maskable-512.png"]) fs.cpSync(path.join(root, "frontend/static", name), path.join(out, "app", name));
  const kept = ["/app/", ...[...sheets, made.early, made.main, made.module, ...made.texts, "icon.svg"].map((file) => `/app/${file}`), ...Object.values(named)];
  const worker = await esbuild({
    entryPoints: [path.join(root, "frontend/exam/js/sw.js")],
    bundle: true, format: "iife", minify: release, write: false, target: "es2022",
    define: { BUILD: JSON.stringify({ id: hash(kept.join()), files: kept }) },
  });
  fs.writeFileSync(path.join(out, "app/sw.js"), worker.outputFiles[0].contents);
  const policy = [
    "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self' data: blob:", "media-src blob:", "connect-src 'self'",
    "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", "trusted-types mansap",
  ].join("; ");
  fs.writeFileSync(path.join(out, "_headers"), `/*
  content-security-policy: ${policy}
  cross-origin-opener-policy: same-origin
  cross-origin-resource-policy: same-origin
  permissions-policy: camera=(), geolocation=(), microphone=()
  referrer-policy: no-referrer
  strict-transport-security: max-age=63072000; includeSubDomains
  x-content-type-options: nosniff
  x-robots-tag: noindex
  cache-control: no-cache
`);
  fs.writeFileSync(path.join(out, "_redirects"), "/ /app/ 302\n");
  mirror(out, to);
  at.done();
}

function list(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The page of a cabinet: the links go where the template says `<!-- head -->`. */
function page(template, { early, main, module, sheets }) {
  const head = [
    `<script src="/app/${early}"></script>`,
    ...sheets.map((name) => `<link rel="stylesheet" href="/app/${name}">`),
    `<link rel="preload" href="/app/${module}" as="fetch" type="application/wasm" crossorigin>`,
    `<script type="module" src="/app/${main}"></script>`,
  ].join("\n");
  return template.replace("<!-- head -->", () => head);
}

fs.mkdirSync(process.env.MANSAP_LOCAL, { recursive: true });
for (const name of WORKERS) if (what === "all" || what === name || (what === "workers" && name !== "trust")) worker(name);
if (what === "all" || what === "trust") await trustPage();
if (what === "all" || what === "workers" || what === "exam") await sittingPage();
if (what === "all" || what === "cabinet") await cabinets();
