// The service worker of the cabinets. It keeps whole builds: all files of a cabinet or none. It
// never sees or keeps an answer of the API.
import { alone, change, queue } from "./store.js";

/* global BUILDS: {cabinet: {id, page, areas, files}} — written in by the build */
const NAMES = Object.keys(BUILDS);
const cacheName = (name) => `mansap-${name}-${BUILDS[name].id}`;
const WHOLE = "/app/.whole";

/** The cabinet that draws an address; `*` in an area is any word. */
function cabinetOf(pathname) {
  const words = pathname.slice("/app/".length).split("/");
  const covers = (area) => area.split("/").every((word, place) => (word === "*" ? words[place] : word === words[place]));
  const fits = NAMES.flatMap((name) => BUILDS[name].areas.filter(covers).map((area) => [area.length, name]));
  return fits.sort(([a], [b]) => b - a)[0]?.[1] ?? "staff";
}

async function has(name) {
  return (await caches.has(cacheName(name))) && (await (await caches.open(cacheName(name))).match(WHOLE)) !== undefined;
}

/** Fetches a build beside the others. The mark comes last: without it nothing is served from it. */
async function keep(name) {
  if (await has(name)) return;
  const cache = await caches.open(cacheName(name));
  await Promise.all(BUILDS[name].files.map(async (file) => {
    // Most files of a new build are those of the one before: their names carry their hash.
    // They are those of the page that is open, too: the browser has them and asks nobody.
    const hashed = /-[0-9a-f]{12}\./.test(file);
    const known = hashed ? await caches.match(file) : undefined;
    const answer = known ?? (await fetch(file, { cache: hashed ? "force-cache" : "no-cache", credentials: "same-origin" }));
    if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
    await cache.put(file, answer);
  }));
  await cache.put(WHOLE, new Response(""));
}

/** The cabinets in use: those that were kept before and those that are open. */
async function wanted() {
  const kept = (await caches.keys()).map((key) => /^mansap-(\w+)-/.exec(key)?.[1]);
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = open.map(({ url }) => new URL(url).pathname).filter((path) => /^\/app(\/|$)/.test(path)).map(cabinetOf);
  return NAMES.filter((name) => kept.includes(name) || shown.includes(name));
}

self.addEventListener("install", (event) => {
  event.waitUntil(wanted().then((names) => Promise.all(names.map(keep))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const now = NAMES.map(cacheName);
    // A tab that still runs the build before may ask for one of its texts: one generation stays.
    const old = (await caches.keys()).filter((key) => key.startsWith("mansap-") && !now.includes(key));
    const open = await self.clients.matchAll({ type: "window" });
    if (open.length === 0) await Promise.all(old.map((key) => caches.delete(key)));
  })());
});

async function page(request, url) {
  const name = cabinetOf(url.pathname);
  if (!(await has(name))) return fetch(request);
  return (await (await caches.open(cacheName(name))).match(BUILDS[name].page)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !/^\/app(\/|$)/.test(url.pathname)) return;
  const isFile = url.pathname.split("/").at(-1).includes(".");
  if (request.mode === "navigate" && !isFile) event.respondWith(page(request, url));
  // A name with a hash is the same in every build; other names are of the page's own build.
  else if (isFile) event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)));
});

self.addEventListener("message", (event) => {
  const { keep: name, take } = event.data ?? {};
  if (NAMES.includes(name)) event.waitUntil(keep(name).catch(() => {}));
  if (take) event.waitUntil(self.skipWaiting());
});

/** A push: what happened in words, and where it leads. It is sealed for this browser alone. */
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // Nothing of ours; the browser shows words of its own.
    return;
  }
  event.waitUntil(self.registration.showNotification(String(said.title ?? "Mansap"), {
    body: String(said.body ?? ""), tag: said.tag, icon: "/app/icon-192.png", data: { link: String(said.link ?? "") },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data?.link || "/app/my/inbox", self.location.origin);
  if (to.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const same = open.find(({ url }) => url === to.href);
    return same ? same.focus() : self.clients.openWindow(to.href);
  })());
});

self.addEventListener("sync", (event) => {
  if (event.tag === "mansap-queue") event.waitUntil(send());
});

/**
 * The connection is back. A page that is open sends; without one the plain cases are done here: a
 * write that the server takes leaves the queue, anything else waits as it is for the page, which
 * decides. The keys make it safe to send twice.
 */
async function send() {
  const open = await self.clients.matchAll({ type: "window" });
  if (open.length > 0) return open.forEach((client) => client.postMessage("send"));
  await alone(async () => {
    // Another person may have signed in on this device: nobody's writes go out under another name.
    const who = await fetch("/api/v1/cabinet/me", { headers: { Accept: "application/json" } });
    const me = who.ok ? (await who.json()).login : undefined;
    const stuck = new Set();
    for (;;) {
      const rows = JSON.parse(await queue()).sort((a, b) => a.seq - b.seq);
      const heads = rows.filter((row, at) => !rows.slice(0, at).some((earlier) => earlier.object === row.object));
      const row = heads.find((one) => one.owner === me && one.state === "waiting" && !one.file && !one.body?.includes('"local-') && !stuck.has(one.object));
      if (!row) break;
      stuck.add(row.object);
      await change(JSON.stringify([{ ...row, tries: row.tries + 1 }]), "[]");
      const headers = { Accept: "application/json", "Content-Type": "application/json", "Idempotency-Key": row.key };
      if (row.seen !== null && row.seen !== undefined) headers["If-Match"] = `"${row.seen}"`;
      const answer = await fetch(`/api/v1/cabinet/${row.path}`, { method: row.method, headers, body: row.body ?? undefined });
      if (!answer.ok) continue;
      const { version } = await answer.json().catch(() => ({}));
      const next = rows.find((one) => one.object === row.object && one.seq > row.seq && one.chained);
      await change(JSON.stringify(next && version !== undefined ? [{ ...next, seen: version, chained: false }] : []), JSON.stringify([row.seq]));
      stuck.delete(row.object);
    }
  });
}
