// The page of a vacancy.
import { html, raw } from "hono/html";
import edition from "../../../../schemas/rules/teachers-competition/2023-08-15.json";
import { card, frame, link, shorten } from "./frame.js";
import { TEXTS, date, dateTime, dayOf, daysBetween, daysLeft, decimal, encode, localTime, pick, salary, shortDate, urgency } from "./texts.js";

const VACANCY = `SELECT v.*, o.slug AS o_slug, o.kato AS o_kato, o.type AS o_type, o.name_kk, o.name_ru, o.name_en,
  o.address_kk, o.address_ru, o.phone AS o_phone, o.lat, o.lon
  FROM vacancy v JOIN organisation o ON o.id = v.organisation WHERE v.slug = ?1`;
const EVENTS = `SELECT j.at, j.action, j.after FROM vacancy v JOIN journal j ON j.object_type = 'vacancy' AND j.object_id = v.id
  WHERE v.slug = ?1 ORDER BY j.seq LIMIT 200`;
const NAMES = `SELECT d.directory, d.code, d.kk, d.ru, d.en, d.attrs ->> 'teacher' AS teacher
  FROM vacancy v JOIN organisation o ON o.id = v.organisation JOIN directory_item d
    ON (d.directory = 'position' AND d.code = v.position)
    OR (d.directory = 'subject' AND d.code = v.subject)
    OR (d.directory = 'schedule' AND d.code = v.content ->> 'schedule')
    OR (d.directory = 'category' AND d.code = v.content ->> 'category')
    OR (d.directory = 'organisation_type' AND d.code = o.type)
    OR (d.directory = 'language_of_instruction' AND d.code = v.content ->> 'language')
    OR (d.directory = 'document_type' AND d.code IN (SELECT value FROM json_each(v.content, '$.documents')))
    OR (d.directory = 'extra' AND d.code IN (SELECT value FROM json_each(v.content, '$.extras')))
  WHERE v.slug = ?1 ORDER BY d.edition`;
const PLACES = `SELECT 'kato' AS directory, k.code, k.kk, k.ru, k.en FROM vacancy v JOIN organisation o ON o.id = v.organisation
  JOIN kato k ON k.code IN (substr(o.kato, 1, 2) || '0000000', substr(o.kato, 1, 4) || '00000') WHERE v.slug = ?1`;
const ALIKE = (lang) => `SELECT c.${lang} AS card FROM by_ending
  CROSS JOIN fact f ON f.number = by_ending.rowid & 268435455 CROSS JOIN card c ON c.number = f.number
  WHERE by_ending MATCH ?1 AND f.closes_at > ?2 AND f.number <> ?3 ORDER BY by_ending.rowid LIMIT 3`;

/** How much of a full post it is. */
function fullRate(lang, rate) {
  if (!rate) return "";
  return rate === 100 ? TEXTS.get(lang, "fact.full_rate") : TEXTS.fill(lang, "card.rate", { n: decimal(lang, rate) });
}

async function alike(env, lang, row, region, now) {
  const own = row.subject ? `"fj${row.subject}"` : `"fp${row.position}"`;
  const ask = async (match) => {
    const { results } = await env.SEARCH.prepare(ALIKE(lang)).bind(match, now, row.number).all();
    return results.map((one) => JSON.parse(one.card));
  };
  const cards = [];
  const post = `"fp${row.position}"`;
  for (const match of [`(${own} AND "fr${region}")`, own, `(${post} AND "fr${region}")`]) {
    for (const one of await ask(match)) {
      if (!cards.some((have) => have.number === one.number)) cards.push(one);
    }
    if (cards.length >= 3) break;
  }
  return cards.slice(0, 3);
}

