// Stands between the runtime and a worker and notes what a request asks of the databases: which
// statements, in how many trips, how long they took. `GET /__probe` tells and forgets;
// `GET /__memory` tells how large the memories of WebAssembly are.
import { memories } from "./memory.mjs";
import worker from "./worker.js";

/** Trips that are remembered: enough for any request, too few to weigh. */
const MOST = 64;
let trips = [];

function watched(name, db) {
  return {
    prepare(sql) {
      const statement = db.prepare(sql);
      return { statement, sql, params: [], bind: (...params) => ({ statement: statement.bind(...params), sql, params }) };
    },
    async batch(list) {
      const from = Date.now();
      const done = await db.batch(list.map((one) => one.statement));
      if (trips.length >= MOST) trips.shift();
      trips.push({
        database: name,
        ms: Date.now() - from,
        sqlite_ms: done.reduce((sum, one) => sum + (one.meta?.duration ?? 0), 0),
        rows: done.map((one) => one.results.length),
        statements: list.map(({ sql, params }) => ({ sql, params })),
      });
      return done;
    },
  };
}

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/__probe") {
      const told = trips;
      trips = [];
      return Response.json(told);
    }
    if (new URL(request.url).pathname === "/__memory") return Response.json(memories());
    const seen = { ...env, DB: watched("DB", env.DB), SEARCH: watched("SEARCH", env.SEARCH) };
    return worker.fetch(request, seen, ctx);
  },
};
