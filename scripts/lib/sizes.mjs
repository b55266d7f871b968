// What the cabinets weigh on their way to a person.
import fs from "node:fs";
import path from "node:path";

export const CABINETS = ["applicant", "own", "staff", "writing", "selection", "messages", "directories", "bank", "authoring", "testing", "judging", "administration"];
const dist = () => path.join(process.env.MANSAP_ROOT, "frontend/dist/app");

/**
 * The files of the first load of a cabinet: its page, what the page names, what its script names
 * in turn, the texts of one language.
 */
export function firstLoad(name, folder = dist(), page = `${name}.html`) {
  const all = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  if (!all.includes(page)) return [];
  const html = fs.readFileSync(path.join(folder, page), "utf8");
  const named = all.filter((file) => html.includes(`/app/${file}`) && /\.(js|css|wasm)$/.test(file));
  const texts = all.filter((file) => file.startsWith(`${name}-texts-kk-`));
  return [page, ...named, ...texts].map((file) => path.join(folder, file));
}

/** The same of the page on which somebody sits a test. */
export const sittingLoad = () => firstLoad("sitting", path.join(process.env.MANSAP_ROOT, "workers/exam/build/site/app"), "index.html");

/** The files that the service worker keeps of a cabinet, itself included. */
export function kept(name) {
  const worker = path.join(dist(), "sw.js");
  if (!fs.existsSync(worker)) return [];
  const page = firstLoad(name);
  const texts = fs.readdirSync(dist()).filter((file) => file.startsWith(`${name}-texts-`)).map((file) => path.join(dist(), file));
  return [...new Set([...page, ...texts, path.join(dist(), "icon.svg"), worker])];
}

/** Bytes of files, pressed: `pressed` says how many a buffer becomes. */
export const weight = (files, pressed) => files.reduce((sum, file) => sum + pressed(fs.readFileSync(file)), 0);
