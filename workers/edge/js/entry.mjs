// The entry of the worker: hands events to the WebAssembly module and survives its panics.
//
// A panic or a trap poisons the module's memory. Everything under way is then answered with a
// 500 at once (its futures will never be woken again) and the next event gets a fresh instance
// of the same module, without a cold start of the isolate.
/**
 * Starts a module and returns how events are handed to it: `run(env, work, otherwise)` does `work`
 * with its exports; when the module fails meanwhile, `otherwise` makes the answer.
 */
export function serve(wasm, module) {
  wasm.initSync({ module });

  /** Ways to end what is under way. */
  const running = new Set();
  let broken = false;
  let sorry;

  function fail() {
    broken = true;
    for (const end of [...running]) end();
    running.clear();
  }

  globalThis.mansapPanicked = fail;
  addEventListener("error", (event) => {
    if (fatal(event.error)) fail();
  });

  function fatal(error) {
    return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  }

  /** The plain page of a fault, rendered by the application once, while it was well. */
  function fault() {
    const [status, headers, body] = sorry ?? [500, [["content-type", "text/plain"]], "500"];
    return new Response(body, { status, headers });
  }

  function run(env, work, otherwise) {
    if (broken) {
      wasm.__wbg_reset_state();
      broken = false;
    }
    return new Promise((resolve, reject) => {
      const end = () => (otherwise ? resolve(otherwise()) : reject(new Error("the module failed")));
      running.add(end);
      const over = (then) => (value) => {
        running.delete(end);
        then(value);
      };
      const failed = over((error) => {
        console.error("fault", String(error));
        if (fatal(error)) fail();
        end();
      });
      try {
        sorry ??= JSON.parse(wasm.sorry(env));
        work().then(over(resolve), failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  return {
    run,
    fetch: (request, env, ctx) => run(env, () => wasm.fetch(request, env, ctx), fault),
  };
}
