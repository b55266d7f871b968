// The reporter's page. Everything that a person writes is in this document and in the Worker's
// memory: no storage, no address, no history. Leaving wipes both.
import { driver } from "./driver.js";
import { clean, COUNT } from "./files.js";
import { h, QUIET } from "./parts.js";

const data = JSON.parse(document.getElementById("data").textContent);
const t = (key, words = {}) => Object.entries(words).reduce((text, [from, to]) => text.replace(`{${from}}`, to), data.texts[key]);
const desk = document.getElementById("desk");
const lang = document.documentElement.lang;
const AWAY = `/${lang}/help`;

let draft = {};
let dirty = false;

function policy(url) {
  if (!globalThis.trustedTypes) return url;
  return (policy.made ??= trustedTypes.createPolicy("page", { createScriptURL: (text) => (text === WORK ? text : "") })).createScriptURL(url);
}

const { start, stop, tell } = driver(() => new Worker(policy(WORK), { type: "module" }));

/** Forgets all of it, here and in the Worker. */
function wipe() {
  stop();
  ready = opening = undefined;
  draft = {};
  dirty = false;
  desk.replaceChildren();
}

function leave() {
  wipe();
  document.body.replaceChildren();
  document.title = "";
  location.replace(AWAY);
}

const errorText = (word) => data.texts[`error.${word}`] ?? t("error.unsafe");

/** How many steps were shown: whoever answers late sees whether its step is still there. */
let views = 0;

/** Shows a step: its heading is read aloud and has the focus. */
function show(heading, ...children) {
  views += 1;
  const title = h("h2", { tabindex: "-1" }, heading);
  desk.replaceChildren(title, ...children.flat().filter(Boolean));
  desk.hidden = false;
  title.focus();
}

/** How far it is: nobody who is afraid should wonder how much more will be asked. */
const step = (number) => h("p", { class: "hint" }, t("step", { n: number, of: 4 }));

const button = (key, onclick, kind = "") => h("button", { type: "button", class: kind, onclick }, t(key));

