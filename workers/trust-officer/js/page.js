// The officers' page. What reporters wrote is set as text, never as markup; attachments are drawn in
// a frame that has no origin, no script and no network. Locking ends the Worker, and with it the keys.
import { driver } from "../../trust-page/js/driver.js";
import { act as printed } from "./act.js";
import { attached } from "./files.js";
import { channel, choose, data, date, field, h, lang, ready, say, t } from "./parts.js";
import { trusted } from "./trusted.js";

const desk = document.getElementById("desk");
/** Minutes without a touch after which the page locks itself. */
const IDLE = 10;
let state = {};
let idle;

const { start, stop, tell } = driver(() => new Worker(trusted("createScriptURL", WORK), { type: "module" }));

const errorText = (word) => data.texts[`error.${word}`] ?? t("error.unsafe");
const alertOf = (text) => h("p", { class: "wrong", role: "alert" }, text);
const button = (key, onclick, kind = "") => h("button", { type: "button", class: kind, onclick }, t(key));

/** A button that is busy while its work is, and says under itself what went wrong. */
function doing(key, work, kind = "") {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const made = button(key, async () => {
    made.disabled = true;
    wrong.textContent = "";
    try {
      await work();
    } catch (error) {
      wrong.textContent = errorText(error);
    }
    made.disabled = false;
  }, kind);
  return h("div", { class: "do" }, made, wrong);
}

function show(heading, ...children) {
  const title = h("h1", { tabindex: "-1" }, heading);
  desk.replaceChildren(title, ...children.flat().filter(Boolean));
  title.focus({ preventScroll: true });
}

