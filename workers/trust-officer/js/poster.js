// Posters, one an organisation, in both languages on a sheet. The names stay on this device, and the code
// is the same on every poster: it is the address of this site and nothing else, so that a scan does not
// tell where it was made.
import init, { code } from "trust-officer";
import { data, field, h, t } from "./parts.js";

const desk = document.getElementById("desk");
const sheets = document.getElementById("sheets");
const ADDRESS = `${location.origin}/`;

const svg = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

function sheet(name, [side, path]) {
  const drawn = svg("svg", { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": ADDRESS });
  drawn.append(svg("path", { d: path }));
  const half = (lang) => {
    const text = (key) => data.poster[lang][key];
    return h("div", { lang, class: "half" }, h("h2", {}, text("heading")), h("p", { class: "lead" }, text("lead")), h("ol", {}, ["1", "2", "3"].map((at) => h("li", {}, text(at)))), h("p", { class: "ways" }, text("ways")));
  };
  return h("section", { class: "sheet" }, name && h("p", { class: "name" }, name), half("kk"), h("div", { class: "code" }, drawn, h("p", {}, ADDRESS.replace(/^https:[/][/]|[/]$/g, ""))), half("ru"), h("p", { class: "foot" }, data.poster.kk.own, h("br"), data.poster.ru.own));
}

try {
  await init({ module_or_path: MODULE });
  const drawn = code(ADDRESS);
  const names = field("names", t("poster.names"), (more) => h("textarea", { rows: "4", maxlength: "20000", ...more }), { hint: t("poster.hint") });
  const draw = () => {
    const all = names.input.value.split("\n").map((line) => line.trim().slice(0, 160)).filter(Boolean);
    sheets.replaceChildren(...(all.length > 0 ? all : [""]).slice(0, 300).map((name) => sheet(name, drawn)));
  };
  names.input.addEventListener("input", draw);
  desk.append(names.all, h("button", { type: "button", class: "main", onclick: () => print() }, t("poster.print")));
  draw();
} catch {
  desk.append(h("p", { class: "wrong", role: "alert" }, t("error.unsafe")));
}
