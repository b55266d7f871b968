// The act by which a case is passed on, on paper: printed from this page, sent nowhere.
import { channel, date, h, t } from "./parts.js";

/** Prints the act of an event of a case: what was written to the body, and the report if it goes with it. */
export function act(one, event, answers) {
  const [body, number] = event.act.split(/, № (?=[^№]*$)/);
  // As it stood when it was passed on: what came later is no part of this act.
  const said = one.said.filter(({ day, n }) => day <= event.day && n < event.n);
  const files = said.reduce((sum, { files: count }) => sum + count, 0);
  const line = (key) => h("p", { class: "sign" }, `${t(key)}: ____________________`);
  const paper = h("section", { id: "paper", class: "paper" },
    h("h1", {}, t("act.title", { no: number ?? "" })), h("p", {}, date(event.day)),
    h("p", {}, `${t("act.to")}: ${body}`), h("p", {}, t("act.case", { no: one.no, day: date(one.received), channel: channel(one.channel) })),
    h("p", { class: "text" }, event.cover),
    event.verbatim && [h("h2", {}, t("act.content")), said.map((one) => [h("p", {}, date(one.day)), answers(one)])],
    h("p", {}, t("act.files", { n: files })), h("p", {}, t(one.named ? "act.named" : "act.anonymous")), line("act.sent"), line("act.taken"));
  document.getElementById("paper")?.remove();
  document.body.append(paper);
  addEventListener("afterprint", () => paper.remove(), { once: true });
  print();
}
