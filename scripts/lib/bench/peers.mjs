// The same four routes in Hono on the same workerd, on copies of the same databases.
import fs from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { copy, files } from "./data.mjs";
import { cpu, load, median, quantile } from "./load.mjs";
import { difference } from "./parity.mjs";
import { hono, ours } from "./servers.mjs";

const VACANCIES = 10_000;
const CONNECTIONS = 8;
const TEXT = "математика мұғалімі";

export const ROUTES = [
  { name: "json", title: "JSON list", path: "/api/v1/vacancies?lang=ru", bar: "≥ 1.0×" },
  { name: "html", title: "HTML list", path: "/ru/vacancies", bar: "≥ 1.0×" },
  { name: "page", title: "vacancy page", path: "/ru/vacancies/bos-oryn-2000", bar: "≥ 1.0×" },
  { name: "search", title: "search, JSON", path: `/api/v1/vacancies?lang=kk&q=${encodeURIComponent(TEXT)}`, bar: "≥ 1.5×" },
];

/** A full-text table as tutorials teach it, from the stems of our index. */
function fullText(state) {
  const db = new DatabaseSync(files(state).SEARCH);
  db.exec(`PRAGMA synchronous = OFF;
    CREATE VIRTUAL TABLE vacancy_text USING fts5(t, content='', tokenize="ascii tokenchars '_'");
    CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', 'by_ending', 'instance');
    INSERT INTO vacancy_text (rowid, t) SELECT doc & 268435455, group_concat(term, ' ') FROM temp.v WHERE term LIKE 's%' GROUP BY doc;
    DROP TABLE temp.v;`);
  db.close();
}

/** What the peers are told: names of files with hashes, the QR code, what the text was read as. */
async function told(state) {
  const server = await ours({ state, probe: true });
  try {
    const text = async (path) => (await fetch(server.address + path)).text();
    const page = await text(ROUTES[2].path);
    await text("/__probe");
    await text(ROUTES[3].path);
    const trips = JSON.parse(await text("/__probe"));
    const asked = trips.flatMap((trip) => trip.statements).find((one) => one.sql.includes("MATCH"))?.params ?? [];
    // The words themselves, and the tokens that stand for groups of them; our SQL ends both with ")".
    const match = `${asked[0]})`;
    const short = asked.find((one) => /^\(\(+"[yz]/.test(String(one)));
    const find = (pattern) => pattern.exec(page)?.[1] ?? "";
    return {
      READINGS: JSON.stringify({ [TEXT]: match }),
      SHORT: JSON.stringify({ [TEXT]: short ? `${short})` : match }),
      QR: find(/<div class="qr".*?<path d="([^"]*)"/s),
      QR_SIDE: find(/<div class="qr".*?viewBox="0 0 (\d+)/s),
      ICON: find(/<link rel="icon" href="([^"]*)"/),
      STYLES: find(/<link rel="stylesheet" href="([^"]*)"/),
    };
  } finally {
    await server.stop();
  }
}

async function together(work) {
  const states = { ours: await copy(VACANCIES, "ours"), hono: await copy(VACANCIES, "hono"), bare: await copy(VACANCIES, "bare"), index: await copy(VACANCIES, "index") };
  for (const name of ["hono", "bare"]) fullText(states[name]);
  const vars = await told(states.ours);
  const servers = {};
  try {
    servers.ours = await ours({ state: states.ours });
    servers.hono = await hono({ state: states.hono, vars });
    servers.bare = await hono({ state: states.bare, vars: { ...vars, BARE: "1" } });
    servers.index = await hono({ state: states.index, vars: { ...vars, SEARCH_BY: "index", READINGS: vars.SHORT } });
    return await work(servers);
  } finally {
    for (const server of Object.values(servers)) await server.stop();
    for (const state of Object.values(states)) fs.rmSync(state, { recursive: true, force: true });
  }
}

/** One answer may be made before a minute ends and the other after it. */
async function same(a, b, path) {
  let found;
  for (let n = 0; n < 3; n++) {
    found = await difference(a, b, path);
    if (found === undefined) return undefined;
  }
  return found;
}

const times = (ratio) => `${ratio.toFixed(2)}×`;

/** Rounds in turn: ours, theirs, ours, theirs. Medians of the rounds. */
export async function compare({ quick, only }) {
  const [rounds, seconds, warm] = quick ? [3, 1, 200] : [9, 2, 800];
  return together(async (servers) => {
    const lines = [];
    for (const route of ROUTES.filter(({ name }) => !only || name === only)) {
      const sides = ["ours", "hono", "bare", ...(route.name === "search" ? ["index"] : [])];
      const differs = {};
      for (const side of sides.slice(1)) differs[side] = await same(servers.ours, servers[side], route.path);
      for (const [side, what] of Object.entries(differs)) {
        if (what) console.error(`no parity of ${route.title} with ${side}: ${what}`);
      }
      const seen = Object.fromEntries(sides.map((side) => [side, []]));
      for (const side of sides) await load({ port: servers[side].port, path: route.path, connections: CONNECTIONS, requests: warm });
      for (let round = 0; round < rounds; round++) {
        const turn = sides.map((_, place) => sides[(place + round) % sides.length]);
        for (const side of turn) {
          const { port, pid } = servers[side];
          const before = cpu(pid);
          const got = await load({ port, path: route.path, connections: CONNECTIONS, seconds });
          seen[side].push({ perSecond: got.perSecond, cpu: ((cpu(pid) - before) / got.answered) * 1000, failed: got.failed, p99: quantile(got.latencies, 0.99) });
        }
      }
      const of = (side, key) => median(seen[side].map((one) => one[key]));
      const failed = sides.filter((side) => seen[side].some((one) => one.failed > 0));
      if (failed.length > 0) console.error(`${route.title}: answers other than 200 of ${failed.join(", ")}`);
      // The ratio of neighbours in time says more than the ratio of medians: noise hits both.
      const ratio = (side) => (differs[side] || failed.length > 0 ? "no parity" : times(median(seen.ours.map((one, n) => one.perSecond / seen[side][n].perSecond))));
      const speed = (side) => `${of(side, "perSecond").toFixed(0)}/s`;
      const milli = (side) => `${of(side, "cpu").toFixed(2)} ms`;
      const more = sides.includes("index") ? `, ${ratio("index")} of Hono with our SQL (${speed("index")})` : "";
      lines.push({
        what: `${route.title}: requests/s against Hono`,
        value: `**${ratio("hono")}** (${speed("ours")} : ${speed("hono")}), ${ratio("bare")} of Hono that sends the body alone (${speed("bare")})${more}`,
        bar: route.bar,
      });
      lines.push({
        what: `${route.title}: CPU a request of the whole workerd, databases included`,
        value: `${milli("ours")} : ${milli("hono")} (alone ${milli("bare")}); slowest 1 % waited ${of("ours", "p99").toFixed(1)} : ${of("hono", "p99").toFixed(1)} ms`,
        bar: "< 10 ms",
      });
    }
    return lines;
  });
}
