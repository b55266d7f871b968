// The Worker of the reporter's page: the module, and what is asked with it.
import init, { Page } from "trust-page";
import { ask as asked, load, pause, serve } from "./line.js";

let page;
/** The channel of the mailbox that was found. */
let found;
const ask = (what, number, step) => asked(page, () => page.request(what, number), step);

/**
 * A mailbox is asked in rounds of so many questions, whether there is such a number or not and however
 * many letters lie in it: somebody who watches the line counts the same.
 */
const ROUND = 4;

/** Asks a mailbox; false if there is none. */
async function poll(number) {
  try {
    await ask("poll", number);
    return true;
  } catch (error) {
    if (error !== "refused") throw error;
    return false;
  }
}

/** The rest of a mailbox and of the round; false if a letter that was promised was not given. */
async function mailbox(number, more) {
  let whole = true;
  for (; more || number % ROUND; number += 1) {
    const there = await poll(number);
    if (!more) continue;
    whole &&= there;
    more = there && page.take_news(number);
  }
  return whole;
}

function shuffled(all) {
  const places = [...crypto.getRandomValues(new Uint32Array(all.length))];
  return all.map((one, at) => [places[at], one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
}

const said = () => ({ channel: found, letters: page.letters(), state: page.state(), readers: [...page.readers()] });

async function directory() {
  for (let part = 0; ; part += 1) {
    try {
      await ask("directory", part);
    } catch (error) {
      throw error === "unknown" ? "closed" : error;
    }
    try {
      if (page.take_directory()) break;
    } catch (error) {
      // Whatever is wrong with it: nothing is sealed by it.
      throw typeof error === "string" ? "closed" : error;
    }
  }
  return { demo: page.demo(), channels: page.channels().map((name) => ({ name, people: page.people(name), overseers: page.overseers(name) })) };
}

const DO = {
  load: ({ module }) => load(init, module),
  async open({ root, questions, floor, now }) {
    try {
      page = new Page(root, questions, floor, now);
    } catch (error) {
      throw typeof error === "string" ? "closed" : error;
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
  /**
   * Looks for the mailbox of the number in channels: in all of them, wherever it lies, and in an order
   * that says nothing. The worker knows no channel of a mailbox and must not learn it from here.
   */
  async find({ channels }) {
    let more = false;
    found = undefined;
    for (const name of shuffled(channels)) {
      await pause();
      page.seek(name);
      if (!(await poll(0)) || found !== undefined) continue;
      more = page.take_news(0);
      found = name;
    }
    page.settle(found ?? channels[0]);
    if (!(await mailbox(1, more)) || found === undefined) throw "refused";
    return said();
  },
  async read() {
    const there = await poll(0);
    if (!(await mailbox(1, there && page.take_news(0))) || !there) throw "refused";
    return said();
  },
  /** Deletes the letters that were read: from here on the number opens none of them. */
  async drop({ count }) {
    for (let at = 0; at < count || at % ROUND; at += 1) await ask(at < count ? "drop" : "poll", at);
  },
};

serve(DO);
