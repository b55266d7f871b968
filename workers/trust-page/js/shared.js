// What writing and coming back have in common: the channel, its people, the steps of sending.
import { h } from "./parts.js";
import { data, kept, t } from "./state.js";

/** Whether somebody is about to tell their number: whoever reads it could read their answers. */
export const numbered = (text) => /(?:\p{Nd}[\s\p{Pd}\u00a0]*){24}/u.test(text);

/** A channel by its name for people, if it has one. */
export const called = ({ name }) => ({ code: name, text: data.channels.find(({ code }) => code === name)?.text ?? name });

/** The channel of a draft: the first one where nobody has chosen, or where it is no more. */
export function chosenOf(draft) {
  const names = draft.open.channels.map(({ name }) => name);
  if (!names.includes(draft.channel)) draft.channel = names[0];
  return draft.channel;
}

/** Officers of the channel, to be left out, and those who watch over them and keep names. */
export function readers() {
  const channel = chosenOf(kept.draft);
  const { people, overseers } = kept.draft.open.channels.find(({ name }) => name === channel);
  const list = [];
  for (let at = 0; at < people.length; at += 2) list.push({ code: people[at], text: t("people.exclude", { name: people[at + 1] }) });
  return { list, overseers };
}

/** Who watches over the officers: by the name that is signed with theirs. */
export const overseen = (overseers) => overseers.length > 0 && h("p", { id: "oversight" }, t("people.oversight", { names: overseers.join("; ") }));

/** Steps that are shown while something is sent; `at` marks the one under way. */
export function progress(files) {
  const rows = ["key", "seal", ...(files ? ["files"] : []), "work", "post"].map((step) => [step, h("li", {}, t(`sending.${step}`))]);
  const bar = h("progress", { max: String(rows.length), "aria-label": t("sending.heading") });
  bar.value = 0;
  const status = h("p", { role: "status", class: "visually-hidden" });
  const at = (step, sent, of) => {
    const place = rows.findIndex(([name]) => name === step);
    if (place < 0) return;
    rows.forEach(([, row], number) => row.setAttribute("class", number < place ? "past" : number === place ? "now" : ""));
    bar.value = place + 0.5;
    // The chunks of attachments are small steps of one.
    if (step === "files" && of) bar.value = place + sent / of;
    else status.textContent = rows[place][1].textContent;
  };
  return { all: [bar, h("ol", { class: "steps" }, rows.map(([, row]) => row)), status], at };
}