function posting(env, lang, v) {
  const texts = ["duties", "requirements", "conditions", "bonuses"].map((name) => pick(lang, v.content[name]).trim()).filter(Boolean);
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>");
  const body = {
    "@context": "https://schema.org/", "@type": "JobPosting", title: v.title,
    description: texts.map((text) => `<p>${escaped(text)}</p>`).join(""),
    identifier: { "@type": "PropertyValue", name: "Mansap", value: String(v.row.number) },
    url: v.url, datePosted: dayOf(v.row.published_at), validThrough: localTime(v.row.closes_at),
    employmentType: [v.content.rate < 100 ? "PART_TIME" : "FULL_TIME", ...(v.content.term === "temporary" ? ["TEMPORARY"] : [])],
    hiringOrganization: { "@type": "Organization", name: v.organisation, sameAs: `${env.ORIGIN}${link(lang, `/organisations/${v.row.o_slug}`)}` },
    jobLocation: {
      "@type": "Place",
      address: { "@type": "PostalAddress", streetAddress: v.address, addressLocality: v.district, addressRegion: v.region, addressCountry: "KZ" },
      geo: { "@type": "GeoCoordinates", latitude: v.row.lat, longitude: v.row.lon },
    },
    directApply: true, totalJobOpenings: Math.max(1, v.content.openings),
  };
  const { salary_from: from, salary_to: to } = v.content;
  if (from != null || to != null) {
    const value = { "@type": "QuantitativeValue", unitText: "MONTH" };
    if (from != null && from !== to) value.minValue = from;
    if (to != null && from !== to) value.maxValue = to;
    if (from === to) value.value = from;
    body.baseSalary = { "@type": "MonetaryAmount", currency: "KZT", value };
  }
  if (v.content.experience > 0) {
    body.experienceRequirements = { "@type": "OccupationalExperienceRequirements", monthsOfExperience: v.content.experience * 12 };
  }
  return JSON.stringify(body).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
}

function facts(lang, v) {
  const t = (key) => TEXTS.get(lang, key);
  const { content } = v;
  const load = [fullRate(lang, content.rate), content.hours ? TEXTS.count(lang, "hours", content.hours) : ""];
  return [
    ["vacancy.pay", salary(lang, content.salary_from, content.salary_to)],
    ["fact.load", load.filter(Boolean).join(" · ")],
    ["fact.schedule", v.name("schedule", content.schedule)],
    ["fact.term", t(content.term === "permanent" ? "fact.permanent" : "fact.temporary")],
    ["fact.subject", content.subject ? v.name("subject", content.subject) : ""],
    ["fact.language", v.name("language_of_instruction", content.language)],
    ["fact.experience", content.experience ? TEXTS.count(lang, "years", content.experience) : t("fact.no_experience")],
    ["fact.extras", content.extras.map((code) => v.name("extra", code)).join(", ")],
    ["fact.openings", content.openings > 1 ? String(content.openings) : ""],
    ["fact.published", date(lang, dayOf(v.row.published_at))],
    ["fact.number", `№ ${v.row.number}`],
  ].filter(([, value]) => value).map(([key, value]) => [t(key), value]);
}

const phone = (text) => `+7 ${text.slice(2, 5)} ${text.slice(5, 8)} ${text.slice(8, 10)} ${text.slice(10, 12)}`;

