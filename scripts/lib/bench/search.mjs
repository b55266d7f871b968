// What a search costs as the number of vacancies grows: processor time of the whole workerd a
// request, its databases included, and the very statements of the request on SQLite alone. Of few
// vacancies fewer match, so the answer itself grows until a page and the counts are full.
import fs from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { copy, files } from "./data.mjs";
import { cpu, load, median } from "./load.mjs";
import { ours } from "./servers.mjs";

const q = encodeURIComponent;
const KINDS = [
  ["no text", "/api/v1/vacancies?lang=kk"],
  ["common word", `/api/v1/vacancies?lang=kk&q=${q("мұғалім")}`],
  ["two words + filters", `/api/v1/vacancies?lang=kk&q=${q("математика мұғалімі")}&language=kk&term=permanent`],
  ["by pay", `/api/v1/vacancies?lang=kk&q=${q("мұғалім")}&sort=salary`],
  ["facets", `/api/v1/vacancies/facets?lang=kk&q=${q("мұғалім")}`],
  ["HTML list, two words", `/kk/vacancies?q=${q("математика мұғалімі")}`],
];

/** Milliseconds of the statements of one request, on the database file itself. */
function native(state, trips, runs) {
  const open = files(state);
  const databases = Object.fromEntries(Object.entries(open).map(([name, file]) => [name, new DatabaseSync(file, { readOnly: true })]));
  const prepared = trips.flatMap((trip) => trip.statements.map(({ sql, params }) => [databases[trip.database].prepare(sql), params]));
  const times = [];
  for (let n = 0; n < runs + 3; n++) {
    const from = performance.now();
    for (const [statement, params] of prepared) statement.all(...params);
    if (n >= 3) times.push(performance.now() - from);
  }
  for (const db of Object.values(databases)) db.close();
  return median(times);
}

export async function growth({ quick }) {
  const sizes = quick ? [1000, 10_000] : [1000, 10_000, 100_000];
  const runs = quick ? 10 : 60;
  const seen = {};
  for (const many of sizes) {
    const state = await copy(many, "search");
    const server = await ours({ state, probe: true });
    const asked = {};
    try {
      for (const [name, path] of KINDS) {
        await load({ port: server.port, path, connections: 1, requests: 10 });
        await (await fetch(`${server.address}/__probe`)).text();
        const answer = await fetch(server.address + path);
        await answer.text();
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
        asked[name] = await (await fetch(`${server.address}/__probe`)).json();
        // The clock of a process ticks a hundred times a second: many requests, so that a tick is
        // little; the median of some rounds, so that what else the runtime does is not counted.
        const rounds = [];
        for (let round = 0; round < (quick ? 1 : 5); round++) {
          const before = cpu(server.pid);
          await load({ port: server.port, path, connections: 1, requests: 5 * runs });
          rounds.push(((cpu(server.pid) - before) / (5 * runs)) * 1000);
        }
        ((seen[name] ??= {})[many] = { cpu: median(rounds), trips: asked[name].length });
      }
    } finally {
      await server.stop();
    }
    for (const [name] of KINDS) seen[name][many].sqlite = native(state, asked[name], runs);
    fs.rmSync(state, { recursive: true, force: true });
  }
  const log = sizes.slice(1).map((many, n) => `×${(Math.log(many) / Math.log(sizes[n])).toFixed(2)}`).join(", ");
  return KINDS.map(([name]) => {
    const of = (key) => sizes.map((many) => seen[name][many][key]);
    const told = (key) => {
      const all = of(key);
      const factors = all.slice(1).map((ms, n) => `×${(ms / all[n]).toFixed(2)}`).join(", ");
      return `${all.map((ms) => ms.toFixed(2)).join(" / ")} ms (${factors})`;
    };
    return {
      what: `search, ${name}: CPU a request with ${sizes.map((many) => `${many / 1000}k`).join(" / ")} vacancies`,
      value: `**${told("cpu")}**; SQLite alone ${told("sqlite")}, ${seen[name][sizes[0]].trips} trips`,
      bar: `as the logarithm: ${log}`,
    };
  });
}
