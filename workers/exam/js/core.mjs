// The module: a text in, a text out. It keeps nothing between calls, so one that failed is simply
// started anew and the call fails alone.
import * as exam from "../build/exam.js";
import module from "../build/exam_bg.wasm";

exam.initSync({ module });
let broken = false;

/** Why the module says no. */
export class No extends Error {}

/** Has the module decide something. */
export function act(what, input) {
  if (broken) {
    exam.__wbg_reset_state();
    broken = false;
  }
  let answer;
  try {
    answer = JSON.parse(exam.act(what, JSON.stringify(input)));
  } catch (error) {
    broken = true;
    throw error;
  }
  if (answer?.no) throw new No(`${what}: ${answer.no}`);
  return answer;
}

/** Seals a file of a block; throws where it cannot. */
export function sealFile(key, attempt, { block, n }, bytes) {
  const sealed = exam.seal_file(key, attempt, block, n, bytes);
  if (sealed.length === 0) throw new No("file");
  return sealed;
}

/** One transaction on D1: [[sql, [value, …]], …] in, rows a statement out. */
export async function batch(env, statements) {
  if (statements.length === 0) return [];
  const done = await env.DB.batch(statements.map(([sql, values]) => env.DB.prepare(sql).bind(...values)));
  return done.map(({ results }) => results);
}
