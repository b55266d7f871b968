// A synthetic bank of test items in Kazakh and Russian: for scale, never for an exam. Every item is
// made from its number alone, so two runs make the same bank; its parameters (2PL) are known.
import { createHash } from "node:crypto";
import { insert } from "./seed.mjs";

const TOPICS = [
  ["pedagogy/didactics", "дидактика", "дидактики"], ["pedagogy/upbringing", "тәрбие", "воспитания"],
  ["pedagogy/assessment", "бағалау", "оценивания"], ["pedagogy/inclusion", "инклюзия", "инклюзии"],
  ["methodology/lesson", "сабақ", "урока"], ["methodology/active", "белсенді оқыту", "активного обучения"],
  ["methodology/digital", "цифрлық құрал", "цифровых средств"], ["psychology/development", "даму", "развития"],
  ["psychology/motivation", "ынта", "мотивации"], ["psychology/communication", "қарым-қатынас", "общения"],
  ["subject/mathematics", "алгебра", "алгебры"], ["subject/physics", "механика", "механики"],
  ["subject/chemistry", "химия", "химии"], ["subject/biology", "биология", "биологии"],
  ["subject/informatics", "алгоритм", "алгоритмов"], ["subject/history", "тарих", "истории"],
  ["subject/geography", "география", "географии"], ["subject/kazakh", "қазақ тілі", "казахского языка"],
];
const LEVELS = ["remember", "understand", "apply", "analyse", "evaluate", "create"];
const KK = ["ұғым", "әдіс", "қағида", "мысал", "кезең", "тәсіл", "мақсат", "нәтиже", "белгі", "себеп", "салдар", "құрал"];
const RU = ["понятие", "метод", "принцип", "пример", "этап", "приём", "цель", "результат", "признак", "причина", "следствие", "средство"];
const ADJ = [["негізгі", "основное"], ["жаңа", "новое"], ["қарапайым", "простое"], ["күрделі", "сложное"], ["жалпы", "общее"], ["жеке", "частное"], ["маңызды", "важное"]];
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Numbers of an item: a small generator (mulberry32) seeded by its number. */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const plain = (text) => [{ p: [{ t: text }] }];
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** `01kb…`: an identifier of 26 letters, in the order of the numbers. */
function ulid(n) {
  let out = "";
  for (let rest = n; out.length < 12; rest = Math.floor(rest / 32)) out = ALPHABET[rest % 32] + out;
  return `01kbankseed000${out}`;
}

/** Item `n` (from 1): the same for ever. */
export function item(n) {
  const next = chance(n * 2654435761);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const [topic, kk, ru] = pick(TOPICS);
  const [adjKk, adjRu] = pick(ADJ);
  const kind = n % 10 === 0 ? "number" : n % 10 < 3 ? "multiple" : "single";
  const places = [...KK.keys()].sort(() => next() - 0.5).slice(0, 4);
  const id = (at) => "abcd"[at];
  const body = (stem, words) => {
    // Names in the order of the model: its digest is that of the same text anywhere.
    const options = places.map((place, at) => ({ id: id(at), text: plain(`${words[place]} ${n % 97}`) }));
    if (kind === "number") return { stem: plain(stem), task: { kind } };
    return kind === "single"
      ? { stem: plain(stem), task: { kind, options, shuffle: true } }
      : { stem: plain(stem), task: { kind, options, shuffle: true, least: 1, most: 3 } };
  };
  const bodies = [
    body(`${n}-сұрақ. «${kk}» бойынша ${adjKk} ${KK[places[0]]} қайсысы?`, KK),
    body(`Вопрос ${n}. Что из раздела ${ru} — ${adjRu} ${RU[places[0]]}?`, RU),
  ];
  const right = kind === "single" ? [id(Math.floor(next() * 4))] : ["a", "c"];
  const key = kind === "number" ? { of: "number", right: [{ from: n % 50, to: (n % 50) + 1 }] } : { of: "options", right };
  const [a, b] = [0.6 + next() * 1.4, -2.5 + next() * 5];
  const [exactKk, exactRu] = bodies.map((one) => digest(JSON.stringify(one)));
  return {
    id: ulid(n), code: `SYN-${String(n).padStart(6, "0")}`, kind, topic, level: pick(LEVELS),
    // Share of right answers of people of mean ability: what the parameters say.
    facility: Math.round(1000 / (1 + Math.exp(a * b))), a, b,
    kk: JSON.stringify(bodies[0]), ru: JSON.stringify(bodies[1]), exact_kk: exactKk, exact_ru: exactRu,
    answers: JSON.stringify({ key, scoring: { points: 1, rule: "all" } }),
  };
}

/** The statements of a bank of so many items, written by an account. */
export function* bank(count, account, now) {
  const field = (name) => `value ->> '$.${name}'`;
  const fields = (...names) => Object.fromEntries(names.map((name) => [name, field(name)]));
  const said = (text) => `'${text.replaceAll("'", "''")}'`;
  const SLICE = 1000;
  for (let from = 1; from <= count; from += SLICE) {
    const items = Array.from({ length: Math.min(SLICE, count - from + 1) }, (_, at) => item(from + at));
    const numbered = items.map(({ id, code, kind, topic, level, facility }) => ({ id, code, kind, topic, level, facility }));
    // Numbers go on from those that there are, once: what is there keeps its own.
    yield* insert("item", {
      ...fields("id", "code", "kind", "topic", "level", "facility"),
      number: `(SELECT value FROM counter WHERE name = 'item') + CAST(substr(${field("code")}, 5) AS INTEGER)`,
      head: "1", state: "'active'", live: "1", source: "'synthetic'",
      created_by: said(account), created_at: said(now), changed_at: said(now),
    }, numbered, "DO NOTHING");
    yield* insert("item_version", {
      item: field("id"), version: "1", state: "'active'", ...fields("kk", "ru", "exact_kk", "exact_ru", "a", "b"),
      author: said(account), at: said(now),
    }, items.map(({ id, kk, ru, exact_kk, exact_ru, a, b }) => ({ id, kk, ru, exact_kk, exact_ru, a, b })), "(item, version) DO NOTHING");
    yield* insert("item_key", { item: field("id"), version: "1", answers: field("answers") },
      items.map(({ id, answers }) => ({ id, answers })), "(item, version) DO NOTHING");
  }
  yield "UPDATE counter SET value = (SELECT coalesce(max(number), 0) FROM item) WHERE name = 'item';";
}
