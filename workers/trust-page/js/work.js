// The Worker of the reporter's page: the module, and what is asked with it.
import init, { Page } from "trust-page";
import { ask as asked, load, pause, serve } from "./line.js";

let page;
const ask = (what, number, step) => asked(page, () => page.request(what, number), step);

/**
 * A mailbox is asked in rounds of so many questions, whether there is such a number or not and however
 * many letters lie in it: somebody who watches the line counts the same.
 */
const ROUND = 4;

async function mailbox() {
  let unknown = false;
  for (let number = 0, more = true; more || number % ROUND; number += 1) {
    try {
      await ask("poll", number);
      if (more) more = page.take_news(number);
    } catch (error) {
      if (error !== "refused") throw error;
      [unknown, more] = [true, false];
    }
  }
  if (unknown) throw "refused";
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
    } catch (error) {
      // Whatever is wrong with it: nothing is sealed by it.
      throw typeof error === "string" ? "closed" : error;
    }
  }
  return { demo: page.demo(), channels: page.channels().map((name) => ({ name, people: page.people(name) })) };
}

const DO = {
  load: ({ module }) => load(init, module),
  async open({ root, floor, now }) {
    try {
      page = new Page(root, floor, now);
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
  async read({ channel, derive }, step) {
    if (derive) {
      await pause();
      page.derive(channel);
      step("derived");
    }
    await mailbox();
    return { letters: page.letters(), state: page.state(), readers: [...page.readers()] };
  },
  /** Deletes the letters that were read: from here on the number opens none of them. */
  async drop({ count }) {
    for (let at = 0; at < count || at % ROUND; at += 1) await ask(at < count ? "drop" : "poll", at);
  },
};

serve(DO);
