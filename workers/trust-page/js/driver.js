// The page's side of its Worker, of reporters and of officers: questions go in with a number, answers
// come back with it. A Worker whose module has panicked is ended at once: nothing more comes out of it.

/** `make` gives a Worker; `start` begins anew, `stop` forgets what was asked, `tell` asks. */
export function driver(make) {
  let worker;
  let waiting = new Map();
  let count = 0;
  // Why there is none.
  let lost = "broken";

  function stop() {
    worker?.terminate();
    worker = undefined;
    waiting = new Map();
  }

  function fail(word) {
    const all = [...waiting.values()];
    stop();
    lost = word;
    for (const { no } of all) no(word);
  }

  function start() {
    stop();
    lost = "broken";
    try {
      worker = make();
    } catch {
      lost = "unsafe";
      return;
    }
    worker.onmessage = ({ data: { id, done, wrong, step } }) => {
      const one = waiting.get(id);
      if (!one) return;
      if (step) return one.step(step);
      if (wrong === "broken") return fail(wrong);
      waiting.delete(id);
      if (wrong) one.no(wrong);
      else one.yes(done);
    };
    // The Worker itself could not be had.
    worker.onerror = (event) => {
      event.preventDefault();
      fail("unsafe");
    };
  }

  function tell(what, words, step = () => {}) {
    return new Promise((yes, no) => {
      if (!worker) return no(lost);
      count += 1;
      waiting.set(count, { yes, no, step });
      worker.postMessage({ id: count, what, words });
    });
  }

  return { start, stop, tell };
}