export async function vacancyPage(env, lang, slug) {
  const now = Date.now();
  const [found, events, named, places] = await env.DB.batch([VACANCY, EVENTS, NAMES, PLACES].map((sql) => env.DB.prepare(sql).bind(slug)));
  const row = found.results[0];
  if (!row || row.state !== "published") return undefined;
  const names = new Map([...named.results, ...places.results].map((one) => [`${one.directory} ${one.code}`, one]));
  const name = (directory, code) => pick(lang, names.get(`${directory} ${code}`));
  const content = JSON.parse(row.content);
  const regionCode = `${row.o_kato.slice(0, 2)}0000000`;
  const [region, district] = [name("kato", regionCode), name("kato", `${row.o_kato.slice(0, 4)}00000`)];
  const place = (lang === "kk" ? [region, district] : [district, region]).join(", ");
  const teacher = JSON.parse(names.get(`subject ${row.subject}`)?.teacher ?? "{}")[lang];
  const title = teacher || (row.subject ? `${name("position", row.position)}: ${name("subject", row.subject)}` : name("position", row.position));
  const organisation = pick(lang, { kk: row.name_kk, ru: row.name_ru, en: row.name_en });
  const address = pick(lang, { kk: row.address_kk, ru: row.address_ru });
  const url = `${env.ORIGIN}${link(lang, `/vacancies/${slug}`)}`;
  const v = { row, content, name, title, organisation, address, region, district, url };
  const similar = await alike(env, lang, row, regionCode, now);

  const t = (key) => TEXTS.get(lang, key);
  const money = salary(lang, content.salary_from, content.salary_to);
  const term = t(content.term === "permanent" ? "fact.permanent" : "fact.temporary");
  const rate = content.rate === 100 || content.rate === 0 ? "" : TEXTS.fill(lang, "card.rate", { n: decimal(lang, content.rate) });
  const brief = [money, rate, term].filter(Boolean);
  const sections = ["duties", "requirements", "conditions", "bonuses"]
    .map((key) => [t(`vacancy.${key}`), pick(lang, content[key])]).filter(([, text]) => text);
  const foreign = lang === "en" && sections.length > 0;
  const days = daysBetween(dayOf(now), row.accept_to);
  const start = Date.parse(row.published_at);
  const whole = Math.max(1, Date.parse(row.closes_at) - start);
  const percent = Math.max(1, Math.floor((Math.min(whole, Math.max(0, now - start)) * 98) / whole));
  const left = daysLeft(lang, days);
  const history = [
    { at: row.published_at, action: "publish" },
    ...events.results.filter((event) => Date.parse(event.at) > start && event.action !== "vacancy.publish"),
  ].reverse();
  const dial = content.contact_phone || row.o_phone;
  const [mailbox, host] = content.contact_email.split("@");
  const page = {
    lang, rest: `/vacancies/${slug}`, title: `${title} — ${shorten(organisation, 60)}`,
    description: `${title}. ${organisation}, ${place}.${money ? ` ${t("vacancy.pay")}: ${money}.` : ""} ${TEXTS.fill(lang, "vacancy.until", { date: date(lang, row.accept_to) })}.`,
    card: `${url}/card.svg`,
    crumbs: [["/vacancies", t("menu.vacancies")], [`/vacancies/region/${regionCode}`, region]],
  };
  const own = link(lang, `/organisations/${row.o_slug}`);
  const head = html`<script type="application/ld+json">${raw(posting(env, lang, v))}</script>`;
  const main = html`<div class="cols">
<div>
<h1>${title}</h1>
<p><a href="${own}">${organisation}</a><br><span class="soft">${place}</span></p>
${brief.length > 0 ? html`<p class="brief">${brief.map((part) => html`<span>${part}</span>`)}</p>` : ""}
<div class="deadline ${urgency(days)}">
<p><strong>${left.charAt(0).toUpperCase() + left.slice(1)}</strong></p>
<p>${TEXTS.fill(lang, "deadline.until", { moment: dateTime(lang, row.closes_at) })}</p>
<svg aria-hidden="true" focusable="false"><line class="rail" x1="3" x2="99%" y1="6" y2="6"/><line class="gone" x1="3" x2="${percent}%" y1="6" y2="6"/><circle class="here" cx="${percent}%" cy="6" r="5"/></svg>
<p class="ends"><span>${shortDate(lang, row.accept_from)}</span><span>${shortDate(lang, row.accept_to)}</span></p>
<p class="small soft">${TEXTS.fill(lang, "deadline.now", { moment: dateTime(lang, now) })}</p>
</div>
${foreign ? html`<div class="notice no-print"><p>${t("vacancy.foreign")}</p></div>` : ""}
<p class="buttons no-print"><a class="button" href="/${lang}/enter?next=/app/my/apply/${row.number}">${t("vacancy.apply.online")}</a> <a class="button quiet" href="#apply">${t("vacancy.apply.go")}</a></p>
${sections.map(([heading, text]) => html`<section>
<h2>${heading}</h2>
<p class="prose text"${foreign ? raw(' lang="ru"') : ""}>${text}</p>
</section>
`)}
<section>
<h2>${t("vacancy.documents")}</h2>
<ul class="ticks prose">
${content.documents.map((code) => html`<li>${name("document_type", code)}</li>
`)}
</ul>
</section>
<section id="apply">
<h2>${t("vacancy.apply")}</h2>
<p class="prose">${t("vacancy.apply.text")} <a class="no-print" href="${link(lang, "/help/apply")}">${t("vacancy.apply.more")}</a></p>
<dl class="facts">
${address ? html`<div><dt>${t("vacancy.address")}</dt><dd>${address}</dd></div>` : ""}
${content.contact_name ? html`<div><dt>${t("vacancy.contact")}</dt><dd>${content.contact_name}</dd></div>` : ""}
${dial ? html`<div><dt>${t("vacancy.phone")}</dt><dd><a class="num" href="tel:${dial}">${phone(dial)}</a></dd></div>` : ""}
${host ? html`<div><dt>${t("vacancy.email")}</dt><dd>${mailbox}<span>&#64;</span>${host}</dd></div>` : ""}
</dl>
</section>
</div>
<div class="side">
<section class="panel">
<h2>${t("vacancy.facts")}</h2>
<dl class="facts">
${facts(lang, v).map(([what, value]) => html`<div><dt>${what}</dt><dd>${value}</dd></div>
`)}
</dl>
</section>
<section class="panel no-print">
<h2>${t("vacancy.organisation")}</h2>
<p><strong>${organisation}</strong></p>
<p class="small">${name("organisation_type", row.o_type)}<br>${address}</p>
<p><a href="${own}">${t("vacancy.organisation.more")}</a></p>
</section>
<section class="panel no-print">
<h2>${t("vacancy.keep")}</h2>
<ul class="links">
<li><a href="${link(lang, `/vacancies/${slug}/deadline.ics`)}" download>${t("vacancy.calendar")}</a></li>
<li><a href="https://wa.me/?text=${encode(`${title} — ${organisation}\n${url}`)}" rel="noopener nofollow">${t("vacancy.share.whatsapp")}</a></li>
<li><a href="https://t.me/share/url?url=${encode(url)}&amp;text=${encode(title)}" rel="noopener nofollow">${t("vacancy.share.telegram")}</a></li>
</ul>
<p class="small soft">${t("vacancy.share.copy")}</p>
<p><span class="copy">${url}</span></p>
</section>
</div>
</div>
${similar.length > 0 ? html`<section class="no-print">
<h2>${t("vacancy.similar")}</h2>
<ul class="cards three">
${similar.map((one) => card(lang, one, now))}
</ul>
</section>` : ""}
<section class="no-print">
<h2>${t("vacancy.history")}</h2>
<ol class="timeline">
${history.map((event) => html`<li><span class="soft small">${dateTime(lang, event.at)}</span><br>${TEXTS.get(lang, `event.${event.action.replace("vacancy.", "")}`)}</li>
`)}
</ol>
<p class="small soft">${TEXTS.fill(lang, "vacancy.rules", { title: pick(lang, edition.title), date: date(lang, edition.in_force_from ?? edition.in_force?.from) })} <a href="https://adilet.zan.kz/${{ kk: "kaz", ru: "rus", en: "eng" }[lang]}/docs/${edition.act.code}" rel="noopener">${TEXTS.fill(lang, "vacancy.act", { number: edition.act.number, date: date(lang, edition.act.date) })}</a></p>
</section>
<div class="qr" aria-hidden="true"><svg viewBox="0 0 ${env.QR_SIDE} ${env.QR_SIDE}"><path d="${env.QR ?? ""}"/></svg><p>${t("vacancy.qr")}<br>${url}</p></div>
`;
  return { id: row.id, day: dayOf(now), html: await frame(env, page, head, main) };
}
