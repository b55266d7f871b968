// Which pages there are: found by following links from the home page, so that a new page is
// tested the day it is linked. Addresses are without the language: "" is the home page.

export const LANGS = ["kk", "ru", "en"];
/** Pages that nobody links to, but everybody can reach. */
const ALSO = ["/sign-in", "/no-such-page", "/vacancies?q=zzzzzz", "/vacancies?q=%D0%BC%D0%B0%D1%82%D0%B5%D0%BC%D0%B0%D1%82%D0%B8%D0%BA%D0%B0"];
/** Pages of one kind that are looked at: one template, different data. */
const PER_KIND = 2;

/** Same-origin pages reachable from /kk/, at most some of each kind. */
export async function pages(site, most = 40) {
  const kinds = new Map();
  const queue = [""];
  const seen = new Set(queue);
  const found = [];
  while (queue.length > 0 && found.length < most) {
    const page = queue.shift();
    const answer = await site.ask(`/kk${page || "/"}`);
    const html = await answer.text();
    if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) continue;
    found.push(page);
    for (const [, href] of html.matchAll(/<a\b[^>]*?\bhref="([^"]+)"/g)) {
      const url = new URL(href.replaceAll("&amp;", "&"), `${site.address}/kk${page || "/"}`);
      if (url.origin !== site.address || !url.pathname.startsWith("/kk/")) continue;
      const path = (url.pathname.slice(3) + url.search).replace(/^\/$/, "");
      if (seen.has(path)) continue;
      const [, first = "", second = ""] = url.pathname.slice(3).split("/");
      const kind = `${first}/${second ? "*" : ""}?${[...url.searchParams.keys()].slice(0, 1)}`;
      const have = kinds.get(kind) ?? 0;
      if (have >= PER_KIND) continue;
      kinds.set(kind, have + 1);
      seen.add(path);
      queue.push(path);
    }
  }
  return [...new Set([...found, ...ALSO])];
}
