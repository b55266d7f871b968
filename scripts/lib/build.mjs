// Turns compiled crates into what runs: wasm-bindgen, wasm-opt (release), hashed names.
// Usage: node build.mjs <dev|release> <portal|dispatch|trust|cabinet|all> <folder of the workers> <of the cabinets>
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { build as esbuild } from "esbuild";
import { CABINETS } from "./sizes.mjs";

const [mode, what, workersIn, cabinetIn] = process.argv.slice(2);
const root = process.env.MANSAP_ROOT;
const WORKERS = ["portal", "dispatch", "trust"];
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

function bindgen(wasm, name, more = []) {
  const out = path.join(process.env.MANSAP_LOCAL, "bindgen", name);
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  execFileSync(
    inTools("wasm-bindgen"),
    [wasm, "--target", "web", "--no-typescript", "--omit-default-module-path", "--out-dir", out, "--out-name", name]
      .concat(release ? ["--remove-name-section", "--remove-producers-section"] : [])
      .concat(more),
    { stdio: "inherit" },
  );
  // The cabinet is compiled for size already; what -Oz folds away beyond that costs more than it
  // saves once brotli has seen both.
  if (release) optimise(path.join(out, `${name}_bg.wasm`), WORKERS.includes(name) ? "-O3" : "-O1");
  return out;
}

/** What rustc assumes of every browser, and nothing beyond. */
const BROWSER_FEATURES = [
  "bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "multivalue", "reference-types",
].map((name) => `--enable-${name}`);

/** wasm-opt, the JavaScript build from npm: some seconds a module. */
function optimise(file, level) {
  // A browser refuses a module that names features it does not have yet; workerd has them all.
  const features = level === "-O3" ? ["--all-features"] : BROWSER_FEATURES;
  const before = fs.statSync(file).size;
  execFileSync(
    path.join(root, "node_modules/.bin/wasm-opt"),
    [file, "-o", file, level, ...features, "--strip-debug", "--strip-producers"],
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
  const wasm = path.join(workersIn, `${name}.wasm`);
  const to = path.join(root, `workers/${name}/build`);
  const at = stamp(path.join(process.env.MANSAP_LOCAL, `${name}.stamp`), wasm);
  if (at.fresh && fs.existsSync(path.join(to, `${name}_bg.wasm`))) return;
  const more = ["--experimental-reset-state-function", "--force-enable-abort-handler"];
  mirror(bindgen(wasm, name, more), to);
  at.done();
}

/** Each cabinet is a program, a page and texts; what they share is in the texts `cabinet.json`. */
async function cabinets() {
  const to = path.join(root, "frontend/dist/app");
  const files = list(path.join(root, "frontend/static")).concat(list(path.join(root, "frontend/styles")));
  const wasm = CABINETS.map((name) => path.join(cabinetIn, `${name}.wasm`));
  const tables = ["cabinet", ...CABINETS.map((name) => `cabinet_${name}`)].map(locale);
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
  const sheets = [];
  for (const name of ["mansap.css", "cabinet.css"]) {
    const sheet = await esbuild({ entryPoints: [path.join(root, "frontend/styles", name)], bundle: true, minify: release, write: false, external: ["*.woff2", "*.svg"] });
    sheets.push(put(name, sheet.outputFiles[0].contents));
  }
  const template = fs.readFileSync(path.join(root, "frontend/static/index.html"), "utf8");
  for (const [place, name] of CABINETS.entries()) {
    const made = await one(name, wasm[place], put);
    fs.writeFileSync(path.join(out, `${name}.html`), page(template, { ...made, sheets }));
  }
  fs.cpSync(path.join(root, "frontend/static"), out, { recursive: true, filter: (file) => path.basename(file) !== "index.html" });
  mirror(out, to);
  at.done();
}

function locale(name) {
  return path.join(root, "schemas/locales", `${name}.json`);
}

/** A cabinet: its module, its script, its texts. */
async function one(name, wasm, put) {
  const from = bindgen(wasm, name);
  // The texts are a file a language: a person reads one.
  const table = Object.assign({}, ...["cabinet", `cabinet_${name}`].map((file) => JSON.parse(fs.readFileSync(locale(file), "utf8"))));
  const texts = Object.fromEntries(["kk", "ru", "en"].map((lang) => {
    const own = Object.fromEntries(Object.entries(table).map(([key, text]) => [key, text[lang]]));
    return [lang, `/app/${put(`${name}-texts-${lang}.json`, JSON.stringify(own))}`];
  }));
  const module = put(`${name}.wasm`, fs.readFileSync(path.join(from, `${name}_bg.wasm`)));
  const script = await esbuild({
    stdin: { contents: boot(name, module, texts), resolveDir: from },
    bundle: true,
    format: "esm",
    minify: release,
    write: false,
    target: "es2022",
  });
  return { main: put(`${name}.js`, script.outputFiles[0].contents), module };
}

/** The script of the page: the texts of the language are on their way while the module is. */
function boot(name, module, texts) {
  return `import init from "./${name}.js";
    const texts = ${JSON.stringify(texts)};
    const asked = {};
    const ask = (lang) => (asked[lang] ??= fetch(texts[lang])
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .catch((error) => { delete asked[lang]; throw error; }));
    window.mansapTexts = ask;
    let lang;
    try { lang = localStorage.getItem("mansap.lang"); } catch { /* no storage: the page's language */ }
    ask(texts[lang] ? lang : document.documentElement.lang).catch(() => {});
    init({ module_or_path: "/app/${module}" });`;
}

function list(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The page of a cabinet: the links go where the template says `<!-- head -->`. */
function page(template, { main, module, sheets }) {
  const head = [
    ...sheets.map((name) => `<link rel="stylesheet" href="/app/${name}">`),
    `<link rel="preload" href="/app/${module}" as="fetch" type="application/wasm" crossorigin>`,
    `<script type="module" src="/app/${main}"></script>`,
  ].join("\n");
  return template.replace("<!-- head -->", () => head);
}

fs.mkdirSync(process.env.MANSAP_LOCAL, { recursive: true });
for (const name of WORKERS) if (what === "all" || what === name) worker(name);
if (what === "all" || what === "cabinet") await cabinets();
