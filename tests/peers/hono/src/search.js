// Searching. SEARCH_BY=fts: a full-text table beside the facts, sorted by a column, as tutorials
// teach. SEARCH_BY=index: the statements of the portal itself.

const MOST = 1000;
const MASK = 268435455;

/** What the text was read as: made beforehand, so that the peer need not stem and fold. */
const reading = (env, text) => JSON.parse(env.READINGS ?? "{}")[text];

const TABLES = {
  fts: {
    page: (lang) => `SELECT c.${lang} AS card, f.ending AS key FROM vacancy_text t
      JOIN fact f ON f.number = t.rowid JOIN card c ON c.number = f.number
      WHERE t.t MATCH ?1 AND f.closes_at > ?2 ORDER BY f.ending LIMIT ?3`,
    count: `SELECT count(*) AS n FROM vacancy_text t JOIN fact f ON f.number = t.rowid
      WHERE t.t MATCH ?1 AND f.closes_at > ?2`,
  },
  index: {
    page: (lang) => `SELECT c.${lang} AS card, by_ending.rowid AS key FROM by_ending
      CROSS JOIN fact f ON f.number = by_ending.rowid & ${MASK}
      CROSS JOIN card c ON c.number = f.number
      WHERE by_ending MATCH ?1 AND f.closes_at > ?2 ORDER BY by_ending.rowid LIMIT ?3`,
    count: `SELECT count(*) AS n FROM (SELECT 1 FROM by_ending
      CROSS JOIN fact f ON f.number = by_ending.rowid & ${MASK}
      WHERE by_ending MATCH ?1 AND f.closes_at > ?2 ORDER BY by_ending.rowid LIMIT ${MOST + 1})`,
  },
};

/** Cards of a page, how many there are, the cursor of the next page. */
export async function search(env, lang, text, size, more = []) {
  const now = Date.now();
  let statements;
  if (text === "") {
    statements = [
      env.SEARCH.prepare(
        `SELECT c.${lang} AS card, f.ending AS key FROM fact f JOIN card c ON c.number = f.number
         WHERE f.closes_at > ?1 ORDER BY f.closes_at, f.number LIMIT ?2`,
      ).bind(now, size + 1),
      env.SEARCH.prepare("SELECT n FROM tally WHERE facet = 'total'"),
    ];
  } else {
    const table = TABLES[env.SEARCH_BY ?? "fts"];
    const match = reading(env, text);
    statements = [
      env.SEARCH.prepare(table.page(lang)).bind(match, now, size + 1),
      env.SEARCH.prepare(table.count).bind(match, now),
    ];
  }
  const [page, count, ...others] = await env.SEARCH.batch([...statements, ...more]);
  const hits = page.results.slice(0, size);
  const total = count.results[0]?.n ?? 0;
  const counted = text !== "" && total > MOST;
  const next = page.results.length > size ? cursor(text, hits.at(-1).key) : null;
  const list = { total: counted ? MOST : total, total_is_more: counted, items: hits.map((hit) => JSON.parse(hit.card)), next };
  return more.length > 0 ? { list, others: others.map((one) => one.results) } : list;
}

const hex = (n, digits) => n.toString(16).padStart(digits, "0");

function cursor(text, key) {
  const address = text === "" ? "" : `q=${encodeURIComponent(text)}`;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(address)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${hex(hash, 8)}0${hex(key, 14)}${hex(0, 7)}`;
}
