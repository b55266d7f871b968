// The reporter's page. Everything that a person writes is in this document and in the Worker's
// memory: no storage, no address, no history. Leaving wipes both.
import { early, steps } from "./flow.js";
import { back } from "./mailbox.js";
import { h } from "./parts.js";
import { route } from "./report.js";
import { errorText, kept, lang, prepare, t, wipe } from "./state.js";
import { button, show } from "./view.js";

const AWAY = `/${lang}/help`;

steps.leave = () => {
  wipe();
  document.body.replaceChildren();
  document.title = "";
  location.replace(AWAY);
};

steps.home = () => {
  show(t("write.heading"), h("p", {}, t("write.lead")), h("div", { class: "row" }, button("start.new", () => early(route), "main"), button("start.back", () => early(back))));
};

document.getElementById("exit").addEventListener("click", (event) => {
  event.preventDefault();
  steps.leave();
});
for (const link of document.querySelectorAll("[data-lang], [data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (kept.dirty && !confirm(t("leave"))) return;
    wipe();
    location.replace(link.href);
  });
}
// A page that comes back out of the browser's memory comes back empty.
addEventListener("pagehide", wipe);
addEventListener("pageshow", ({ persisted }) => persisted && location.replace(AWAY));
if (globalThis.WebAssembly && globalThis.Worker && globalThis.crypto?.getRandomValues) {
  steps.home();
  prepare();
} else show(t("write.heading"), h("p", { class: "wrong", role: "alert" }, errorText()));
