// Anonymous reports as a reporter meets them: bytes and seconds on a bad line, on a slow device, and
// whether a receipt that exists is told from one that does not by the time of the answer.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { publish } from "../trust-publish.mjs";
import { startTrust } from "../server.mjs";
import { home } from "./data.mjs";
import { median } from "./load.mjs";
import { FLAGS, chromium, edge } from "./pages.mjs";
import { slow } from "./slow.mjs";

const root = process.env.MANSAP_ROOT;
const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const texts = JSON.parse(fs.readFileSync(path.join(root, "schemas/locales/trust.json"), "utf8"));
const t = (key) => texts[key].kk;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const s = (ms) => `${(ms / 1000).toFixed(2)} s`;
/** GlobaLeaks 5.0.15 on the same profile: home page, 14 requests. */
const PEER = "GlobaLeaks 5.0.15: 1,165,798 bytes (1,138.5 KB) in 14 requests, 24.9 s";
const BAD_LINE = { latency: 400, rate: 50_000 };
/** What the edge compresses of these pages: WebAssembly too. */
const kinds = /text|json|svg|javascript|wasm/;
const SLOW = 6;

/** The worker with the prices of production, and the demonstration's officers. */
async function site(work) {
  const folder = path.join(home, "trust");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  execFileSync("cargo", ["build", "--locked", "--quiet", "-p", "trust-ceremony"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const program = path.join(TARGET, "debug/trust-ceremony");
  const day = new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10);
  execFileSync(program, ["demo", path.join(folder, "keys"), "--today", day], { stdio: "ignore" });
  execFileSync("wrangler", ["d1", "migrations", "apply", "TRUST_DB", "--local", "--persist-to", path.join(folder, "trust"), "--config", "workers/trust/wrangler.toml"], { cwd: root, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, CI: "1" } });
  const server = await startTrust({ state: folder, vars: { ROOT: fs.readFileSync(path.join(folder, "keys/root.txt"), "utf8"), WORK: work } });
  await publish(server.address, path.join(folder, "keys/keys.cbor"), program);
  return { address: server.address, port: server.port, stop: async () => (await server.stop(), fs.rmSync(folder, { recursive: true, force: true })) };
}

async function browser() {
  const { chromium: engine } = await import("playwright-core");
  return engine.launch({ executablePath: chromium(), args: FLAGS });
}

/** A cold page of a phone. */
async function phone(instance) {
  const context = await instance.newContext({ viewport: { width: 360, height: 700 }, locale: "kk" });
  return { context, page: await context.newPage() };
}

const press = (page, key) => page.getByRole("button", { name: t(key), exact: true }).click();
/** When a text came to be seen, by the clock of the page. */
const seen = (page, selector) => page.waitForSelector(selector, { timeout: 60_000 }).then(() => page.evaluate(() => performance.now()));

/**
 * Seconds from the first byte asked for: until a button answers, until the first question is there if it is
 * pressed at once, until text can be typed if that is answered at once too, and until the next step, which
 * waits for the module and the officers' keys, if a few words are typed and it is asked for at once.
 */
async function firstLoad(instance, server) {
  const front = await edge(server, { kinds, line: BAD_LINE });
  const { context, page } = await phone(instance);
  try {
    await page.goto(`${front.address}/kk`, { waitUntil: "commit", timeout: 60_000 });
    const usable = await seen(page, "#desk button.main");
    await press(page, "start.new");
    const question = await seen(page, "#desk input[type=radio]");
    await page.locator("#desk input[type=radio]").first().check();
    await press(page, "next");
    await page.waitForSelector("#q-text", { timeout: 60_000 });
    await page.locator("#q-text").pressSequentially("мә");
    const text = await page.evaluate(() => performance.now());
    await press(page, "next");
    const ready = await seen(page, "#desk input[type=checkbox][name=excluded]");
    return { usable, question, text, ready, ...front.got };
  } finally {
    await context.close();
    front.stop();
  }
}

/** Milliseconds of a processor that a process has used. */
const used = (pid) => fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).reduce((sum, one) => sum + Number(one) * 10, 0);

