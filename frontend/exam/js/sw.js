// Keeps the page of tests on the device: all files of a build or none. It never sees an answer of the
// worker: those have another address.

/* global BUILD: {id, files} — written in by the build */
const NAME = `mansap-exam-${BUILD.id}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(BUILD.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((key) => key.startsWith("mansap-exam-") && key !== NAME);
    // A tab of the build before may still ask for its files: they go when nobody is there.
    if ((await self.clients.matchAll({ type: "window" })).length === 0) await Promise.all(old.map((key) => caches.delete(key)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith("/app/")) return;
  const name = request.mode === "navigate" ? "/app/" : url.pathname;
  event.respondWith(caches.match(name).then((kept) => kept ?? fetch(request)));
});