function save(name, bytes, type = "application/octet-stream") {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function lock() {
  stop();
  state = {};
  document.getElementById("bar").replaceChildren();
  begin();
}

function touched() {
  clearTimeout(idle);
  if (state.open) idle = setTimeout(lock, IDLE * 60_000);
}

async function begin() {
  show(t("title"), h("p", { role: "status" }, t("loading")));
  try {
    start();
    const { has } = await tell("open", { module: MODULE, page: JSON.stringify(data.page), now: Date.now() });
    if (has) unlock();
    else first();
  } catch (error) {
    show(t("title"), alertOf(errorText(error)), button("again", begin));
  }
}

const secret = (id, key, hint) => field(id, t(key), (more) => h("input", { type: "password", maxlength: "200", ...more, autocomplete: "off" }), { hint });

function unlock() {
  const pass = secret("pass", "passphrase");
  const enter = async () => {
    await tell("unlock", { passphrase: pass.input.value });
    await opened();
  };
  const go = doing("unlock", enter, "main");
  pass.input.addEventListener("keydown", ({ key }) => key === "Enter" && go.querySelector("button").click());
  show(t("title"), h("p", {}, t("unlock.lead")), h("div", { class: "panel narrow" }, pass.all, go), h("details", { class: "narrow" }, h("summary", {}, t("keys.other")), ...setup()));
}

/** The two ways to have keys. */
function setup() {
  const number = field("number", t("new.id"), (more) => h("input", { type: "text", inputmode: "numeric", maxlength: "5", ...more }), { hint: t("new.id.hint") });
  const role = choose("role", t("new.role"), [["officer", t("role.officer")], ["custodian", t("role.custodian")]]);
  const name = field("name", t("new.name"), (more) => h("input", { type: "text", maxlength: "90", ...more }), { hint: t("new.name.hint") });
  const pass = secret("newpass", "new.pass", t("new.pass.hint"));
  const again = secret("again", "new.again");
  const make = doing("new.make", async () => {
    if (!/^\d{1,5}$/.test(number.input.value) || Number(number.input.value) > 65535) throw "number";
    if (pass.input.value !== again.input.value) throw "differs";
    if (state.has && !confirm(t("replace"))) return;
    const text = await tell("create", { id: Number(number.input.value), role: role.input.value, name: name.input.value.trim(), passphrase: pass.input.value });
    save(`${role.input.value}-${number.input.value}.public.json`, text, "application/json");
    show(t("made.heading"), h("p", {}, t("made.lead")), h("div", { class: "row" }, button("keys.public", () => save(`${role.input.value}-${number.input.value}.public.json`, text, "application/json")), button("keys.backup", backup), button("next", opened, "main")));
  }, "main");
  const file = field("file", t("import.file"), (more) => h("input", { type: "file", accept: ".vault,.json", ...more }), { hint: t("import.hint") });
  const old = secret("oldpass", "passphrase");
  const take = doing("import.take", async () => {
    const [chosen] = file.input.files;
    if (!chosen || chosen.size > 64 * 1024 * 1024) throw "no_keys";
    if (state.has && !confirm(t("replace"))) return;
    await tell("restore", { bytes: new Uint8Array(await chosen.arrayBuffer()), passphrase: old.input.value });
    await opened();
  }, "main");
  const stored = field("stored", t("saved.file"), (more) => h("input", { type: "file", accept: ".vault", ...more }));
  const word = secret("storedpass", "passphrase");
  const read = doing("saved.open", async () => {
    const [chosen] = stored.input.files;
    if (!chosen || chosen.size > 128 * 1024 * 1024) throw "malformed";
    archive(await tell("saved", { bytes: new Uint8Array(await chosen.arrayBuffer()), passphrase: word.input.value }));
  });
  return [
    h("section", { class: "panel" }, h("h2", {}, t("import.heading")), file.all, old.all, take),
    h("section", { class: "panel" }, h("h2", {}, t("new.heading")), h("p", {}, t("new.lead")), number.all, role.all, name.all, pass.all, again.all, make),
    h("section", { class: "panel" }, h("h2", {}, t("saved.heading")), h("p", {}, t("saved.lead")), stored.all, word.all, read),
  ];
}

function first() {
  show(t("title"), h("p", {}, t("first.lead")), h("div", { class: "two" }, setup()));
}

const backup = async () => save("mansap-officer.backup.json", await tell("backup"), "application/json");

async function opened() {
  state = { open: true, tab: "cases" };
  touched();
  document.getElementById("bar").replaceChildren(button("lock", lock));
  await sync();
}

async function sync() {
  const status = h("p", { role: "status" }, t("sync"));
  const note = document.getElementById("note");
  if (state.all) note.replaceChildren(status);
  else show(t("title"), status);
  let wrong;
  try {
    await tell("sync", {}, ({ at, of }) => (status.textContent = t("sync.days", { at, of })));
  } catch (error) {
    wrong = error;
  }
  await refresh();
  if (wrong) document.getElementById("note").replaceChildren(alertOf(errorText(wrong)));
}

async function refresh() {
  state.all = await tell("overview");
  // What somebody is writing in an open case stays; the list says what is new in it.
  const writing = state.case && document.getElementById("case");
  draw();
  if (writing) document.getElementById("case").replaceWith(writing);
}

/** The frame of the page once it is open. */
function draw() {
  const { me, asks, outbox, directory } = state.all;
  const open = asks.filter(({ given }) => given === null).length;
  const tabs = [...(me.role === "officer" ? [["cases", state.all.cases.filter(({ fresh }) => fresh).length]] : [["asks", open]]), ["keys", 0], ...(me.role === "officer" ? [["stats", 0]] : [])];
  if (!tabs.some(([tab]) => tab === state.tab)) state.tab = tabs[0][0];
  const nav = h("nav", { "aria-label": t("sections") }, h("ul", { class: "tabs" }, tabs.map(([tab, fresh]) => h("li", {}, h("button", {
    type: "button", "aria-current": tab === state.tab ? "page" : undefined,
    onclick: () => {
      state.tab = tab;
      state.case = undefined;
      draw();
    },
  }, t(`tab.${tab}`), fresh > 0 && h("span", { class: "badge" }, String(fresh)))))));
  const warn = [
    directory?.demo && t("warn.demo"),
    directory && !me.listed && t("warn.unlisted"),
    directory?.past && t("warn.past"),
    directory && !directory.past && directory.soon && t("warn.soon", { day: date(directory.until) }),
    me.soon && t("warn.keys", { day: date(me.ends) ?? "–" }),
    ...(directory?.channels ?? []).filter(({ keys }) => keys < 3).map(({ name, keys, open: good }) => t(good ? "warn.few" : "warn.closed", { name: channel(name), keys })),
    outbox > 0 && t("warn.outbox", { n: outbox }),
  ].filter(Boolean);
  show(t(`tab.${state.tab}`),
    h("div", { class: "top" }, nav, h("span", { class: "who" }, `${me.name} · № ${me.id}`), doing("refresh", sync)),
    h("div", { id: "note" }), warn.length > 0 && h("ul", { class: "warn" }, warn.map((text) => h("li", {}, text))),
    { cases, asks: requests, keys, stats }[state.tab]());
}

const named = (list, code) => list.find((one) => one.code === code)?.text ?? code;
const statusText = (code) => (code ? named(data.states, code) : t("status.new"));

function deadline({ code, day, standing }) {
  return h("li", { class: `term ${standing}` }, h("span", {}, t(`term.${code}`)), " ", h("strong", {}, standing === "met" ? t("term.met") : standing === "no_calendar" ? t("term.no_calendar") : date(day)), standing === "missed" && ` · ${t("term.missed")}`, standing === "near" && ` · ${t("term.near")}`);
}

/** The one deadline that matters most. */
function nearest(deadlines) {
  const rank = { missed: 0, near: 1, open: 2, no_calendar: 3, met: 4 };
  return [...deadlines].sort((a, b) => rank[a.standing] - rank[b.standing] || (a.day ?? "").localeCompare(b.day ?? ""))[0];
}

function cases() {
  const list = [...state.all.cases].sort((a, b) => a.closed - b.closed || b.received.localeCompare(a.received));
  const rows = list.map((one) => {
    const first = nearest(one.deadlines);
    const cell = (key, ...what) => h("td", { "data-label": t(key) }, ...what);
    return h("tr", { class: [one.fresh && "fresh", one.id === state.case && "chosen"].filter(Boolean).join(" ") },
      cell("case.no", h("button", { type: "button", class: "link", onclick: () => openCase(one.id) }, `№ ${one.no}`), one.fresh > 0 && h("span", { class: "badge" }, t("fresh"))),
      cell("case.received", date(one.received)), cell("case.route", named(data.routes, one.route)),
      cell("case.status", one.readable ? standing(one) : t("case.gone")), cell("case.to", one.to?.name ?? "–"),
      cell("case.term", first ? h("ul", { class: "terms" }, deadline(first)) : "–"));
  });
  const table = rows.length === 0 ? h("p", {}, t("cases.none")) : h("table", {}, h("thead", {}, h("tr", {}, ["no", "received", "route", "status", "to", "term"].map((key) => h("th", { scope: "col" }, t(`case.${key}`))))), h("tbody", {}, rows));
  return h("div", { class: "split" }, h("div", { class: "list" }, table), h("div", { id: "case", class: "case" }, state.case ? undefined : h("p", { class: "hint" }, rows.length > 0 && t("cases.pick"))));
}

async function openCase(id, note) {
  state.case = id;
  try {
    state.shown = await tell("case", { id });
    state.all = await tell("overview");
    draw();
    document.getElementById("case").replaceChildren(...detail(state.shown, note));
    document.getElementById("case").querySelector("h2").focus();
  } catch (error) {
    document.getElementById("note").replaceChildren(alertOf(errorText(error)));
  }
}

/** The state of a case in words; a closed one says what it was closed with. */
const standing = ({ closed, status }) => [closed && t("case.closed"), (!closed || !["open", "closed", ""].includes(status)) && statusText(status)].filter(Boolean).join(" · ");

function answers(said) {
  return h("dl", {}, said.answers.flatMap(({ question, values }) => {
    const asked = data.questions.find(({ code }) => code === question);
    const known = question === "route" ? data.routes : asked?.choices;
    return [h("dt", {}, question === "route" ? t("case.route") : asked?.text ?? t("more")), h("dd", {}, values.map((value) => known?.find(({ code }) => code === value)?.text ?? value).join("\n"))];
  }));
}

/** A case that somebody saved: to be read, and nothing else. */
function archive(one) {
  const all = [...one.said, ...one.done].sort((a, b) => a.day.localeCompare(b.day) || (a.n ?? 0) - (b.n ?? 0));
  show(`№ ${one.no}`, h("p", {}, [`${t("case.received")}: ${date(one.received)}`, channel(one.channel), named(data.routes, one.route)].join(" · ")),
    one.name && h("p", {}, `${t("case.name")}: `, h("strong", {}, one.name)), h("ol", { class: "dialogue panel" }, all.map(step)), h("div", { class: "row" }, button("lock", lock)));
}

function step(one) {
  const who = h("p", { class: "hint" }, `${date(one.day)} · `, one.answers ? t("by.reporter") : [one.by && (one.by.name ?? one.by.id), t(`did.${one.what}`)].filter(Boolean).join(" · "), one.to ? ` → ${one.to.name ?? one.to.id}` : "", one.status ? ` · ${statusText(one.status)}` : "");
  if (!one.answers) return h("li", { class: `did ${one.what}` }, who, one.act && h("p", {}, one.act), one.cover && h("p", { class: "text" }, `${t("forward.cover")}: ${one.cover}`), one.text && h("p", { class: "text" }, one.text), one.what === "forward" && state.shown && button("act.print", () => printed(state.shown, one, answers)));
  const given = state.case;
  const files = attached(one, (at) => tell("file", { id: given, item: one.item, at }), errorText);
  return h("li", { class: "said" }, who, h("p", { class: "hint" }, t("case.lang", { lang: t(`lang.${one.lang}`) })), answers(one), files);
}

/** A form under a line that opens it. */
function form(key, fields, words, kind) {
  const go = doing(["answer", "note"].includes(key) ? `go.${key}` : `do.${key}`, async () => {
    await tell("act", { case: state.case, what: key, ...words() });
    await openCase(state.case, t("done"));
  }, kind ?? "main");
  return h("details", { class: "act", name: "act" }, h("summary", {}, t(`do.${key}`)), ...fields, go);
}

/** Letters that a text of an officer may have. */
const MOST = 1400;

/** A place for a text; near its end it says how many letters are left. */
function area(id, key, hint) {
  const left = h("p", { class: "hint", role: "status" });
  const made = field(id, t(key), (more) => h("textarea", { rows: "4", maxlength: String(MOST), ...more }), { hint: hint && t(hint) });
  made.input.addEventListener("input", () => {
    const n = MOST - made.input.value.length;
    left.textContent = n < 200 ? t("text.left", { n }) : "";
  });
  made.all.append(left);
  return made;
}

function detail(one, note) {
  // By days first: a reporter who has deleted the letters does not know their numbers any more.
  const dialogue = [...one.said, ...one.done].sort((a, b) => a.day.localeCompare(b.day) || a.n - b.n || (a.answers ? -1 : 1));
  const [reply, inner, cover, pass, why, last] = [area("reply", "text.reporter", "text.reporter.hint"), area("inner", "text.note"), area("cover", "forward.cover", "forward.cover.hint"), area("pass", "text.reporter", "text.reporter.hint"), area("why", "text.why", "text.why.hint"), area("last", "text.reporter", "text.reporter.hint")];
  const reached = choose("reached", t("case.status"), data.states.filter(({ code }) => ["open", "confirmed", "unconfirmed"].includes(code)).map(({ code, text }) => [code, text]), one.status);
  const result = choose("result", t("case.status"), data.states.filter(({ code }) => ["confirmed", "unconfirmed", "closed"].includes(code)).map(({ code, text }) => [code, text]));
  const to = choose("to", t("case.to"), one.readers.map(({ id, name }) => [String(id), name ?? String(id)]), String(one.to ?? ""));
  const body = choose("body", t("forward.body"), data.bodies.map(({ text }) => [text, text]));
  const number = field("actno", t("forward.act"), (more) => h("input", { type: "text", maxlength: "60", ...more }));
  const verbatim = h("input", { type: "checkbox", id: "verbatim" });
  const forms = one.closed
    ? [form("reopen", [], () => ({ status: "open" }))]
    : [
        form("answer", [reply.all, reached.all], () => ({ text: reply.input.value.trim(), status: reached.input.value })),
        form("assign", [to.all], () => ({ to: Number(to.input.value) })),
        form("note", [inner.all], () => ({ text: inner.input.value.trim() })),
        form("forward", [h("p", {}, t("forward.lead")), body.all, number.all, cover.all, h("div", { class: "tick" }, verbatim, h("label", { for: "verbatim" }, t("forward.verbatim"))), pass.all], () => ({ text: pass.input.value.trim(), cover: cover.input.value.trim(), verbatim: verbatim.checked, status: "forwarded", act: number.input.value.trim() && `${body.input.value}, № ${number.input.value.trim()}` })),
        one.named && !one.name && form("name_asked", [h("p", {}, t("name.lead")), why.all], () => ({ text: why.input.value.trim() })),
        form("close", [h("p", {}, t("close.lead")), last.all, result.all], () => ({ text: last.input.value.trim(), status: result.input.value })),
      ].filter(Boolean);
  const pass2 = secret("exportpass", "new.pass", t("export.hint"));
  const whom = choose("whom", t("export.whom"), [["body", t("export.body")], ["readers", t("export.readers")]]);
  const packing = h("p", { role: "status", class: "hint" });
  const out = h("details", { class: "act", name: "act" }, h("summary", {}, t("do.export")), whom.all, pass2.all, doing("do.export", async () => {
    try {
      save(`mansap-${one.no}.vault`, await tell("export", { id: one.id, passphrase: pass2.input.value, whole: whom.input.value === "readers" }, ({ at, of }) => (packing.textContent = t("export.files", { at, of }))));
      pass2.input.value = "";
    } finally {
      packing.textContent = "";
    }
  }, "main"), packing);
  const readers = one.readers.map(({ id }) => id);
  const left = (state.all.directory?.channels.find(({ name }) => name === one.channel)?.officers ?? []).filter(({ id }) => !readers.includes(id) && id !== state.all.me.id);
  return [
    h("h2", { tabindex: "-1" }, `№ ${one.no} · ${standing(one)}`),
    note && h("p", { role: "status" }, note),
    h("ul", { class: "terms" }, one.deadlines.map(deadline)),
    h("p", {}, `${t("case.readers")}: ${one.readers.map(({ id, name }) => name ?? id).join("; ") || t("case.you")}. `, h("strong", {}, t("case.readers.hint"))),
    left.length > 0 && h("p", {}, `${t("case.excluded")}: ${left.map(({ id, name }) => name ?? id).join("; ")}.`),
    one.named && h("p", {}, `${t("case.name")}: `, h("strong", {}, one.name ?? t(one.asked ? "name.asked" : "name.closed"))),
    h("ol", { class: "dialogue" }, dialogue.map(step)), h("div", { class: "forms" }, forms, out),
  ].filter(Boolean);
}

function requests() {
  const list = state.all.asks.map((one) => {
    const why = area(`why-${one.key}`, "text.refuse");
    const decide = (yes) => async () => {
      await tell("decide", { key: one.key, yes, why: why.input.value.trim() });
      await refresh();
    };
    return h("li", { class: "panel" }, h("h2", {}, `№ ${one.no}`), h("p", { class: "hint" }, `${date(one.day)} · ${one.from.name ?? one.from.id}`), h("p", { class: "text" }, one.reason),
      one.given === null ? [why.all, h("div", { class: "row" }, doing("ask.yes", decide(true), "main"), doing("ask.no", decide(false)))] : h("p", {}, t(one.given ? "ask.given" : "ask.refused")));
  });
  return [h("p", {}, t("asks.lead")), list.length ? h("ul", { class: "plain" }, list) : h("p", {}, t("asks.none"))];
}

function keys() {
  const { me, directory } = state.all;
  const rotation = secret("rotate", "passphrase");
  const gone = secret("gone", "passphrase");
  const day = field("until", t("forget.until"), (more) => h("input", { type: "date", max: state.all.today, ...more }));
  const row = (one) => h("tr", {}, h("td", { "data-label": t("keys.from") }, date(one.from)), h("td", { "data-label": t("keys.until") }, date(one.until)), h("td", { "data-label": t("case.status") }, t(one.past ? "keys.past" : "keys.live")));
  const people = (list) => list.map(({ name, id, key }) => `${name ?? id}${key ? "" : ` (${t("keys.none")})`}`).join("; ") || "–";
  return [
    h("section", { class: "panel" }, h("h2", {}, t("keys.heading")), h("p", {}, t("keys.lead")), h("table", {}, h("thead", {}, h("tr", {}, ["keys.from", "keys.until", "case.status"].map((key) => h("th", { scope: "col" }, t(key))))), h("tbody", {}, me.boxes.map(row))),
      h("div", { class: "row" }, button("keys.backup", backup), button("keys.public", async () => save(`${me.role}-${me.id}.public.json`, await tell("public"), "application/json")))),
    h("section", { class: "panel" }, h("h2", {}, t("rotate.heading")), h("p", {}, t("rotate.lead")), rotation.all, doing("rotate.do", async () => {
      const text = await tell("rotate", { passphrase: rotation.input.value });
      save(`${me.role}-${me.id}.public.json`, text, "application/json");
      await refresh();
    }, "main")),
    h("section", { class: "panel" }, h("h2", {}, t("forget.heading")), h("p", {}, t("forget.lead")), day.all, gone.all, doing("forget.do", async () => {
      if (!day.input.value) throw "missing";
      if (!confirm(t("forget.sure"))) return;
      await tell("forget", { until: day.input.value, passphrase: gone.input.value });
      await refresh();
    })),
    directory && h("section", { class: "panel" }, h("h2", {}, t("directory.heading")), h("p", {}, t("directory.version", { n: directory.version, day: date(directory.until) })), h("dl", {}, directory.channels.flatMap((one) => [h("dt", {}, `${channel(one.name)} · ${t(one.open ? "channel.open" : "channel.closed")}`), h("dd", {}, `${t("directory.officers")}: ${people(one.officers)}\n${t("directory.custodians")}: ${people(one.custodians)}`)]))),
    h("section", { class: "panel" }, h("h2", {}, t("erase.heading")), h("p", {}, t("erase.lead")), doing("erase.do", async () => {
      if (!confirm(t("erase.sure"))) return;
      await tell("erase");
      lock();
    })),
  ].filter(Boolean);
}

function stats() {
  const group = (of, name) => {
    const have = state.all.stats[of];
    if (!have) return undefined;
    const rows = have.cells.map(({ code, count }) => h("tr", {}, h("th", { scope: "row" }, name(code)), h("td", {}, count === null ? t("stats.few") : String(count))));
    return h("section", { class: "panel" }, h("h2", {}, t(`stats.${of}`)), h("table", { class: "counts" }, h("tbody", {}, rows, h("tr", {}, h("th", { scope: "row" }, t("stats.total")), h("td", {}, have.total === null ? t("stats.few") : String(have.total))))));
  };
  return [h("p", {}, t("stats.lead")), h("div", { class: "two" }, [group("route", (code) => named(data.routes, code)), group("status", (code) => (code === "new" ? t("status.new") : statusText(code))), group("month", (code) => code.split("-").reverse().join("."))].filter(Boolean))];
}

for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched, { passive: true });
addEventListener("pagehide", stop);
addEventListener("pageshow", ({ persisted }) => persisted && lock());
document.title = `${t("title")} – Mansap`;
if (ready()) begin();
else show(t("title"), alertOf(t("error.unsafe")));
say(lang);
