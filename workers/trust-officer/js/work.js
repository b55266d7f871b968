// The Worker of the officers' page: the module, what the device keeps, and the one request there is.
// The device keeps sealed bytes alone: the keys under their passphrase, the book under the keys, and
// envelopes as the server has them.
import init, { Desk, saved } from "trust-officer";
import { ask as asked, load as loaded, pause, serve } from "../../trust-page/js/line.js";

let desk;

const kept = (() => {
  let opened;
  const open = () => (opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("mansap-officer", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject("storage");
  }));
  const run = async (mode, work) => {
    const change = (await open()).transaction("kept", mode, { durability: "strict" });
    const asked = work(change.objectStore("kept"));
    return new Promise((resolve, reject) => {
      change.oncomplete = () => resolve(asked.result);
      change.onabort = change.onerror = () => reject("storage");
    });
  };
  return {
    get: (key) => run("readonly", (store) => store.get(key)),
    keys: () => run("readonly", (store) => store.getAllKeys()),
    put: (key, value) => run("readwrite", (store) => store.put(value, key)),
    clear: () => run("readwrite", (store) => store.clear()),
  };
})();

const ask = (what, { id = "", day = 0, page = 0 } = {}) => asked(desk, () => desk.request(what, id, day, page));

const saveBook = async () => kept.put("book", desk.book());

/** Sends what waits. What can never arrive (a case that was deleted, somebody who has left) is let go. */
async function flush() {
  while (desk.outbox() > 0) {
    try {
      await ask("out");
    } catch (error) {
      if (error !== "refused" && error !== "unknown") throw error;
    }
    desk.out_done();
    await saveBook();
  }
}

async function directory() {
  for (let page = 0; ; page += 1) {
    await ask("directory", { page });
    if (desk.take_directory()) return;
  }
}

async function letters() {
  for (;;) {
    await ask("letter");
    if (!desk.take_letter()) return;
    // The next question deletes this letter on the server: it must be kept first.
    await saveBook();
  }
}

async function lists(step) {
  const days = [...desk.days()];
  for (const [at, day] of days.entries()) {
    step({ at: at + 1, of: days.length });
    for (let page = 0, more = true; more; page += 1) {
      await ask("list", { day, page });
      const ids = desk.take_heads(day);
      more = ids.at(-1) === "more";
      for (const id of ids.filter((one) => one !== "more")) {
        await ask("fetch", { id });
        const mine = desk.take_envelope(day);
        if (mine) await kept.put(id, mine);
      }
    }
    await pause();
  }
  desk.scanned();
  await saveBook();
}

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function load(passphrase) {
  desk.unlock(passphrase, await kept.get("vault"));
  const book = await kept.get("book");
  if (book) desk.take_book(book);
  for (const key of await kept.keys()) if (key !== "vault" && key !== "book") desk.put_envelope(key, await kept.get(key));
}

/** Seals the keys anew; the passphrase is that of the vault, or nothing is written. */
async function reseal(passphrase, change) {
  const vault = await kept.get("vault");
  desk.unlock(passphrase, vault);
  change();
  await kept.put("vault", desk.vault(passphrase));
}

/** Fetches an attachment, chunk by chunk. */
async function chunks(id, item, at) {
  for (const chunk of desk.chunks(id, item, at)) {
    await ask("chunk", { id: chunk });
    desk.take_chunk();
  }
}

const DO = {
  async open({ module, page, now }) {
    await loaded(init, module);
    desk = new Desk(page, now);
    return { has: Boolean(await kept.get("vault")) };
  },
  async create({ id, role, name, passphrase }) {
    desk.create(id, role, name);
    const vault = desk.vault(passphrase);
    await kept.clear();
    await kept.put("vault", vault);
    await saveBook();
    return desk.public();
  },
  async restore({ bytes, passphrase }) {
    let [vault, book] = [bytes];
    if (bytes[0] === 0x7b) {
      try {
        const backup = JSON.parse(new TextDecoder().decode(bytes));
        [vault, book] = [bytesOf(backup.vault), bytesOf(backup.book)];
      } catch {
        throw "no_keys";
      }
    }
    desk.unlock(passphrase, vault);
    if (book) {
      desk.take_book(book);
      desk.restored();
    }
    await kept.clear();
    await kept.put("vault", vault);
    await saveBook();
  },
  unlock: ({ passphrase }) => load(passphrase),
  async sync(_, step) {
    await directory();
    if (!desk.listed()) return;
    await letters();
    await flush();
    await lists(step);
  },
  overview: () => JSON.parse(desk.overview()),
  async case({ id }) {
    const found = JSON.parse(desk.case(id));
    desk.seen(id);
    await saveBook();
    return found;
  },
  async act(words) {
    desk.act(JSON.stringify(words));
    // Kept before it is sent: what was decided is not lost with the connection.
    await saveBook();
    await flush();
  },
  async decide({ key, yes, why }) {
    desk.decide(key, yes, why);
    await saveBook();
    await flush();
  },
  async file({ id, item, at }) {
    await chunks(id, item, at);
    const file = desk.file(id, item, at);
    return { name: file.name, media: file.media, bytes: file.bytes };
  },
  async rotate({ passphrase }) {
    await reseal(passphrase, () => desk.rotate());
    return desk.public();
  },
  public: () => desk.public(),
  forget: ({ until, passphrase }) => reseal(passphrase, () => desk.forget(until)),
  async backup() {
    return new TextEncoder().encode(JSON.stringify({ vault: base64(await kept.get("vault")), book: base64(await kept.get("book")) }));
  },
  async export({ id, passphrase, whole }, step) {
    desk.pack_start(passphrase);
    const all = JSON.parse(desk.case(id)).said.flatMap(({ item, files }) => Array.from({ length: files }, (_, at) => [item, at]));
    for (const [number, [item, at]] of all.entries()) {
      step({ at: number + 1, of: all.length });
      let lost = false;
      try {
        await chunks(id, item, at);
        desk.pack(id, item, at, false);
      } catch (error) {
        // Gone from the server, or changed there: the file says so. A broken line ends it all.
        if (error !== "unknown" && error !== "refused") throw error;
        lost = true;
      }
      if (lost) desk.pack(id, item, at, true);
    }
    return desk.export(id, passphrase, whole);
  },
  saved: ({ bytes, passphrase }) => JSON.parse(saved(bytes, passphrase)),
  erase: () => kept.clear(),
};

serve(DO);