/** The process that runs the page: the one that works when the page does. */
async function rendererOf(instance, page) {
  const session = await instance.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const all = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const before = all.map(used);
  await page.evaluate(() => { const end = performance.now() + 400; while (performance.now() < end); });
  const more = all.map((pid, at) => used(pid) - before[at]);
  return all[more.indexOf(Math.max(...more))];
}

/** Writes a report and sends it on a slow processor: seconds by step, memory of the page's process. */
async function sending(instance, where) {
  const { context, page } = await phone(instance);
  await page.goto(where);
  await press(page, "start.new");
  await page.locator("#desk input[type=radio]").first().check();
  await press(page, "next");
  await page.locator("#q-text").fill("Конкурс нәтижесі алдын ала белгілі болды. ".repeat(40));
  await press(page, "next");
  await page.getByRole("heading", { name: t("people.heading"), exact: true }).waitFor();
  await press(page, "next");
  await page.locator("#receipt span").first().waitFor();
  const groups = await page.locator("#receipt span").allTextContents();
  const label = await page.locator('label[for="check"]').textContent();
  await page.locator("#check").fill(groups[groups.findIndex((_, at) => label === t("receipt.check").replace("{n}", at + 1))]);
  const pid = await rendererOf(instance, page);
  // By the clock of the page: when the button was pressed, and when each step began.
  await page.evaluate(() => {
    window.at = {};
    document.querySelector("#desk button.main").addEventListener("click", () => (window.at.press = performance.now()), { capture: true });
    new MutationObserver(() => {
      const steps = document.querySelector("#desk .steps");
      const step = steps ? [...steps.children].findIndex((row) => row.className === "now") : "over";
      if (window.at.press) window.at[step] ??= performance.now();
    }).observe(document.getElementById("desk"), { subtree: true, childList: true, attributes: true });
  });
  const before = used(pid);
  const { how, end } = slow(pid, SLOW);
  try {
    await press(page, "send");
    await page.getByRole("heading", { name: t("sent.heading"), exact: true }).waitFor({ timeout: 120_000 });
  } finally {
    end();
  }
  const processor = used(pid) - before;
  const at = await page.evaluate(() => window.at);
  const memory = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
  await context.close();
  // Steps: key, seal, work, post. A step that was over between two looks counts to the next.
  return { key: (at[1] ?? at[2] ?? at.over) - at.press, whole: at.over - at.press, used: processor, memory, how };
}

/** Natural sizes of one sample among another: two-sided p of Mann and Whitney. */
export function mannWhitney(one, two) {
  const all = [...one.map((value) => [value, 0]), ...two.map((value) => [value, 1])].sort((a, b) => a[0] - b[0]);
  let [ranks, ties] = [0, 0];
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to][0] === all[from][0]) to += 1;
    const rank = (from + to + 1) / 2;
    for (let at = from; at < to; at += 1) if (all[at][1] === 0) ranks += rank;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const [n, m, whole] = [one.length, two.length, all.length];
  const u = ranks - (n * (n + 1)) / 2;
  const spread = Math.sqrt(((n * m) / 12) * (whole + 1 - ties / (whole * (whole - 1))));
  const z = Math.abs(u - (n * m) / 2) / spread;
  // The tail of the normal distribution, by Abramowitz and Stegun 26.2.17.
  const k = 1 / (1 + 0.2316419 * z);
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return 2 * tail;
}

