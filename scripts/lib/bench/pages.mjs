// What a reader's browser gets: bytes, requests, Lighthouse, first paint on a bad line.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { copy } from "./data.mjs";
import { median } from "./load.mjs";
import { CABINETS, firstLoad, kept, weight } from "../sizes.mjs";
import { OURS, bundled, ours } from "./servers.mjs";

const root = process.env.MANSAP_ROOT;
const KB = 1024;
/** As Cloudflare compresses what a worker answers. */
const QUALITY = 5;
export const squeeze = (bytes, quality = QUALITY) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quality } });
export const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`;

export const PAGES = [
  ["home", "/kk/"],
  ["list", "/kk/vacancies"],
  ["vacancy", "/kk/vacancies/bos-oryn-2000"],
  ["organisation", "/kk/organisations/mektep-0"],
  ["help", "/kk/help"],
  ["sign-in", "/kk/sign-in"],
];

async function withPortal(work) {
  const state = await copy(10_000, "pages");
  const server = await ours({ state });
  try {
    return await work(server);
  } finally {
    await server.stop();
    fs.rmSync(state, { recursive: true, force: true });
  }
}

/** Addresses that a browser loads with a page: styles, scripts, pictures, the icon. */
function referenced(html) {
  const tags = html.match(/<(?:link|script|img)\b[^>]*>/g) ?? [];
  const found = tags.flatMap((tag) => {
    const of = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
    if (tag.startsWith("<link")) return /\b(stylesheet|icon|preload|modulepreload|manifest)\b/.test(of("rel") ?? "") ? [of("href")] : [];
    return of("src") ? [of("src")] : [];
  });
  return [...new Set(found)].filter((one) => !one.startsWith("data:"));
}

export async function bytes() {
  return withPortal(async (server) => {
    const get = async (where) => {
      const answer = await fetch(new URL(where, server.address));
      const body = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, body };
    };
    const lines = [];
    for (const [name, where] of PAGES) {
      const { status, body } = await get(where);
      if (status !== 200) {
        lines.push({ what: `${name}: bytes (brotli ${QUALITY})`, value: `status ${status}`, bar: "≤ 8 KB usual, 14 KB at most" });
        continue;
      }
      const html = body.toString();
      const links = referenced(html);
      const sizes = await Promise.all(links.map(async (link) => squeeze((await get(link)).body).length));
      const scripts = links.filter((link) => /\.m?js\b/.test(link)).reduce((sum, link) => sum + sizes[links.indexOf(link)], 0);
      const inline = [...html.matchAll(/<script(?![^>]*(?:\bsrc=|ld\+json))[^>]*>(.*?)<\/script>/gs)].reduce((sum, [, text]) => sum + text.length, 0);
      const page = squeeze(body).length;
      const total = page + sizes.reduce((a, b) => a + b, 0);
      lines.push({
        what: `${name}: bytes (brotli ${QUALITY}) and requests`,
        value: `**${kb(total)}** in ${1 + links.length} requests; HTML ${kb(page)}, script ${kb(scripts + inline)}`,
        bar: "≤ 8 KB usual, 14 KB at most; script ≤ 2 KB",
      });
    }
    return lines;
  });
}

export async function shipped() {
  const folder = bundled(...OURS);
  const files = fs.readdirSync(folder).filter((name) => /\.(js|mjs|wasm)$/.test(name) && !["probe.mjs", "memory.mjs"].includes(name));
  const gzip = files.reduce((sum, name) => sum + zlib.gzipSync(fs.readFileSync(path.join(folder, name)), { level: 9 }).length, 0);
  const lines = [{ what: "portal: the script that is deployed, gzip", value: `**${kb(gzip)}**`, bar: "≤ 1 MB" }];
  for (const name of CABINETS) {
    const files = firstLoad(name);
    const sum = (quality) => kb(weight(files, (bytes) => squeeze(bytes, quality).length));
    const value = files.length > 0 ? `**${sum(QUALITY)}** / ${sum(11)} in ${files.length} requests` : "not built (scripts/build --release cabinet)";
    if (files.length > 0) lines.push({ what: `cabinet of ${name}: kept for offline (brotli 11)`, value: `**${kb(weight(kept(name), (bytes) => squeeze(bytes, 11).length))}**`, bar: "≤ 250 KB" });
    lines.push({ what: `cabinet of ${name}: first load (brotli ${QUALITY} / 11)`, value, bar: "≤ 120 KB, 160 at most" });
  }
  return lines;
}

/**
 * What the edge does before a browser: compression of what it is told to compress. `line` stands for a bad
 * connection of the whole device, its Workers included: milliseconds before an answer, bytes a second.
 */
export function edge(server, { kinds = /text|json|svg|javascript/, line } = {}) {
  // By method: what a page loads, and what it asks for by posting.
  const got = { GET: { bytes: 0, requests: 0 }, POST: { bytes: 0, requests: 0 } };
  let free = 0;
  /** Sends bytes as slowly as the line is, whatever else is on it. */
  const send = async (answer, body) => {
    if (!line) return answer.end(body);
    for (let at = 0; at < body.length; at += 1500) {
      const part = body.subarray(at, at + 1500);
      free = Math.max(free, performance.now()) + (part.length / line.rate) * 1000;
      const wait = free - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      answer.write(part);
    }
    answer.end();
  };
  const proxy = http.createServer((request, answer) => {
    const count = (got[request.method] ??= { bytes: 0, requests: 0 });
    count.requests += 1;
    const inner = http.request({ host: "127.0.0.1", port: server.port, path: request.url, method: request.method, headers: { ...request.headers, "accept-encoding": "identity" } }, (theirs) => {
      const parts = [];
      theirs.on("data", (part) => parts.push(part));
      theirs.on("end", async () => {
        const headers = { ...theirs.headers };
        delete headers["transfer-encoding"];
        let body = Buffer.concat(parts);
        const may = kinds.test(headers["content-type"] ?? "") && !/no-transform/.test(headers["cache-control"] ?? "");
        if (may && /\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
          body = squeeze(body);
          headers["content-encoding"] = "br";
        }
        headers["content-length"] = body.length;
        count.bytes += body.length + Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 0);
        if (line) await new Promise((resolve) => setTimeout(resolve, line.latency));
        answer.writeHead(theirs.statusCode, headers);
        await send(answer, body);
      });
    });
    inner.on("error", () => answer.destroy());
    request.pipe(inner);
  });
  const stop = () => (proxy.closeAllConnections(), proxy.close());
  return new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve({ address: `http://127.0.0.1:${proxy.address().port}`, got, stop })));
}

