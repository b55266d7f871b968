// Attachments of a message: a list, and what is drawn of each. Its name and its kind are sealed with it, so
// before it is fetched nothing is known but how large it may be.
import { h, t } from "./parts.js";
import { trusted } from "./trusted.js";

const KB = 1024;
const size = (bytes) => (bytes < KB * KB ? `${Math.ceil(bytes / KB)} ${t("size.kb")}` : `${Math.ceil(bytes / KB / KB)} ${t("size.mb")}`);
const kind = (media) => t(media.startsWith("image/") ? "file.image" : media === "text/plain" ? "file.text" : "file.other");

/** A picture, in a frame that has no origin, no script and no network; a text, as text; else nothing. */
function drawn({ name, media, bytes }) {
  if (media.startsWith("image/")) {
    const frame = h("iframe", { sandbox: "", title: name, referrerpolicy: "no-referrer" });
    let text = "";
    for (let from = 0; from < bytes.length; from += 32_768) text += String.fromCharCode(...bytes.subarray(from, from + 32_768));
    frame.srcdoc = trusted("createHTML", `<!doctype html><img alt="" width="100%" src="data:${media};base64,${btoa(text)}">`);
    return frame;
  }
  if (media === "text/plain") return h("pre", { tabindex: "0" }, new TextDecoder().decode(bytes));
  return h("p", {}, t("file.unsafe"));
}

/** One out of a saved case. */
const unpacked = ({ lost, name, media, bytes }) => ({ lost, name, media, bytes: lost ? undefined : Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)) });

/** The list under a message; `fetched` gets one, unless it is there already. */
export function attached(one, fetched, errorText) {
  if (!one.files) return undefined;
  const rows = Array.from({ length: one.files }, (_, at) => {
    const place = h("div", { class: "file" });
    const said = h("span", {});
    const describe = (file) => (said.textContent = [file.name, kind(file.media), size(file.bytes.length)].join(" · "));
    let have = one.attachments && unpacked(one.attachments[at]);
    if (have?.lost) return { open: async () => {}, row: h("li", {}, `${at + 1}. `, t("file.lost")) };
    if (have) describe(have);
    else said.textContent = one.sizes?.[at] ? t("file.most", { size: size(one.sizes[at]) }) : "";
    const shut = () => {
      place.replaceChildren();
      button.textContent = t("file.open");
    };
    const open = async () => {
      if (place.firstChild) return;
      place.replaceChildren(h("p", { role: "status" }, t("loading")));
      button.disabled = true;
      try {
        have ??= await fetched(at);
        describe(have);
        place.replaceChildren(drawn(have));
        button.textContent = t("file.shut");
      } catch (error) {
        // The next press tries again.
        place.replaceChildren();
        said.textContent = errorText(error);
      }
      button.disabled = false;
    };
    const button = h("button", { type: "button", "aria-describedby": `${one.item ?? one.n}-${at}`, onclick: () => (place.firstChild ? shut() : open()) }, t("file.open"));
    said.id = `${one.item ?? one.n}-${at}`;
    return { open, row: h("li", {}, h("div", { class: "top" }, h("span", {}, `${at + 1}. `, said), button), place) };
  });
  const all = rows.length > 1 && h("button", {
    type: "button",
    // One after the other: they come over one line.
    onclick: async ({ target }) => {
      target.disabled = true;
      for (const { open } of rows) await open();
      target.disabled = false;
    },
  }, t("file.all"));
  return h("section", { class: "attached" }, h("p", {}, h("strong", {}, t("act.files", { n: rows.length })), " ", all), h("ul", { class: "plain" }, rows.map(({ row }) => row)));
}
