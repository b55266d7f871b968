// What every page has.
import { html, raw } from "hono/html";
import { TEXTS, daysBetween, daysLeft, dayOf, decimal, encode, salary, shortDate, urgency } from "./texts.js";

const LANGS = [["kk", "Қаз", "ақша"], ["ru", "Рус", "ский"], ["en", "Eng", "lish"]];
const LOCALES = { kk: "kk_KZ", ru: "ru_KZ", en: "en_GB" };

export const link = (lang, rest) => (rest === "" ? `/${lang}/` : `/${lang}${rest}`);

export function shorten(text, limit) {
  const plain = text.split(/\s+/).filter(Boolean).join(" ");
  const letters = [...plain];
  if (letters.length <= limit) return plain;
  const head = letters.slice(0, limit - 1).join("");
  const cut = head.lastIndexOf(" ");
  return `${(cut < 0 ? head : head.slice(0, cut)).replace(/[,;.:]+$/, "")}…`;
}

/** `page`: lang, rest, title, description, card, feed, crumbs [[rest, name]]. */
export function frame(env, page, head, main) {
  const { lang, rest } = page;
  const t = (key) => TEXTS.get(lang, key);
  const absolute = (code) => `${env.ORIGIN}${link(code, rest)}`;
  const description = shorten(page.description, 160);
  return html`<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<title>${page.title} · Mansap</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#006b8f">
<meta name="description" content="${description}">
<link rel="canonical" href="${absolute(lang)}">
${[...LANGS.map(([code]) => [code, absolute(code)]), ["x-default", absolute("kk")]].map(([code, url]) => html`<link rel="alternate" hreflang="${code}" href="${url}">`)}
<meta property="og:type" content="website">
<meta property="og:site_name" content="Mansap">
<meta property="og:title" content="${page.title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${absolute(lang)}">
<meta property="og:locale" content="${LOCALES[lang]}">
<meta property="og:image" content="${env.ORIGIN}/app/card-${lang}.png">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="${t("card.title")}. ${t("card.text")}">
${page.card ? html`<meta property="og:image" content="${page.card}">
<meta property="og:image:type" content="image/svg+xml">` : ""}
<meta name="twitter:card" content="summary_large_image">
${page.feed ? html`<link rel="alternate" type="application/atom+xml" href="${page.feed}" title="${page.title}">` : ""}
<link rel="icon" href="${env.ICON ?? "/assets/icon.svg"}" type="image/svg+xml">
<link rel="stylesheet" href="${env.STYLES ?? "/assets/mansap.css"}">
${head}
</head>
<body>
<a class="skip" href="#main">${t("skip")}</a>
<header class="header">
<div class="wrap">
<a class="brand" href="${link(lang, "")}"><svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><path d="M16 28V8M16 8H5v11h7v-5M16 8h11v11h-7v-5M6 28h20" fill="none" stroke="currentColor" stroke-width="3"/></svg>Mansap</a>
<nav class="menu" aria-label="${t("menu")}">
<a href="${link(lang, "/vacancies")}">${t("menu.vacancies")}</a>
<a href="${link(lang, "/organisations")}">${t("menu.organisations")}</a>
<a href="${link(lang, "/help")}">${t("menu.help")}</a>
<a href="${link(lang, "/enter")}">${t("menu.cabinet")}</a>
</nav>
<nav class="langs" aria-label="${t("language")}">
${LANGS.map(([code, short, more]) => html`<a href="/lang/${code}?to=${encode(link(code, rest))}" lang="${code}" hreflang="${code}" rel="nofollow"${code === lang ? raw(' aria-current="true"') : ""}>${short}<span class="vh">${more}</span></a>
`)}
</nav>
</div>
<div class="ornament"></div>
</header>
<main id="main" tabindex="-1">
<div class="wrap">
<nav class="crumbs" aria-label="${t("crumbs")}"><ol>
<li><a href="${link(lang, "")}">${t("home")}</a></li>
${page.crumbs.map(([to, name]) => html`<li>${to === "" ? html`<span aria-current="page">${name}</span>` : html`<a href="${link(lang, to)}">${name}</a>`}</li>
`)}
</ol></nav>
${main}
</div>
</main>
<footer class="footer">
<div class="wrap">
<ul>
<li><a href="${link(lang, "/help")}">${t("menu.help")}</a></li>
<li><a href="${link(lang, "/feedback")}?from=${encodeURIComponent(link(lang, rest))}">${t("footer.feedback")}</a></li>
<li><a href="${link(lang, "/help/publish")}">${t("footer.organisations")}</a></li>
<li><a href="${link(lang, "/help/open-data")}">${t("footer.data")}</a></li>
<li><a href="/feed.atom?lang=${lang}">${t("footer.feed")}</a></li>
<li><a href="${link(lang, "/sign-in")}">${t("footer.sign_in")}</a></li>
</ul>
<p>${t("footer.about")}</p>
</div>
</footer>
</body>
</html>
`;
}

/** A vacancy in a list. `names`: names of help and relief by code. */
export function card(lang, one, now, names) {
  const days = daysBetween(dayOf(now), one.accept_to);
  const over = Date.parse(one.closes_at) <= now;
  const pay = salary(lang, one.salary_from, one.salary_to);
  const rate = one.rate === 100 || one.rate === 0 ? "" : TEXTS.fill(lang, "card.rate", { n: decimal(lang, one.rate) });
  const extras = one.extras.map((code) => names?.get(code)).filter(Boolean).slice(0, 2);
  return html`<li class="card">
<h3><a href="${link(lang, `/vacancies/${one.slug}`)}">${one.title}</a></h3>
<p>${one.organisation}</p>
<p class="soft">${one.place}</p>
<p class="meta">${pay ? html`<span class="pay">${pay}</span> ` : ""}${rate ? html`<span class="soft">${rate}</span> ` : ""}<span class="tag ${over ? "mute" : urgency(days)}">${daysLeft(lang, over ? -1 : days)} · ${shortDate(lang, one.accept_to)}</span>${extras.map((name) => html` <span class="tag mute">${name}</span>`)}</p>
</li>
`;
}
