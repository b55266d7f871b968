// Coming back: the number, the letters, another message, deleting what was read.
import { afresh, steps } from "./flow.js";
import { h } from "./parts.js";
import { called, numbered, overseen, progress, readers } from "./shared.js";
import { data, errorText, keys, kept, lang, t, tell } from "./state.js";
import { area, attachments, button, choices, field, show } from "./view.js";

/** Up to so many channels the page looks into all of them by itself. */
const LOOK = 4;

/**
 * The number alone. Whose commission it was is no question for somebody who comes back after weeks:
 * the page looks for it everywhere, and as often whether there is such a number or not.
 */
export function back() {
  const typed = field("number", t("return.label"), (attributes) => h("input", { type: "text", inputmode: "numeric", maxlength: "80", ...attributes }), { hint: t("return.hint") });
  const status = h("p", { role: "status" });
  const place = h("div", {});
  // Only where there are many commissions it is quicker to say which.
  let channel;
  const ask = () => {
    if (kept.draft.open.channels.length <= LOOK || channel) return;
    channel = choices("channel", t("channel.label"), "radio", [{ code: "", text: t("channel.any") }, ...kept.draft.open.channels.map(called)], [""], true);
    place.replaceChildren(channel.all);
  };
  const open = button("return.open", async () => {
    typed.complain("");
    open.disabled = true;
    status.textContent = t("loading");
    try {
      await keys();
      await tell("enter", { text: typed.input.value });
      status.textContent = t("return.search");
      const chosen = channel?.values()[0];
      await letters(chosen ? [chosen] : kept.draft.open.channels.map(({ name }) => name));
    } catch (error) {
      status.textContent = "";
      open.disabled = false;
      if (error === "broken") return show(t("return.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), h("div", { class: "row" }, button("again", () => afresh(back))));
      typed.complain(errorText(error));
    }
  }, "main");
  typed.input.addEventListener("keydown", ({ key }) => key === "Enter" && open.click());
  show(t("return.heading"), typed.all, place, status, h("div", { class: "row" }, button("back", steps.home), open));
  keys().then(ask, () => {});
}

/** The mailbox: looked for in channels, or asked again. */
async function letters(channels, note) {
  const { letters: all, state, readers: trusted, channel } = await (channels ? tell("find", { channels }) : tell("read"));
  kept.draft.channel = channel;
  const word = state & 4 ? "closed" : state & 2 ? "confirmed" : state & 1 ? "released" : "waiting";
  const list = [];
  for (let at = 0; at < all.length; at += 3) {
    const known = data.states.find(({ code }) => code === all[at + 1])?.text;
    list.push(h("li", {}, h("p", { class: "hint" }, [all[at], known].filter(Boolean).join(" · ")), h("p", { class: "letter" }, all[at + 2])));
  }
  const more = field("more", t("return.write"), area);
  // What was written is here again if the module was lost in between.
  more.input.value = kept.draft.more ?? "";
  more.input.addEventListener("input", () => {
    kept.draft.more = more.input.value;
    kept.dirty = true;
  });
  // Whoever was excluded stays so, and whoever came later is a stranger: each must be let in by hand.
  const { list: officers, overseers } = readers();
  const strangers = officers.map(({ code }) => code).filter((code) => !trusted.includes(Number(code)));
  const excluded = choices("excluded", t("people.heading"), "checkbox", officers, strangers, false, t(trusted.length ? "people.again" : "people.lost"));
  const files = [];
  const place = h("div", {});
  const write = button("send", async () => {
    const text = more.input.value.trim();
    if (!text) return more.complain(t("ask.missing"));
    if (numbered(text)) return more.complain(t("ask.number"));
    more.complain("");
    excluded.complain("");
    const without = excluded.values();
    if (without.length >= officers.length) return excluded.complain(t("people.nobody"));
    const sealed = [text, ...without, ...files.map(({ name, bytes }) => `${name} ${bytes.length}`)].join("\n");
    const { all: steps, at } = progress(files.length > 0);
    place.replaceChildren(...steps);
    write.disabled = true;
    try {
      await tell("send", { channel: kept.draft.channel, lang, questionnaire: data.hash, follow: true, name: "", excluded: without.map(Number), answers: ["text", text], files, derived: true, sealed: kept.draft.sealed === sealed }, (step) => {
        if (step === "sealed") kept.draft.sealed = sealed;
        else at(...[step].flat());
      });
      kept.dirty = false;
      kept.draft.sealed = kept.draft.more = undefined;
      await letters(undefined, t("return.sent"));
    } catch (error) {
      place.replaceChildren(...(error === "broken" ? [button("again", () => afresh(back))] : []));
      write.disabled = error === "broken";
      more.complain(errorText(error));
    }
  }, "main");
  // Whoever finds the number reads what is still there.
  const gone = h("p", { class: "wrong", role: "alert" });
  const drop = list.length > 0 && h("div", {}, h("p", { class: "hint" }, t("drop.lead")), button("drop", async ({ target }) => {
    target.disabled = true;
    try {
      await tell("drop", { count: list.length });
      await letters(undefined, t("drop.done"));
    } catch (error) {
      target.disabled = false;
      gone.textContent = errorText(error);
    }
  }), gone);
  show(t("return.heading"), note && h("p", { role: "status", class: "done" }, note), h("p", {}, t(`return.${word}`)), list.length ? h("ul", { class: "letters" }, list) : note !== t("drop.done") && h("p", {}, t("return.none")), drop, more.all, attachments(files), excluded.all, overseen(overseers), place, h("div", { class: "row" }, write, button("finish", () => (!kept.dirty || confirm(t("leave"))) && steps.leave())));
}
