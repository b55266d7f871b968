// What the page of a test asks of the browser: a store that survives it, the line to the worker, and
// one tab for one page. Where there is no store (a private window), writes fail and the page says so.

const NAME = "mansap-exam";
const PROTOCOL = "mansap-exam";
const PATIENCE = 15_000;
const LONG = 600_000;
const BEAT = 10_000;
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("attempt");
      db.createObjectStore("event", { keyPath: ["attempt", "epoch", "n"] });
      db.createObjectStore("block");
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
async function within(store, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const all = db.transaction([store], mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const request = work(all.objectStore(store));
    all.oncomplete = () => resolve(request?.result);
    all.onabort = () => reject(all.error ?? new Error("aborted"));
  });
}

const every = (attempt) => IDBKeyRange.bound([attempt], [attempt, []]);

/** What is kept of an attempt: its record and the events that nobody has confirmed; "" for nothing. */
export async function recall(attempt) {
  try {
    const record = await within("attempt", "readonly", (store) => store.get(attempt));
    const events = await within("event", "readonly", (store) => store.getAll(every(attempt)));
    return record ? `{"record":${record},"events":[${events.map(({ text }) => text).join(",")}]}` : "";
  } catch {
    return "";
  }
}

/** The attempt that was open last, as "id.token"; "" for none. */
export async function last() {
  try {
    return (await within("attempt", "readonly", (store) => store.get("last"))) ?? "";
  } catch {
    return "";
  }
}

const quiet = (work) => work.then(() => true, () => false);

export function keepRecord(attempt, text, token) {
  return quiet(within("attempt", "readwrite", (store) => {
    store.put(`${attempt}.${token}`, "last");
    return store.put(text, attempt);
  }));
}

export function keepEvent(attempt, epoch, n, text) {
  return quiet(within("event", "readwrite", (store) => store.put({ attempt, epoch, n, text })));
}

export function dropEvents(attempt, epoch, upto) {
  return quiet(within("event", "readwrite", (store) => store.delete(IDBKeyRange.bound([attempt, epoch, 0], [attempt, epoch, upto]))));
}

export async function recallBlock(attempt, n) {
  try {
    return await within("block", "readonly", (store) => store.get(`${attempt}.${n}`));
  } catch {
    return undefined;
  }
}

/** Fetches a sealed block and keeps it; undefined where it does not come. */
export async function fetchBlock(attempt, token, n) {
  try {
    const answer = await fetch(`/a/${attempt}/block/${n}`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return undefined;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    await quiet(within("block", "readwrite", (store) => store.put(bytes, `${attempt}.${n}`)));
    return bytes;
  } catch {
    return undefined;
  }
}

const fileName = (attempt, n) => `${attempt}.f${n}`;
/** Files for which the device has no room live as long as the page. */
const held = new Map();

export async function hasFile(attempt, n) {
  try {
    return held.has(fileName(attempt, n)) || (await within("block", "readonly", (store) => store.count(fileName(attempt, n)))) > 0;
  } catch {
    return false;
  }
}

/** Fetches a sealed picture or video and keeps it; a large one may take its time on a slow line. */
export async function fetchFile(attempt, token, n) {
  try {
    const answer = await fetch(`/a/${attempt}/file/${n}`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(LONG) });
    if (!answer.ok) return false;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const kept = await quiet(within("block", "readwrite", (store) => store.put(bytes, fileName(attempt, n))));
    if (!kept) held.set(fileName(attempt, n), bytes);
    return true;
  } catch {
    return false;
  }
}

export async function recallFile(attempt, n) {
  try {
    return held.get(fileName(attempt, n)) ?? (await within("block", "readonly", (store) => store.get(fileName(attempt, n))));
  } catch {
    return undefined;
  }
}

export function addressOf(bytes, type) {
  return URL.createObjectURL(new Blob([bytes], { type }));
}

/** Asks the worker: "status text"; status 0 where nobody answered. */
export async function ask(attempt, token, word, body) {
  try {
    const answer = await fetch(`/a/${attempt}/${word}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body, signal: AbortSignal.timeout(PATIENCE),
    });
    return `${answer.status} ${await answer.text()}`;
  } catch {
    return "0 ";
  }
}

let socket;

/**
 * Opens the line. `heard(text)` gets messages, `gone(code)` is called once when it is lost. A browser
 * may take minutes to notice that nobody is there any more, so the line is felt: a word that is not
 * answered within a beat ends it.
 */
export function connect(attempt, token, epoch, heard, gone) {
  hangUp();
  const address = `${location.origin.replace(/^http/, "ws")}/a/${attempt}/socket?epoch=${epoch}`;
  const made = new WebSocket(address, [PROTOCOL, token]);
  let [alive, over] = [true, false];
  const beat = setInterval(() => {
    if (made.readyState !== WebSocket.OPEN) return;
    if (!alive) return end(1006);
    alive = false;
    made.send("ping");
  }, BEAT);
  const end = (code) => {
    if (over) return;
    over = true;
    clearInterval(beat);
    if (socket === made) socket = undefined;
    made.close();
    gone(code);
  };
  made.onopen = () => heard("open");
  made.onmessage = ({ data }) => {
    alive = true;
    if (data !== "pong") heard(data);
  };
  made.onclose = ({ code }) => end(code);
  made.onerror = () => end(1006);
  made.quit = () => end(1000);
  socket = made;
}

export function hangUp() {
  socket?.quit();
}

/** Sends over the line; whether it is open. */
export function say(text) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(text);
  return true;
}

/** Whether this tab alone is the page of that name, from now until it is closed. */
export function alone(page) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`${NAME}.${page}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    }).catch(() => resolve(true));
  });
}

export function newPage() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Takes "#attempt.token" out of the address, where others could read it over a shoulder. */
export function takeToken() {
  const found = /^#([0-9a-hjkmnp-tv-z]{26}\.[0-9a-f]{64})$/.exec(location.hash)?.[1] ?? "";
  if (found) history.replaceState(history.state, "", location.pathname);
  return found;
}

/** Keeps the page on the device, so that it can be opened without a line. */
export async function keepPage() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const policy = globalThis.trustedTypes?.createPolicy("mansap", {
    createScriptURL(url) {
      if (url !== "/app/sw.js") throw new TypeError(url);
      return url;
    },
  });
  await workers.register(policy ? policy.createScriptURL("/app/sw.js") : "/app/sw.js", { scope: "/app/", updateViaCache: "none" }).catch(() => {});
}

/** A file of the build, by the name that the build gave it. */
export function file(name) {
  return fetch(globalThis.mansapFiles?.[name] ?? "").then((answer) => (answer.ok ? answer.text() : ""), () => "");
}
