// What a step of the reporter's page is made of: headings, buttons, fields, choices, attachments.
import { clean, COUNT } from "./files.js";
import { h, QUIET } from "./parts.js";
import { desk, errorText, kept, t } from "./state.js";

/** Shows a step: its heading is read aloud and has the focus. */
export function show(heading, ...children) {
  kept.views += 1;
  const title = h("h2", { tabindex: "-1" }, heading);
  desk.replaceChildren(title, ...children.flat().filter(Boolean));
  desk.hidden = false;
  title.focus();
}

/** How far it is: nobody who is afraid should wonder how much more will be asked. */
export const step = (number) => h("p", { class: "hint" }, t("step", { n: number, of: 4 }));

export const button = (key, onclick, kind = "") => h("button", { type: "button", class: kind, onclick }, t(key));

/** A field with its label, hint and place for what is wrong. */
export function field(id, label, make, { hint, optional } = {}) {
  const wrong = h("p", { id: `${id}-wrong`, class: "wrong", role: "alert" });
  const about = [hint && `${id}-hint`, `${id}-wrong`].filter(Boolean).join(" ");
  const input = make({ id, "aria-describedby": about, ...QUIET });
  const note = optional ? h("span", { class: "optional" }, ` (${t("optional")})`) : undefined;
  const all = h("div", { class: "field" }, h("label", { for: id }, label, note), hint && h("p", { id: `${id}-hint`, class: "hint" }, hint), input, wrong);
  const complain = (text) => {
    wrong.textContent = text;
    if (text) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    } else input.removeAttribute("aria-invalid");
  };
  return { all, input, complain };
}

export const line = (attributes) => h("input", { type: "text", maxlength: "300", ...attributes });
export const area = (attributes) => h("textarea", { rows: "8", maxlength: "28000", ...attributes });

/** Boxes or circles; with a `lead` the label is short and what there is to say stands under it. */
export function choices(name, label, type, all, chosen = [], required = false, lead = undefined) {
  const wrong = h("p", { id: `${name}-wrong`, class: "wrong", role: "alert" });
  const inputs = all.map(({ code, text, note }, at) => {
    const input = h("input", { type, name, id: `${name}-${at}`, value: code, autocomplete: "off", "aria-describedby": note && `${name}-${at}-note` });
    input.checked = chosen.includes(code);
    return { input, row: h("div", { class: "choice" }, input, h("label", { for: input.id }, text), note && h("p", { id: `${name}-${at}-note`, class: "hint" }, note)) };
  });
  const about = [lead && `${name}-lead`, wrong.id].filter(Boolean).join(" ");
  const set = h("fieldset", { "aria-describedby": about }, h("legend", {}, label, !required && h("span", { class: "optional" }, ` (${t("optional")})`)), lead && h("p", { id: `${name}-lead` }, lead), wrong, inputs.map(({ row }) => row));
  return {
    all: set,
    values: () => inputs.filter(({ input }) => input.checked).map(({ input }) => input.value),
    complain: (text) => {
      wrong.textContent = text;
      if (!text) return;
      inputs[0].input.focus({ preventScroll: true });
      set.scrollIntoView();
    },
  };
}

/** Attachments: a list that `files` keeps, changed in place. */
export function attachments(files) {
  const wrong = h("p", { id: "files-wrong", class: "wrong", role: "alert" });
  const list = h("ul", { class: "files" });
  const input = h("input", { id: "files", type: "file", multiple: true, accept: "image/*,text/plain", "aria-describedby": "files-hint files-wrong", autocomplete: "off", class: "visually-hidden" });
  const draw = () => list.replaceChildren(...files.map((one, at) => h("li", {}, `${one.name} (${Math.ceil(one.bytes.length / 1024)} KB) `, h("button", { type: "button", "aria-label": `${t("files.remove")} ${one.name}`, onclick: () => {
    files.splice(at, 1);
    draw();
    input.focus();
  } }, t("files.remove")))));
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    // The name of the file does not stay in the page either.
    input.value = "";
    wrong.textContent = "";
    input.disabled = true;
    for (const file of chosen) {
      try {
        if (files.length >= COUNT) throw "file_many";
        files.push(await clean(file, (files.at(-1)?.number ?? 0) + 1));
        files.at(-1).number = parseInt(files.at(-1).name, 10);
        kept.dirty = true;
      } catch (error) {
        wrong.textContent = errorText(error);
      }
    }
    input.disabled = false;
    draw();
  });
  draw();
  return h("div", { class: "field" }, h("label", { for: "files" }, t("files.label"), h("span", { class: "optional" }, ` (${t("optional")})`)), h("p", { id: "files-hint", class: "hint" }, t("files.hint")), input, h("label", { for: "files", class: "pick" }, t("files.pick")), wrong, list);
}

