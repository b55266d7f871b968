// The list of vacancies with its facets.
import { html } from "hono/html";
import { card, frame, link } from "./frame.js";
import { search } from "./search.js";
import { ALERTS, SEARCH, TEXTS, dayOf, decimal } from "./texts.js";

const FACETS = ["region", "group", "position", "subject", "language", "type", "term", "extra", "rate", "closing"];
const DIRECTORIES = {
  region: "kato", group: "position_group", position: "position", subject: "subject",
  language: "language_of_instruction", type: "organisation_type", extra: "extra",
};
const DAY = 86_400_000;

const COUNTS = (lang) => `SELECT t.facet, t.code, t.n, coalesce(nullif(n.${lang}, ''), n.ru, '') AS name
  FROM tally t LEFT JOIN name n ON n.code = t.code AND n.facet = CASE t.facet
    ${Object.entries(DIRECTORIES).map(([facet, directory]) => `WHEN '${facet}' THEN '${directory}'`).join(" ")} END
  WHERE t.n > 0 AND t.code <> '' AND t.facet IN (${FACETS.map((name) => `'${name}'`).join(", ")})`;
const CLOSING = `SELECT count(*) AS n FROM
  (SELECT 1 FROM fact WHERE closes_at > ?1 AND closes_at < ?2 LIMIT 1001)`;

function valueName(lang, facet, code) {
  if (facet === "rate") return SEARCH.fill(lang, "rate", { n: decimal(lang, Number(code)) });
  return SEARCH.find(lang, `${facet}.${code}`) ?? code;
}

/** The end of a local day so many days from now. */
const endOfDay = (now, days) => Date.parse(`${dayOf(now + days * DAY)}T00:00:00+05:00`) + DAY;

export async function listPage(env, lang) {
  const now = Date.now();
  const closing = (days) => env.SEARCH.prepare(CLOSING).bind(now, endOfDay(now, days));
  const { list, others } = await search(env, lang, "", 20, [env.SEARCH.prepare(COUNTS(lang)), closing(3), closing(7)]);
  const [counts, within3, within7] = others;
  const rows = counts.map((row) => ({ ...row, name: row.name || valueName(lang, row.facet, row.code) }));
  for (const [days, found] of [["3", within3], ["7", within7]]) {
    if (found[0].n > 0) rows.push({ facet: "closing", code: days, n: found[0].n, name: valueName(lang, "closing", days) });
  }
  const t = (key) => TEXTS.get(lang, key);
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const facets = FACETS.map((name) => {
    const values = rows.filter((row) => row.facet === name);
    if (name !== "closing") values.sort((a, b) => b.n - a.n || compare(a.name, b.name));
    return { name, values: values.slice(0, 30) };
  }).filter((facet) => facet.values.length > 1);
  const extras = new Map(rows.filter((row) => row.facet === "extra").map((row) => [row.code, row.name]));
  const base = link(lang, "/vacancies");
  const sorts = ["ending", "newest", "salary"];
  const page = {
    lang, rest: "/vacancies", title: t("list.title"), description: t("list.description"),
    feed: `/feed.atom?lang=${lang}`, crumbs: [["", t("list.title")]],
  };
  return frame(env, page, "", html`<h1>${page.title}</h1>
<form class="search no-print" role="search" id="f" action="${base}">
<label class="vh" for="q">${t("search.label")}</label>
<input id="q" name="q" type="search" maxlength="200" value="" placeholder="${t("search.hint")}">
<button class="button">${t("search.button")}</button>
</form>
<div class="cols">
<div>
<div class="bar">
<h2 class="count">${TEXTS.count(lang, "found", list.total)}</h2>
<ul class="sorts" aria-label="${t("list.sort")}">
${sorts.map((sort, place) => html`<li>${place === 0 ? html`<span aria-current="true">${SEARCH.get(lang, `sort.${sort}`)}</span>` : html`<a href="${base}?sort=${sort}" rel="nofollow">${SEARCH.get(lang, `sort.${sort}`)}</a>`}</li>
`)}
</ul>
<p class="to-filters"><a href="#filters">${t("list.filters")}</a></p>
</div>
<ul class="cards">
${list.items.map((one) => card(lang, one, now, extras))}
</ul>
${list.next ? html`<nav class="buttons" aria-label="${t("list.pages")}"><a class="button second" href="${base}?cursor=${list.next}&amp;back=0" rel="next">${t("list.next")}</a></nav>` : ""}
<section class="notice">
<h2>${ALERTS.get(lang, "offer.title")}</h2>
<p>${ALERTS.get(lang, "offer.text")}</p>
<p><a class="button second" href="${link(lang, "/alerts/new")}" rel="nofollow">${ALERTS.get(lang, "offer.button")}</a></p>
</section>
</div>
<section class="side facets no-print" id="filters" aria-labelledby="filters-title">
<h2 id="filters-title">${t("list.filters")}</h2>
${facets.map((facet) => html`<details>
<summary>${SEARCH.get(lang, `facet.${facet.name}`)}</summary>
<ul class="checks">
${facet.values.map((value) => html`<li><label><input type="${facet.name === "closing" ? "radio" : "checkbox"}" form="f" name="${facet.name}" value="${value.code}"><span>${value.name}</span><span class="num">${value.n}</span></label></li>
`)}
</ul>
</details>
`)}
<details>
<summary>${SEARCH.get(lang, "facet.salary")}</summary>
<p class="field"><label for="salary">${t("facet.salary.from")}</label><input id="salary" form="f" name="salary" inputmode="numeric" maxlength="12" value=""></p>
</details>
<details>
<summary>${SEARCH.get(lang, "facet.near")}</summary>
<p class="field"><label for="place">${t("facet.near.from")}</label><input id="place" form="f" name="place" maxlength="60" autocomplete="off" placeholder="${t("facet.near.hint")}" value=""></p>
</details>
<button class="button" form="f">${t("list.apply")}</button>
<p class="links small"><a href="${page.feed}">${t("list.feed")}</a></p>
</section>
</div>
`);
}
