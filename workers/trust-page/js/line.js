// The Worker's side, of reporters and of officers: the one request there is, and how questions of the
// page are answered. What a person has written comes in as a message and leaves sealed, or not at all.

export const pause = () => new Promise((resolve) => setTimeout(resolve));

async function post(body) {
  try {
    const answer = await fetch(`${location.origin}/t`, { method: "POST", body, credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw 0;
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw "network";
  }
}

/** One request: a challenge, the work, the answer. A challenge that is too old is taken anew. */
export async function ask(desk, request, step = () => {}) {
  for (let times = 0; times < 4; times += 1) {
    const given = desk.answer(await post(desk.challenge()));
    if (given !== "done") throw given === "full" || given === "fault" ? "full" : "network";
    request();
    step("work");
    let body;
    while (!(body = desk.work())) await pause();
    step("post");
    const status = desk.answer(await post(body));
    if (status === "done") return;
    if (status === "full" || status === "fault") throw "full";
    if (status !== "stale" && status !== "malformed") throw status;
  }
  throw "network";
}

/** Loads a module; a browser that cannot run it must not be used. */
export async function load(init, module) {
  try {
    await init({ module_or_path: module });
  } catch {
    throw "unsafe";
  }
}

/** Answers the page. What is no word of ours is a panic: the module's memory is worth nothing then. */
export function serve(all) {
  const say = (id, more) => postMessage({ id, ...more });
  onmessage = async ({ data: { id, what, words } }) => {
    try {
      say(id, { done: (await all[what](words ?? {}, (step) => say(id, { step }))) ?? null });
    } catch (error) {
      if (typeof error === "string") return say(id, { wrong: error });
      say(id, { wrong: "broken" });
      close();
    }
  };
}