export const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const chromium = () => process.env.CHROMIUM ?? "/usr/bin/chromium";
const THREE = PAGES.slice(0, 3);

export async function lighthouse() {
  const { default: judge, desktopConfig } = await import("lighthouse");
  const { launch } = await import("chrome-launcher");
  return withPortal(async (server) => {
    const front = await edge(server);
    const lines = [];
    try {
      for (const [name, where] of THREE) {
        for (const [form, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
          const chrome = await launch({ chromePath: chromium(), chromeFlags: FLAGS, logLevel: "silent" });
          try {
            const options = { port: chrome.port, logLevel: "silent", onlyCategories: ["performance", "accessibility", "best-practices", "seo"] };
            let { lhr } = await judge(front.address + where, options, config);
            // A loaded machine may miss the first paint; once more then.
            if (lhr.categories.performance.score === null) ({ lhr } = await judge(front.address + where, options, config));
            const scores = Object.values(lhr.categories).map((one) => Math.round((one.score ?? 0) * 100));
            const poor = Object.values(lhr.categories).flatMap((category) => category.auditRefs.filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 0.9).map(({ id }) => [id, lhr.audits[id].displayValue ?? lhr.audits[id].explanation].filter(Boolean).join(": ")));
            const paint = lhr.audits["first-contentful-paint"].displayValue;
            lines.push({
              what: `${name}, ${form}: Lighthouse ${lhr.lighthouseVersion} (performance / accessibility / best practices / SEO)`,
              value: `**${scores.join(" / ")}**, first paint ${paint}${poor.length > 0 ? `; poor: ${poor.join(", ")}` : ""}`,
              bar: "100 / 100 / 100 / 100",
            });
          } finally {
            await chrome.kill();
          }
        }
      }
    } finally {
      front.stop();
    }
    return lines;
  });
}

export async function paint({ quick }) {
  const { chromium: engine } = await import("playwright-core");
  return withPortal(async (server) => {
    const front = await edge(server);
    const browser = await engine.launch({ executablePath: chromium(), args: FLAGS });
    const lines = [];
    try {
      for (const [name, where] of THREE) {
        const seen = [];
        for (let n = 0; n < (quick ? 1 : 5); n++) {
          const context = await browser.newContext({ viewport: { width: 360, height: 720 } });
          const page = await context.newPage();
          const line = await context.newCDPSession(page);
          await line.send("Network.enable");
          await line.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
          await page.goto(front.address + where, { waitUntil: "load", timeout: 60_000 });
          const at = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime, undefined, { timeout: 20_000 });
          seen.push(await at.jsonValue());
          await context.close();
        }
        lines.push({ what: `${name}: first contentful paint at 400 kbps / 400 ms`, value: `**${(median(seen) / 1000).toFixed(2)} s**`, bar: "–" });
      }
    } finally {
      await browser.close();
      front.stop();
    }
    return lines;
  });
}
