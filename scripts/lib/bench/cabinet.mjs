// The cabinets on their way to a person: what they weigh, and when they can be used on a bad line.
import { addApplicants, applicant, draft } from "../../../tests/lib/applicants.mjs";
import { publish } from "../../../tests/lib/vacancies.mjs";
import { CABINETS, firstLoad, kept, weight } from "../sizes.mjs";
import { median } from "./load.mjs";
import { FLAGS, chromium, edge, kb, squeeze } from "./pages.mjs";
import { portal } from "./running.mjs";

/** A bad line and a slow phone. */
const LINE = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SLOWER = 4;
/** Brotli as assets are compressed once, before they are deployed. */
const BEST = 11;

function sizes() {
  const best = (files) => kb(weight(files, (bytes) => squeeze(bytes, BEST).length));
  const built = CABINETS.filter((name) => firstLoad(name).length > 0);
  if (built.length < CABINETS.length) throw new Error("not built: scripts/build --release cabinet");
  const all = new Set(built.flatMap(kept));
  return [
    {
      what: "first load of a cabinet, brotli 11 (WASM, JS, CSS, HTML, one language)",
      value: built.map((name) => `${name} **${best(firstLoad(name))}**`).join(", "),
      bar: "≤ 120 KB, 160 at most",
    },
    {
      what: "kept for offline, brotli 11: each cabinet, and all seven together",
      value: `${built.map((name) => `${name} ${best(kept(name))}`).join(", ")}; **${best([...all])}**`,
      bar: "≤ 250 KB each",
    },
  ];
}

/** Seconds until a page of the cabinet shows its heading and what it has asked for. */
async function usable(page, address) {
  const from = performance.now();
  await page.goto(address, { waitUntil: "commit", timeout: 120_000 });
  await page.locator("#page-title").waitFor({ timeout: 120_000 });
  await page.waitForFunction(() => document.querySelector("main") && !document.querySelector("main .waiting"), undefined, { timeout: 120_000, polling: 50 });
  return (performance.now() - from) / 1000;
}

/** Waits until the service worker keeps the whole cabinet. */
async function whole(page, name) {
  const until = Date.now() + 120_000;
  const there = () => page.evaluate(async (cabinet) => {
    for (const key of await caches.keys()) {
      if (key.startsWith(`mansap-${cabinet}-`) && (await (await caches.open(key)).match("/app/.whole"))) return true;
    }
    return false;
  }, name);
  while (!(await there())) {
    if (Date.now() > until) throw new Error(`the cabinet ${name} was not kept`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export async function cabinet({ quick }) {
  const lines = sizes();
  const { chromium: engine } = await import("playwright-core");
  const site = await portal("cabinet", { stage: (state) => addApplicants(state, 1), gateway: false });
  let [front, browser] = [];
  try {
    const [vacancy] = await publish(site, 1);
    const { id } = await draft(site, 0, vacancy.id);
    front = await edge({ port: site.server.port }, { kinds: /text|json|svg|javascript|wasm/ });
    browser = await engine.launch({ executablePath: chromium(), args: FLAGS });
    const pages = [["applicant", "an application being written", `/app/my/applications/${id}/person`], ["own", "the inbox", "/app/my/inbox"]];
    for (const [name, what, where] of pages) {
      const [first, again] = [[], []];
      for (let n = 0; n < (quick ? 1 : 5); n++) {
        const context = await browser.newContext({ viewport: { width: 360, height: 720 } });
        const [cookie, value] = applicant(0).cookie.split(/=(.*)/s);
        await context.addCookies([{ name: cookie, value, url: front.address.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Strict" }]);
        const page = await context.newPage();
        const line = await context.newCDPSession(page);
        await line.send("Network.enable");
        await line.send("Network.emulateNetworkConditions", LINE);
        await line.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
        first.push(await usable(page, front.address + where));
        // The second visit comes from what the device has kept; only the answers travel.
        await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
        await whole(page, name);
        again.push(await usable(page, front.address + where));
        await context.close();
      }
      const bytes = weight(firstLoad(name), (all) => squeeze(all).length);
      lines.push({
        what: `${what}: usable at 400 kbps / 400 ms and ${SLOWER}× CPU, first visit and again`,
        value: `**${median(first).toFixed(1)} s**, ${median(again).toFixed(1)} s (${kb(bytes)} as brotli 5 travel the first time)`,
        bar: "–",
      });
    }
    return lines;
  } finally {
    await browser?.close();
    front?.stop();
    await site.close();
  }
}
