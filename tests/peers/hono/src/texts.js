// Texts and forms of the interface: the same files, other code.
import alertTexts from "../../../../schemas/locales/alerts.json";
import format from "../../../../schemas/locales/format.json";
import publicTexts from "../../../../schemas/locales/public.json";
import searchTexts from "../../../../schemas/locales/search.json";

const table = (texts) => ({
  find: (lang, key) => texts[key]?.[lang],
  get: (lang, key) => texts[key]?.[lang] ?? key,
  fill: (lang, key, args) => fill(texts[key]?.[lang] ?? key, args),
  count: (lang, key, n) => fill(texts[`${key}.${plural(lang, n)}`]?.[lang] ?? key, { n: group(lang, n) }),
});
export const TEXTS = table(publicTexts);
export const ALERTS = table(alertTexts);
export const SEARCH = table(searchTexts);
const FORMAT = table(format);

const fill = (text, args) => text.replace(/\{(\w+)\}/g, (whole, name) => args[name] ?? whole);

function plural(lang, n) {
  if (lang !== "ru") return n === 1 ? "one" : "many";
  if (n % 100 >= 11 && n % 100 <= 14) return "many";
  return n % 10 === 1 ? "one" : n % 10 >= 2 && n % 10 <= 4 ? "few" : "many";
}

export const group = (lang, n) => String(n).replace(/\B(?=(\d{3})+$)/g, lang === "en" ? "," : "\u00a0");

/** The clocks of the country: UTC+5. */
const local = (at) => new Date(new Date(at).getTime() + 5 * 3_600_000).toISOString();
export const dayOf = (at) => local(at).slice(0, 10);
export const localTime = (at) => `${local(at).slice(0, 19)}+05:00`;

function dated(lang, key, day, time = "") {
  const [year, month, date] = day.split("-").map(Number);
  return FORMAT.fill(lang, key, { day: String(date), month: FORMAT.get(lang, `month.${month}`), year: String(year), time });
}
export const date = (lang, day) => dated(lang, "date", day);
export const shortDate = (lang, day) => dated(lang, "date.short", day);
export const dateTime = (lang, at) => dated(lang, "date.time", dayOf(at), local(at).slice(11, 16));

export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

export function daysLeft(lang, days) {
  if (days < 0) return FORMAT.get(lang, "left.ended");
  if (days === 0) return FORMAT.get(lang, "left.today");
  return days === 1 ? FORMAT.get(lang, "left.tomorrow") : FORMAT.count(lang, "left.days", days);
}

export function salary(lang, from, to) {
  if (from == null && to == null) return "";
  const key = from != null && to != null ? (from === to ? "salary.exact" : "salary.between") : from != null ? "salary.from" : "salary.to";
  const text = (sum) => (sum == null ? "" : group(lang, sum));
  return FORMAT.fill(lang, key, { from: text(from), to: text(to) });
}

export const decimal = (lang, hundredths) => String(hundredths / 100).replace(".", lang === "en" ? "." : ",");

/** The text for a reader: English falls back to Russian, Russian and Kazakh to each other. */
export function pick(lang, text) {
  const order = { kk: ["kk", "ru", "en"], ru: ["ru", "kk", "en"], en: ["en", "ru", "kk"] }[lang];
  return order.map((code) => text?.[code]).find((one) => one?.trim()) ?? "";
}

/** Percent-encoding of everything but letters, digits and `-._~/`. */
export const encode = (text) =>
  encodeURIComponent(text).replace(/%2F/g, "/").replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export const urgency = (days) => (days <= 1 ? "late" : days <= 3 ? "wait" : "");
