// Small parts of the officers' page: fields, texts.
import { h, QUIET } from "../../trust-page/js/parts.js";

export { h };
export const data = JSON.parse(document.getElementById("data").textContent);
export const lang = document.documentElement.lang;
export const t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replaceAll(`{${from}}`, to), data.texts[key] ?? key);

/** A channel by its name for people, if it has one. */
export const channel = (name) => data.channels.find(({ code }) => code === name)?.text ?? name;

/** A day as people write it. */
export const date = (day) => (/^\d{4}-\d\d-\d\d$/.test(day ?? "") ? day.split("-").reverse().join(".") : day);

/** A field with its label and hint. */
export function field(id, label, make, { hint } = {}) {
  const input = make({ id, "aria-describedby": hint && `${id}-hint`, ...QUIET });
  return { input, all: h("div", { class: "field" }, h("label", { for: id }, label), hint && h("p", { id: `${id}-hint`, class: "hint" }, hint), input) };
}

/** A choice of one. */
export function choose(id, label, options, chosen) {
  const input = h("select", { id }, options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  return { input, all: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

/** Whether this browser has what the page needs. */
export const ready = () => Boolean(globalThis.WebAssembly && globalThis.Worker && globalThis.indexedDB && globalThis.crypto?.getRandomValues);

/** Other languages: leaving locks, so it is asked for by a link alone. */
export function say(now) {
  for (const link of document.querySelectorAll("[data-lang]")) if (link.dataset.lang === now) link.setAttribute("aria-current", "true");
}
