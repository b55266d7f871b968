// Small parts of the officers' page: elements, fields, texts.
export const data = JSON.parse(document.getElementById("data").textContent);
export const lang = document.documentElement.lang;
export const t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replaceAll(`{${from}}`, to), data.texts[key] ?? key);

/** A day as people write it. */
export const date = (day) => (/^\d{4}-\d\d-\d\d$/.test(day ?? "") ? day.split("-").reverse().join(".") : day);

/** An element: attributes, then children; text is only ever text. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

const QUIET = { autocomplete: "off", autocorrect: "off", autocapitalize: "off", spellcheck: "false", translate: "no" };

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
