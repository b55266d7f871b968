// What the cabinet keeps on the device: the last seen answers, the queue of writes, files that
// wait. IndexedDB, because a file fits in it and the service worker reads it too. Every function
// is one transaction and hands over one text. Where there is no storage (a private window), reads
// find nothing and writes fail loudly: the caller then sends at once or says so.

const NAME = "mansap";
let opened;

/** The database. A second tab that deletes it is not held up by this one. */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("answers", { keyPath: "path" });
      db.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      db.createObjectStore("files");
    };
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = db.onclose = () => {
        db.close();
        opened = undefined;
      };
      resolve(db);
    };
    request.onerror = () => {
      opened = undefined;
      reject(request.error);
    };
    request.onblocked = () => reject(new Error("blocked"));
  });
  return opened;
}

/** Does `work` in one transaction; it is done once it is on the disk. */
async function within(stores, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const all = db.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    let answer;
    work(all, (value) => (answer = value));
    all.oncomplete = () => resolve(answer);
    all.onabort = () => reject(all.error ?? new Error("aborted"));
  });
}

/** The last seen answer of an address: [milliseconds, text]; undefined where there is none. */
export async function recall(path) {
  try {
    return await within(["answers"], "readonly", (all, done) => {
      const get = all.objectStore("answers").get(path);
      get.onsuccess = () => get.result && done(JSON.stringify([get.result.at, get.result.text]));
    });
  } catch {
    return undefined;
  }
}

const MOST = 300;

/** Keeps an answer; the oldest ones go when there are many. */
export async function remember(path, text) {
  try {
    await within(["answers"], "readwrite", (all) => {
      const store = all.objectStore("answers");
      store.put({ path, text, at: Date.now() });
      const count = store.count();
      count.onsuccess = () => {
        if (count.result <= MOST) return;
        const list = store.getAll();
        list.onsuccess = () => {
          const old = list.result.sort((a, b) => a.at - b.at).slice(0, count.result - MOST);
          for (const one of old) store.delete(one.path);
        };
      };
    });
  } catch {
    // Without storage nothing is remembered; the page works online.
  }
}

/** Forgets answers, not what waits to be sent. */
export async function forgetAnswers() {
  await within(["answers"], "readwrite", (all) => all.objectStore("answers").clear()).catch(() => {});
}

/** The queue, as a JSON array. */
export async function queue() {
  try {
    return await within(["queue"], "readonly", (all, done) => {
      const list = all.objectStore("queue").getAll();
      list.onsuccess = () => done(JSON.stringify(list.result));
    });
  } catch {
    return "[]";
  }
}

/** Puts rows in and takes rows out in one transaction: what replaces stands, or what was. */
export async function change(put, drop) {
  const rows = JSON.parse(put);
  const seqs = await within(["queue", "files"], "readwrite", (all, done) => {
    const store = all.objectStore("queue");
    const made = [];
    for (const { seq, ...row } of rows) {
      const put = store.put(seq > 0 ? { seq, ...row } : row);
      put.onsuccess = () => made.push(put.result);
    }
    for (const seq of JSON.parse(drop)) {
      store.delete(seq);
      all.objectStore("files").delete(seq);
    }
    done(made);
  });
  return JSON.stringify(seqs);
}

/** Queues a file with its bytes. */
export async function addFile(text, blob) {
  const { seq: _, ...row } = JSON.parse(text);
  return within(["queue", "files"], "readwrite", (all, done) => {
    const add = all.objectStore("queue").add(row);
    add.onsuccess = () => {
      all.objectStore("files").put(blob, add.result);
      done(add.result);
    };
  });
}

/** The bytes of a queued file. */
export async function fileOf(seq) {
  return within(["files"], "readonly", (all, done) => {
    const get = all.objectStore("files").get(seq);
    get.onsuccess = () => done(get.result);
  });
}

/** Does something once at a time: one tab, one round. Files have a turn of their own. */
export function alone(work, turn = "queue") {
  return navigator.locks ? navigator.locks.request(`mansap-${turn}`, work) : work();
}

const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("mansap");

/** Tells the other tabs. */
export function tell(what) {
  channel?.postMessage(what);
}

/** Hears the other tabs and the service worker. */
export function hear(act) {
  channel?.addEventListener("message", ({ data }) => act(String(data)));
  navigator.serviceWorker?.addEventListener("message", ({ data }) => act(String(data)));
}

/** Everything private leaves the device: answers, queue, files, drafts, and the copies in memory of other tabs. */
export async function wipe() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("mansap.draft.")) localStorage.removeItem(key);
  try {
    await within(["answers", "queue", "files"], "readwrite", (all) => {
      for (const store of ["answers", "queue", "files"]) all.objectStore(store).clear();
    });
    const db = await open();
    db.close();
    opened = undefined;
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  } catch {
    // There was no storage, so nothing was kept.
  }
  await quiet().catch(() => {});
  tell("signed-out");
}

/** No push of this person shows here any more, and those that are shown go. */
async function quiet() {
  const registration = await navigator.serviceWorker?.getRegistration("/app/");
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

/** Asks for the queue to be sent when there is a connection, even with no page open. */
export async function wakeLater() {
  try {
    const ready = await navigator.serviceWorker?.getRegistration("/app/");
    await ready?.sync?.register("mansap-queue");
    // The browser does not throw the data of this site away when room is short.
    await navigator.storage?.persist?.();
  } catch {
    // Not in this browser: the page itself sends on start and when the connection is back.
  }
}