/** Answers JSON with JSON, in order: seals and signs for made-up people. */
function scribe() {
  execFileSync("cargo", ["build", "--locked", "--quiet", "-p", "trust-core", "--example", "scribe"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const child = spawn(path.join(TARGET, "debug/examples/scribe"), { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  readline.createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
  const ask = (op, words = {}) => new Promise((resolve) => {
    waiting.push(resolve);
    child.stdin.write(`${JSON.stringify({ op, ...words })}\n`);
  });
  return { ask, end: () => child.stdin.end() };
}

/** C1: the same question about a receipt that exists and about one that does not, in turns. */
async function receipts({ quick }) {
  const { address, stop } = await site("1 1 1000000 1000000");
  const { ask, end } = scribe();
  const hex = (bytes) => Buffer.from(bytes).toString("hex");
  const post = async (frame) => {
    const from = performance.now();
    const answer = await fetch(`${address}/t`, { method: "POST", body: Buffer.from(frame, "hex") });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { took: performance.now() - from, bytes, headers: answer.headers };
  };
  const challenge = async () => {
    const made = await ask("challenge");
    const { payload } = await ask("read_answer", { kind: made.kind, reply: made.reply, bytes: hex((await post(made.frame)).bytes) });
    return payload;
  };
  try {
    const { envelope } = await ask("report", { who: "known", text: "text" });
    await post((await ask("submit", { who: "known", envelope, challenge: await challenge() })).frame);
    const times = { known: [], unknown: [] };
    const sizes = new Set();
    const each = quick ? 50 : 500;
    // Warm first, then in turns, so that nothing but the receipt differs.
    for (let round = -20; round < each; round += 1) {
      for (const who of round % 2 ? ["known", "unknown"] : ["unknown", "known"]) {
        const { frame } = await ask("poll", { who, challenge: await challenge() });
        const { took, bytes } = await post(frame);
        sizes.add(bytes.length);
        if (round >= 0) times[who].push(took);
      }
    }
    const [known, unknown] = [times.known, times.unknown];
    const p = mannWhitney(known, unknown);
    return {
      what: `reports, C1: a receipt that exists against one that does not, ${each} answers of each in turns`,
      value: `median **${median(known).toFixed(2)} and ${median(unknown).toFixed(2)} ms**, p = ${p.toFixed(2)} (Mann and Whitney); sizes: ${[...sizes].join(", ")} bytes`,
      bar: "difference of the medians < 2 ms, p > 0.01",
    };
  } finally {
    end();
    await stop();
  }
}

export async function trust({ quick }) {
  const server = await site("");
  const front = await edge(server, { kinds });
  const instance = await browser();
  const lines = [];
  try {
    const rounds = quick ? 1 : 5;
    const loads = [];
    for (let n = 0; n < rounds; n += 1) loads.push(await firstLoad(instance, server));
    const most = (method, what) => Math.max(...loads.map((one) => one[method][what]));
    lines.push({
      what: "reports, D5: first load of the reporter's page with its module (brotli 5 as the edge compresses, headers included)",
      value: `**${kb(most("GET", "bytes"))} in ${most("GET", "requests")} requests**; the officers' keys, once somebody wants to write: ${kb(most("POST", "bytes"))} in ${most("POST", "requests")}; ${PEER}`,
      bar: "≤ 120 KB, ≤ 8 requests",
    }, {
      what: "reports, D5: at 400 kbps / 400 ms, until the page can be used; until the first question, if the button is pressed at once; until text has been typed, if that is answered at once; until the step after the text, which waits for the module and the officers' keys",
      value: `**${["usable", "question", "text", "ready"].map((what) => s(median(loads.map((one) => one[what])))).join("; ")}**; ${PEER}`,
      bar: "the first three < 4 s",
    });
    const sent = [];
    for (let n = 0; n < (quick ? 1 : 7); n += 1) sent.push(await sending(instance, `${front.address}/kk`));
    const of = (key) => median(sent.map((one) => one[key]));
    lines.push({
      what: `reports, D5: key out of the receipt (Argon2id 19 MiB) on a processor ${SLOW} times slower, from the press of the button`,
      value: `**${s(of("key"))}** (measured: the page's process, its Worker included, gets ${sent[0].how})`,
      bar: "< 1 s",
    }, {
      what: `reports, D5: the whole sending with the work of production (18 bits) on a processor ${SLOW} times slower`,
      value: `**${s(of("whole"))}** (measured likewise; ${s(of("used"))} of processor time)`,
      bar: "< 5 s",
    }, {
      what: "reports, D6: most memory of the page's process while a report is sent",
      value: `**${(Math.max(...sent.map(({ memory }) => memory)) / 2 ** 20).toFixed(0)} MB**`,
      bar: "≤ 512 MB",
    });
  } finally {
    await instance.close();
    front.stop();
    await server.stop();
  }
  lines.push(await receipts({ quick }));
  return lines;
}
