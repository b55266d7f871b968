// Draws the pictures that a shared link shows where the reader's program knows no SVG: one a
// language, frontend/static/card-LANG.png. Usage: scripts/cards (needs Chromium); the result is
// committed, so nobody else needs it.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const root = process.env.MANSAP_ROOT;
const chromium = process.env.CHROMIUM ?? "chromium";
const texts = JSON.parse(fs.readFileSync(path.join(root, "schemas/locales/public.json"), "utf8"));

const page = (lang) => `<!doctype html><html lang="${lang}"><meta charset="utf-8"><style>
*{margin:0;box-sizing:border-box}
body{width:1200px;height:630px;background:#fff;color:#14202b;font-family:"Noto Sans","DejaVu Sans",sans-serif;overflow:hidden}
header{height:128px;background:#006b8f;color:#fff;display:flex;align-items:center;gap:24px;padding:0 72px;font-size:56px;font-weight:700}
.strip{height:10px;background:#f5b800}
main{padding:76px 72px 0}
h1{font-size:${lang === "kk" ? 68 : 64}px;line-height:1.2;font-weight:700;max-width:1000px;text-wrap:balance}
p{margin-top:36px;font-size:36px;line-height:1.4;color:#4a5a67;max-width:1000px}
</style><header><svg width="64" height="64" viewBox="0 0 32 32"><path d="M16 28V8M16 8H5v11h7v-5M16 8h11v11h-7v-5M6 28h20" fill="none" stroke="#fff" stroke-width="3"/></svg>Mansap</header>
<div class="strip"></div><main><h1>${texts["card.title"][lang]}</h1><p>${texts["card.text"][lang]}</p></main></html>`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mansap-cards-"));
for (const lang of ["kk", "ru", "en"]) {
  const source = path.join(folder, `${lang}.html`);
  const target = path.join(root, `frontend/static/card-${lang}.png`);
  fs.writeFileSync(source, page(lang));
  execFileSync(chromium, [
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
    `--user-data-dir=${folder}/profile`, "--window-size=1200,630", `--screenshot=${target}`, `file://${source}`,
  ], { stdio: "ignore" });
  console.log(`  ${path.relative(root, target)}: ${fs.statSync(target).size} bytes`);
}
fs.rmSync(folder, { recursive: true, force: true });
