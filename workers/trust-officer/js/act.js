// The act by which a case is passed on, on paper: printed from this page, sent nowhere.
import { channel, date, h, t } from "./parts.js";

/** Prints the act of an event of a case. */
export function act(one, event, answers) {
  const [body, number] = event.act.split(/, № (?=[^№]*$)/);
  const files = one.said.reduce((sum, { files: count }) => sum + count, 0);
  const line = (key) => h("p", { class: "sign" }, `${t(key)}: ____________________`);
  const paper = h("section", { id: "paper", class: "paper" },
    h("h1", {}, t("act.title", { no: number ?? "" })), h("p", {}, date(event.day)),
    h("p", {}, `${t("act.to")}: ${body}`), h("p", {}, t("act.case", { no: one.no, day: date(one.received), channel: channel(one.channel) })),
    h("p", { class: "text" }, event.text), h("h2", {}, t("act.content")), one.said.map((said) => [h("p", {}, date(said.day)), answers(said)]),
    h("p", {}, t("act.files", { n: files })), h("p", {}, t("act.anonymous")), line("act.sent"), line("act.taken"));
  document.getElementById("paper")?.remove();
  document.body.append(paper);
  addEventListener("afterprint", () => paper.remove(), { once: true });
  print();
}
