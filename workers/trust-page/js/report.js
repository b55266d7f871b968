// Writing a report: what it is about, the questions, who must not read it, the number, sending.
import { afresh, early, opened, steps } from "./flow.js";
import { h } from "./parts.js";
import { called, chosenOf, numbered, overseen, progress, readers } from "./shared.js";
import { data, errorText, keys, kept, lang, t, tell, wipe } from "./state.js";
import { area, attachments, button, choices, field, line, show, step } from "./view.js";

export function route() {
  const all = choices("route", t("route.heading"), "radio", data.routes.map(({ code, text, note }) => ({ code, text, note })), [kept.draft.route], true);
  show(t("write.heading"), step(1), all.all, h("div", { class: "row" }, button("back", steps.home), button("next", () => {
    const [chosen] = all.values();
    if (!chosen) return all.complain(t("route.missing"));
    // Answers stay, whatever is chosen: only those that belong to the route are shown and sent.
    kept.draft.route = chosen;
    early(questions);
  }, "main")));
}

/**
 * The questions. They can be read and answered before the keys are here; which commissions there are is
 * known with the keys. `which`: somebody went on without having seen that question.
 */
function questions(which = false) {
  const { draft } = kept;
  const answers = (draft.answers ??= {});
  const asked = data.questions.filter((one) => one.for.includes(draft.route));
  const made = asked.map((one) => {
    const id = `q-${one.code}`;
    const keep = (values) => {
      answers[one.code] = values;
      kept.dirty = true;
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
  const place = h("div", {});
  let channel;
  const ask = () => {
    const { channels } = draft.open;
    if (channels.length < 2 || channel) return;
    channel = choices("channel", t("channel.label"), "radio", channels.map(called), [chosenOf(draft)], true);
    place.replaceChildren(channel.all);
  };
  show(t("ask.heading"), step(2), h("p", { class: "hint" }, t("ask.stay")), made.map(({ all }) => all), attachments((draft.files ??= [])), place, h("div", { class: "row" }, button("back", () => early(route)), button("next", () => {
    made.forEach(({ complain }) => complain(""));
    const missing = made.find(({ one }) => one.required && !(answers[one.code] ?? []).some((value) => value.trim()));
    if (missing) return missing.complain(t("ask.missing"));
    const telling = made.find(({ one }) => !one.choices && numbered(answers[one.code]?.[0] ?? ""));
    if (telling) return telling.complain(t("ask.number"));
    if (!draft.open) return opened(() => (draft.open.channels.length > 1 ? questions(true) : people()));
    const [chosen] = channel?.values() ?? [];
    if (chosen && chosen !== draft.channel) {
      [draft.channel, draft.excluded] = [chosen, []];
      // Keys belong to a channel; where they were made already the number is spent.
      if (draft.derived) draft.number = draft.derived = undefined;
    }
    people();
  }, "main")));
  if (draft.open) ask();
  else keys().then(ask, () => {});
  if (which) channel?.complain(t("route.missing"));
}

function people() {
  const { list, overseers } = readers();
  const set = choices("excluded", t("people.mark"), "checkbox", list, kept.draft.excluded ?? [], false, t("people.lead"));
  const name = overseers.length > 0 ? field("name", t("name.label"), line, { hint: t("name.hint"), optional: true }) : undefined;
  if (name) name.input.value = kept.draft.name ?? "";
  const keep = () => {
    kept.draft.excluded = set.values();
    kept.draft.name = name?.input.value ?? "";
  };
  show(t("people.heading"), step(3), set.all, overseen(overseers), name?.all, h("div", { class: "row" }, button("back", () => {
    keep();
    questions();
  }), button("next", () => {
    keep();
    if (kept.draft.excluded.length >= list.length) return set.complain(t("people.nobody"));
    kept.draft.shown = signature();
    receipt();
  }, "main")));
}

/** Who reads, as the reporter has seen it. */
const signature = () => readers().list.map(({ text }) => text).join("\n");

async function receipt() {
  // With a directory that came later there may be others than those who were shown.
  if (kept.draft.shown !== signature()) return people();
  // What was sealed before somebody went back may have changed; the number stays the same until it is
  // sent, because it may stand on paper already.
  kept.draft.sealed = false;
  try {
    kept.draft.number ??= (await tell("receipt")).split(" ");
  } catch (error) {
    const again = error === "broken" ? button("again", () => afresh(receipt)) : button("back", people);
    return show(t("receipt.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), again);
  }
  const groups = kept.draft.number;
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
  const answers = [["route", kept.draft.route]];
  for (const { code, for: routes } of data.questions) {
    if (!routes.includes(kept.draft.route)) continue;
    for (const value of kept.draft.answers[code] ?? []) if (value.trim()) answers.push([code, value.trim()]);
  }
  return { channel: kept.draft.channel, lang, questionnaire: data.hash, follow: false, name: kept.draft.name ?? "", excluded: (kept.draft.excluded ?? []).map(Number), answers: answers.flat(), files: kept.draft.files ?? [] };
}

async function send() {
  const { all, at } = progress(kept.draft.files?.length > 0);
  show(t("sending.heading"), all);
  try {
    await tell("send", { ...words(), derived: kept.draft.derived, sealed: kept.draft.sealed }, (step) => {
      // Sending again sends the same envelope: one report, whatever the connection did.
      if (step === "derived" || step === "sealed") kept.draft[step] = true;
      else at(...[step].flat());
    });
    wipe();
    show(t("sent.heading"), h("p", {}, t("sent.lead")), h("div", { class: "row" }, button("finish", steps.leave, "main")));
  } catch (error) {
    const fix = error === "too_large" ? button("back", questions) : button("again", error === "broken" ? () => afresh(receipt) : send, "main");
    show(t("sending.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), error === "broken" && h("p", {}, t("broken.number")), h("div", { class: "row" }, fix));
  }
}
