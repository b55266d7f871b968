// Keeping whole builds of the cabinet on the device, and taking a newer one when the person agrees.

const WORKER = "/app/sw.js";
/** Who applies has their messages and profile at hand too when the line goes, and the other way round. */
const BESIDE = { applicant: "own", own: "applicant" };
/** Milliseconds until it is fetched: what the person came for goes first. */
const SETTLED = 5000;
let registration;
let agreed = false;

function address() {
  const policy = globalThis.trustedTypes?.createPolicy("mansap", {
    createScriptURL(url) {
      if (url !== WORKER) throw new TypeError(url);
      return url;
    },
  });
  return policy ? policy.createScriptURL(WORKER) : WORKER;
}

/** Keeps the build of a cabinet; `newer` is called when another one is ready beside it. */
export async function keepBuild(name, newer) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  try {
    registration = await workers.register(address(), { scope: "/app/", updateViaCache: "none" });
    const look = (worker) => {
      if (worker?.state === "installed" && workers.controller) newer();
    };
    look(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => look(worker));
    });
    // Another tab has taken the newer one: this page is of the old build and says so.
    const had = workers.controller;
    workers.addEventListener("controllerchange", () => {
      if (agreed) location.reload();
      else if (had) newer();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {});
    });
    const keep = async (one) => (await workers.ready).active?.postMessage({ keep: one });
    await keep(name);
    // Not where somebody asked their browser to save what they pay for.
    if (BESIDE[name] && !navigator.connection?.saveData) setTimeout(keep, SETTLED, BESIDE[name]);
  } catch {
    // No service worker here (a private window): the cabinet works online.
  }
}

/** The newer build takes over and the page is loaded anew. */
export function takeBuild() {
  agreed = true;
  if (registration?.waiting) registration.waiting.postMessage({ take: true });
  else location.reload();
}

/** Gives the person a file that waits, so that nothing is lost when it is discarded. */
export function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
