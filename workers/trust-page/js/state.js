// What the page knows, and the module that seals it. All of it is in this document's memory and in the
// Worker's: no storage, no address, no history.
import { driver } from "./driver.js";
import { h } from "./parts.js";

export const data = JSON.parse(document.getElementById("data").textContent);
export const t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replace(`{${from}}`, to), data.texts[key]);
export const desk = document.getElementById("desk");
export const lang = document.documentElement.lang;
export const errorText = (word) => data.texts[`error.${word}`] ?? t("error.unsafe");

/**
 * What was answered so far; whether anything was written; how many steps were shown: whoever answers late
 * sees whether its step is still there.
 */
export const kept = { draft: {}, dirty: false, views: 0 };

/**
 * The Worker's script has no address: browsers keep compiled scripts of addresses on the device, whatever
 * the server says of caches.
 */
function script() {
  script.url ??= URL.createObjectURL(new Blob([WORK], { type: "text/javascript" }));
  if (!globalThis.trustedTypes) return script.url;
  return (script.policy ??= trustedTypes.createPolicy("page", { createScriptURL: (text) => (text === script.url ? text : "") })).createScriptURL(script.url);
}

export const { start, stop, tell } = driver(() => new Worker(script(), { type: "module" }));

let ready;
let opening;

/**
 * The module. The head of the page has asked for it already. It is not compiled while it comes: what is
 * compiled so may be kept on the device under its address.
 */
async function compiled() {
  let bytes;
  try {
    bytes = await (await fetch(MODULE)).arrayBuffer();
  } catch {
    throw "network";
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch {
    throw "unsafe";
  }
}

/** Gets the module while its reader reads. It asks for nothing by itself. */
export function prepare() {
  start();
  ready = compiled().then((module) => tell("load", { module }));
  // What went wrong is said when it is needed.
  ready.catch(() => {});
}

/** What may be over in a moment: no reason to get the module again. */
export const LATER = ["network", "full"];

/** The module and the directory, once; any doubt ends here and nothing can be written. */
export function keys() {
  return (opening ??= (async () => {
    let here = false;
    try {
      if (!ready) prepare();
      await ready;
      here = true;
      kept.draft.open = await tell("open", { root: data.root, questions: data.hash, floor: data.floor, now: Date.now() });
      if (kept.draft.open.demo) demo();
    } catch (error) {
      opening = undefined;
      if (!here || !LATER.includes(error)) {
        stop();
        ready = undefined;
      }
      throw error;
    }
  })());
}

/** Forgets the module, and with it what was made of the text; the text stays. */
export function forget() {
  ready = opening = undefined;
  const { draft } = kept;
  draft.open = draft.number = draft.derived = draft.sealed = undefined;
}

/** Forgets all of it, here and in the Worker. */
export function wipe() {
  stop();
  ready = opening = undefined;
  kept.draft = {};
  kept.dirty = false;
  desk.replaceChildren();
}

function demo() {
  if (!document.getElementById("demo")) desk.before(h("p", { id: "demo", class: "demo", role: "note" }, t("demo")));
}

