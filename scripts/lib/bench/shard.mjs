// Stands between the runtime and the worker of tests where its attempts are shared out over several
// processes: all of them ask one database (database.mjs), which none of them has.
import worker, { Attempt as Whole } from "./worker.js";

/** As much of D1 as the worker of tests uses: statements with values, some of them as a transaction. */
function remote(address) {
  return {
    prepare: (sql) => ({ bind: (...values) => [sql, values] }),
    async batch(statements) {
      const answer = await fetch(address, { method: "POST", body: JSON.stringify(statements) });
      if (!answer.ok) throw new Error(`database: ${answer.status}`);
      return answer.json();
    },
  };
}

const whole = (env) => ({ ...env, DB: remote(env.BASE) });

export class Attempt extends Whole {
  constructor(ctx, env) {
    super(ctx, whole(env));
  }
}

export default {
  fetch: (request, env, ctx) => worker.fetch(request, whole(env), ctx),
};
