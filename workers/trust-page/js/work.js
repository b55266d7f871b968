// The Worker of the reporter's page: the module, and the one request there is. What a person has
// written comes in as a message and leaves sealed, or does not leave.
import init, { Page } from "trust-page";

let page;
const say = (id, more) => postMessage({ id, ...more });
const word = (error) => (typeof error === "string" ? error : "unsafe");
const pause = () => new Promise((resolve) => setTimeout(resolve));

async function post(body) {
  let answer;
  try {
    answer = await fetch("/t", { method: "POST", body, credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw 0;
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw "network";
  }
}

/** One request: a challenge, the work, the answer. A challenge that is too old is taken anew. */
async function ask(what, number, step = () => {}) {
  for (let times = 0; times < 4; times += 1) {
    const given = page.answer(await post(page.challenge()));
    if (given !== "done") throw given === "full" ? "full" : "network";
    page.request(what, number);
    step("work");
    let body;
    while (!(body = page.work())) await pause();
    step("post");
    const status = page.answer(await post(body));
    if (status === "done") return;
    if (status === "full" || status === "fault") throw "full";
    if (status !== "stale" && status !== "malformed") throw status;
  }
  throw "network";
}

async function directory() {
  for (let part = 0; ; part += 1) {
    try {
      await ask("directory", part);
    } catch (error) {
      throw error === "unknown" ? "closed" : error;
    }
    try {
      if (page.take_directory()) break;
    } catch {
      // Whatever is wrong with it: nothing is sealed by it.
      throw "closed";
    }
  }
  return { demo: page.demo(), channels: page.channels().map((name) => ({ name, people: page.people(name) })) };
}

const DO = {
  async open({ module, root, floor, now }) {
    await init({ module_or_path: module });
    try {
      page = new Page(root, floor, now);
    } catch {
      throw "closed";
    }
    return directory();
  },
  receipt: () => page.receipt(),
  async send({ channel, lang, questionnaire, follow, name, excluded, answers, files, derived, sealed }, step) {
    if (!derived) {
      step("key");
      await pause();
      page.derive(channel);
      step("derived");
    }
    if (!sealed) {
      step("seal");
      await pause();
      page.clear_files();
      for (const { name, media, bytes } of files) page.attach(name, media, bytes);
      page.seal(channel, lang, questionnaire, follow, name, new Uint16Array(excluded), answers);
      step("sealed");
    }
    // Attachments first: an officer who sees the report finds all of it. What has arrived is not sent again.
    for (;;) {
      const [all, sent] = page.chunks();
      if (sent >= all) break;
      step(["files", sent, all]);
      await ask("chunk", 0);
      page.chunk_sent();
    }
    await ask("submit", 0, step);
  },
  enter: ({ text }) => page.enter(text),
  async read({ channel, derive }, step) {
    if (derive) {
      await pause();
      page.derive(channel);
      step("derived");
    }
    for (let number = 0; ; number += 1) {
      await ask("poll", number);
      if (!page.take_news(number)) break;
    }
    return { letters: page.letters(), state: page.state(), readers: [...page.readers()] };
  },
};

onmessage = async ({ data: { id, what, words } }) => {
  try {
    say(id, { done: (await DO[what](words ?? {}, (step) => say(id, { step }))) ?? null });
  } catch (error) {
    say(id, { wrong: word(error) });
  }
};