/** A field with its label, hint and place for what is wrong. */
function field(id, label, make, { hint, optional } = {}) {
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

const line = (attributes) => h("input", { type: "text", maxlength: "300", ...attributes });
const area = (attributes) => h("textarea", { rows: "8", maxlength: "28000", ...attributes });

/** Boxes or circles; with a `lead` the label is short and what there is to say stands under it. */
function choices(name, label, type, all, chosen = [], required = false, lead = undefined) {
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
function attachments(files) {
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
        dirty = true;
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

function home() {
  show(t("write.heading"), h("p", {}, t("write.lead")), h("div", { class: "row" }, button("start.new", () => early(route), "main"), button("start.back", () => early(back))));
}

let ready;
let opening;

/** The module, compiled while it comes. The head of the page has asked for it already. */
async function compiled() {
  let answer;
  try {
    answer = await fetch(MODULE);
  } catch {
    throw "network";
  }
  try {
    return WebAssembly.compileStreaming ? await WebAssembly.compileStreaming(answer) : await WebAssembly.compile(await answer.arrayBuffer());
  } catch {
    throw "unsafe";
  }
}

/** Gets the module while its reader reads. It asks for nothing by itself. */
function prepare() {
  start();
  ready = compiled().then((module) => tell("load", { module }));
  // What went wrong is said when it is needed.
  ready.catch(() => {});
}

/** What may be over in a moment: no reason to get the module again. */
const LATER = ["network", "full"];

/** The module and the directory, once; any doubt ends here and nothing can be written. */
function keys() {
  return (opening ??= (async () => {
    let here = false;
    try {
      if (!ready) prepare();
      await ready;
      here = true;
      draft.open = await tell("open", { root: data.root, questions: data.hash, floor: data.floor, now: Date.now() });
      if (draft.open.demo) demo();
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

/** The module is lost: what was written is still here, what was made of it is not. */
function afresh(then) {
  ready = opening = draft.open = draft.number = draft.derived = draft.sealed = undefined;
  opened(then);
}

function failed(error, again) {
  show(t("write.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), h("div", { class: "row" }, button("again", again)));
}

/**
 * A step that needs no key yet is shown at once, and the keys come while it is read. What forbids
 * writing is said as soon as it is known, before anything is typed; a broken line when it is in the way.
 */
function early(view) {
  view();
  const at = views;
  keys().catch((error) => at === views && !LATER.includes(error) && failed(error, () => early(view)));
}

/** Waits for the keys before a step that needs them. */
async function opened(then) {
  if (!draft.open) {
    show(t("write.heading"), h("p", { role: "status" }, t("loading")));
    try {
      await keys();
    } catch (error) {
      return failed(error, () => opened(then));
    }
  }
  then();
}

function demo() {
  if (!document.getElementById("demo")) desk.before(h("p", { id: "demo", class: "demo", role: "note" }, t("demo")));
}

function route() {
  const all = choices("route", t("route.heading"), "radio", data.routes.map(({ code, text, note }) => ({ code, text, note })), [draft.route], true);
  show(t("write.heading"), step(1), all.all, h("div", { class: "row" }, button("back", home), button("next", () => {
    const [chosen] = all.values();
    if (!chosen) return all.complain(t("route.missing"));
    // Answers stay, whatever is chosen: only those that belong to the route are shown and sent.
    draft.route = chosen;
    opened(questions);
  }, "main")));
}

function questions() {
  const answers = (draft.answers ??= {});
  const asked = data.questions.filter((one) => one.for.includes(draft.route));
  const made = asked.map((one) => {
    const id = `q-${one.code}`;
    const keep = (values) => {
      answers[one.code] = values;
      dirty = true;
    };
    if (one.choices) {
      const set = choices(id, one.text, one.type === "many" ? "checkbox" : "radio", one.choices, answers[one.code], one.required);
      set.all.addEventListener("change", () => keep(set.values()));
      return { one, ...set };
    }
    const all = field(id, one.text, one.type === "text" ? area : line, { hint: one.hint, optional: !one.required });
    all.input.value = answers[one.code]?.[0] ?? "";
    all.input.addEventListener("input", () => keep([all.input.value]));
    return { one, ...all };
  });
  const { channels } = draft.open;
  draft.channel ??= channels[0].name;
  const channel = channels.length > 1 ? choices("channel", t("channel.label"), "radio", channels.map(called), [draft.channel], true) : undefined;
  show(t("ask.heading"), step(2), h("p", { class: "hint" }, t("ask.stay")), made.map(({ all }) => all), attachments((draft.files ??= [])), channel?.all, h("div", { class: "row" }, button("back", route), button("next", () => {
    made.forEach(({ complain }) => complain(""));
    const missing = made.find(({ one }) => one.required && !(answers[one.code] ?? []).some((value) => value.trim()));
    if (missing) return missing.complain(t("ask.missing"));
    const telling = made.find(({ one }) => !one.choices && numbered(answers[one.code]?.[0] ?? ""));
    if (telling) return telling.complain(t("ask.number"));
    const [chosen] = channel?.values() ?? [];
    if (chosen && chosen !== draft.channel) {
      [draft.channel, draft.excluded] = [chosen, []];
      // Keys belong to a channel; where they were made already the number is spent.
      if (draft.derived) draft.number = draft.derived = undefined;
    }
    people();
  }, "main")));
}

/** Whether somebody is about to tell their number: whoever reads it could read their answers. */
const numbered = (text) => /(?:\p{Nd}[\s\p{Pd}\u00a0]*){24}/u.test(text);

/** A channel by its name for people, if it has one. */
const called = ({ name }) => ({ code: name, text: data.channels.find(({ code }) => code === name)?.text ?? name });

/** Officers of the channel, to be left out, and whether a name may be left. */
function readers() {
  const all = [...draft.open.channels.find(({ name }) => name === draft.channel).people];
  const named = all.length % 2 === 1 && all.pop() === "named";
  const list = [];
  for (let at = 0; at < all.length; at += 2) list.push({ code: all[at], text: t("people.exclude", { name: all[at + 1] }) });
  return { list, named };
}

function people() {
  const { list, named } = readers();
  const set = choices("excluded", t("people.mark"), "checkbox", list, draft.excluded ?? [], false, t("people.lead"));
  const name = named ? field("name", t("name.label"), line, { hint: t("name.hint"), optional: true }) : undefined;
  if (name) name.input.value = draft.name ?? "";
  const keep = () => {
    draft.excluded = set.values();
    draft.name = name?.input.value ?? "";
  };
  show(t("people.heading"), step(3), set.all, name?.all, h("div", { class: "row" }, button("back", () => {
    keep();
    questions();
  }), button("next", () => {
    keep();
    if (draft.excluded.length >= list.length) return set.complain(t("people.nobody"));
    receipt();
  }, "main")));
}

async function receipt() {
  // What was sealed before somebody went back may have changed; the number stays the same until it is
  // sent, because it may stand on paper already.
  draft.sealed = false;
  try {
    draft.number ??= (await tell("receipt")).split(" ");
  } catch (error) {
    const again = error === "broken" ? button("again", () => afresh(receipt)) : button("back", people);
    return show(t("receipt.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), again);
  }
  const groups = draft.number;
  const number = crypto.getRandomValues(new Uint8Array(1))[0] % groups.length;
  const cells = groups.map((group) => h("span", {}, group));
  // Whoever is asked for a group reads it from the paper, not from the screen.
  const shown = (whether) => {
    cells.forEach((cell, at) => (cell.textContent = whether ? groups[at] : "••••"));
    look.hidden = whether;
  };
  const look = button("receipt.show", () => shown(true));
  look.hidden = true;
  // The group that is asked for is compared here and nowhere kept.
  const check = field("check", t("receipt.check", { n: number + 1 }), (attributes) => h("input", { type: "text", inputmode: "numeric", maxlength: "12", onfocus: () => shown(false), ...attributes }));
  show(t("receipt.heading"), step(4), h("p", {}, t("receipt.lead")), h("p", { id: "receipt", class: "receipt", translate: "no", role: "group", "aria-label": t("receipt.label") }, cells), look, check.all, h("div", { class: "row" }, button("back", people), button("send", () => {
    const typed = [...check.input.value].filter((letter) => /\p{Nd}/u.test(letter)).join("");
    if (typed !== groups[number]) return check.complain(t(typed ? "receipt.wrong" : "receipt.check", { n: number + 1 }));
    send();
  }, "main")));
}

/** The words for the Worker: everything that is sealed. */
function words() {
  const answers = [["route", draft.route]];
  for (const { code, for: routes } of data.questions) {
    if (!routes.includes(draft.route)) continue;
    for (const value of draft.answers[code] ?? []) if (value.trim()) answers.push([code, value.trim()]);
  }
  return { channel: draft.channel, lang, questionnaire: data.hash, follow: false, name: draft.name ?? "", excluded: (draft.excluded ?? []).map(Number), answers: answers.flat(), files: draft.files ?? [] };
}

/** Steps that are shown while something is sent; `at` marks the one under way. */
function progress(files) {
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

async function send() {
  const { all, at } = progress(draft.files?.length > 0);
  show(t("sending.heading"), all);
  try {
    await tell("send", { ...words(), derived: draft.derived, sealed: draft.sealed }, (step) => {
      // Sending again sends the same envelope: one report, whatever the connection did.
      if (step === "derived" || step === "sealed") draft[step] = true;
      else at(...[step].flat());
    });
    wipe();
    show(t("sent.heading"), h("p", {}, t("sent.lead")), h("div", { class: "row" }, button("finish", leave, "main")));
  } catch (error) {
    const fix = error === "too_large" ? button("back", questions) : button("again", error === "broken" ? () => afresh(receipt) : send, "main");
    show(t("sending.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), error === "broken" && h("p", {}, t("broken.number")), h("div", { class: "row" }, fix));
  }
}

/** Up to so many channels the page looks into all of them by itself. */
const LOOK = 4;

/**
 * The number alone. Whose commission it was is no question for somebody who comes back after weeks:
 * the page looks for it everywhere, and as often whether there is such a number or not.
 */
function back() {
  const typed = field("number", t("return.label"), (attributes) => h("input", { type: "text", inputmode: "numeric", maxlength: "80", ...attributes }), { hint: t("return.hint") });
  const status = h("p", { role: "status" });
  const place = h("div", {});
  // Only where there are many commissions it is quicker to say which.
  let channel;
  const ask = () => {
    if (draft.open.channels.length <= LOOK || channel) return;
    channel = choices("channel", t("channel.label"), "radio", [{ code: "", text: t("channel.any") }, ...draft.open.channels.map(called)], [""], true);
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
      await letters(chosen ? [chosen] : draft.open.channels.map(({ name }) => name));
    } catch (error) {
      status.textContent = "";
      open.disabled = false;
      if (error === "broken") return show(t("return.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), h("div", { class: "row" }, button("again", () => afresh(back))));
      typed.complain(errorText(error));
    }
  }, "main");
  typed.input.addEventListener("keydown", ({ key }) => key === "Enter" && open.click());
  show(t("return.heading"), typed.all, place, status, h("div", { class: "row" }, button("back", home), open));
  keys().then(ask, () => {});
}

/** The mailbox: looked for in channels, or asked again. */
async function letters(channels, note) {
  const { letters: all, state, readers: trusted, channel } = await (channels ? tell("find", { channels }) : tell("read"));
  draft.channel = channel;
  const word = state & 4 ? "closed" : state & 2 ? "confirmed" : state & 1 ? "released" : "waiting";
  const list = [];
  for (let at = 0; at < all.length; at += 3) {
    const known = data.states.find(({ code }) => code === all[at + 1])?.text;
    list.push(h("li", {}, h("p", { class: "hint" }, [all[at], known].filter(Boolean).join(" · ")), h("p", { class: "letter" }, all[at + 2])));
  }
  const more = field("more", t("return.write"), area);
  // What was written is here again if the module was lost in between.
  more.input.value = draft.more ?? "";
  more.input.addEventListener("input", () => {
    draft.more = more.input.value;
    dirty = true;
  });
  // Whoever was excluded stays so, and whoever came later is a stranger: each must be let in by hand.
  const { list: officers } = readers();
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
      await tell("send", { channel: draft.channel, lang, questionnaire: data.hash, follow: true, name: "", excluded: without.map(Number), answers: ["text", text], files, derived: true, sealed: draft.sealed === sealed }, (step) => {
        if (step === "sealed") draft.sealed = sealed;
        else at(...[step].flat());
      });
      dirty = false;
      draft.sealed = draft.more = undefined;
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
  show(t("return.heading"), note && h("p", { role: "status", class: "done" }, note), h("p", {}, t(`return.${word}`)), list.length ? h("ul", { class: "letters" }, list) : note !== t("drop.done") && h("p", {}, t("return.none")), drop, more.all, attachments(files), excluded.all, place, h("div", { class: "row" }, write, button("finish", () => (!dirty || confirm(t("leave"))) && leave())));
}

document.getElementById("exit").addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
for (const link of document.querySelectorAll("[data-lang], [data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (dirty && !confirm(t("leave"))) return;
    wipe();
    location.replace(link.href);
  });
}
// A page that comes back out of the browser's memory comes back empty.
addEventListener("pagehide", wipe);
addEventListener("pageshow", ({ persisted }) => persisted && location.replace(AWAY));
if (globalThis.WebAssembly && globalThis.Worker && globalThis.crypto?.getRandomValues) {
  home();
  prepare();
} else show(t("write.heading"), h("p", { class: "wrong", role: "alert" }, t("error.unsafe")));
