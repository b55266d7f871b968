// C: how the worker behaves, on real workerd.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KIND, at, hex, plusDays, today, trust, unhex } from "./lib/trust.mjs";

const site = trust("protocol");

/** The headers of an answer but those that every moment has anew. */
const fixed = (answer) => [...answer.headers].filter(([name]) => name !== "date").sort();

test("a report goes to its officers, the answer comes back, the case is closed", async () => {
  const who = "whole way";
  const photo = { name: "хаттама.jpg", media: "image/jpeg", bytes: hex(Buffer.alloc(90_000, 7)) };
  const sealed = await site.report(who, "Конкурс «шешілді» алдын ала", { name: "Әлия, +7 700", excluded: [3], files: [photo] });
  const day = today();
  const listed = async (person) => {
    const all = [];
    for (let page = 0; ; page += 1) {
      const { status, heads } = await site.ask("list", { person, day, page });
      assert.equal(status, "Done");
      all.push(...heads.heads);
      if (!heads.more) return all.find((one) => one.id === sealed.id);
    }
  };
  assert.equal(await listed(2), undefined, "nothing shows before its batch");
  assert.equal((await site.ask("fetch", { person: 2, id: sealed.id })).status, "Unknown");
  await site.tick(at(day, 9));
  assert.equal((await listed(2)).mine, true);
  assert.equal((await listed(3)).mine, false, "excluded");
  assert.equal((await listed(6)).mine, false, "of another channel");

  const fetched = await site.ask("fetch", { person: 2, id: sealed.id });
  const envelope = fetched.payload;
  assert.equal(envelope, sealed.envelope);
  const opened = await site.scribe("open", { person: 2, envelope, custodian: 7 });
  assert.equal(opened.text, "Конкурс «шешілді» алдын ала");
  assert.equal(opened.name, "Әлия, +7 700");
  const chunks = [];
  for (const id of opened.files[0]) chunks.push((await site.ask("fetch_chunk", { id })).payload);
  assert.deepEqual(await site.scribe("read_file", { person: 2, envelope, file: 0, chunks }), photo);

  const { letter } = await site.scribe("write_letter", { person: 2, mailbox: opened.mailbox, letters: opened.letters, seq: 1, text: "Қабылданды" });
  const put = { case: opened.case, mailbox: opened.mailbox, letter };
  assert.equal((await site.ask("letter", put)).status, "Done");
  assert.equal((await site.ask("letter", put)).status, "Done", "again is once");
  assert.equal((await site.ask("step", { case: opened.case, step: "confirmed" })).status, "Done");
  let { news } = await site.ask("poll", { who });
  assert.deepEqual([news.count, news.released, news.confirmed, news.closed], [1, true, true, false]);
  assert.deepEqual(await site.scribe("read_letter", { who, letter: news.letter }), { text: "Қабылданды", seq: 1 });
  // G: nobody deletes letters of others, whatever they know of them.
  const before = await site.report("somebody else", "text");
  assert.ok(before.id);
  assert.equal((await site.ask("poll", { who: "somebody else", drop: news.id })).status, "Done");
  assert.equal((await site.ask("poll", { person: 2, drop: news.id })).status, "Done");
  assert.equal((await site.ask("poll", { who })).news.count, 1);
  ({ news } = await site.ask("poll", { who, drop: news.id }));
  assert.equal(news.count, 0, "a letter that was read is gone");

  const more = await site.scribe("report", { who, text: "тағы", follow: true });
  assert.equal((await site.ask("submit", { who, envelope: more.envelope })).status, "Done");
  assert.equal((await site.ask("keep", { ids: opened.files[0] })).status, "Done");
  assert.equal((await site.ask("step", { case: opened.case, step: "closed" })).status, "Done");
  assert.equal((await site.ask("poll", { who })).news.closed, true);
});

test("who has no right is refused", async () => {
  const sealed = await site.report("rights", "text");
  const opened = await site.scribe("open", { person: 1, envelope: sealed.envelope });
  const stranger = { who: "stranger" };
  assert.equal((await site.ask("list", { ...stranger, day: today() })).status, "Refused");
  assert.equal((await site.ask("fetch", { ...stranger, id: sealed.id })).status, "Refused");
  const { letter } = await site.scribe("write_letter", { person: 1, mailbox: opened.mailbox, letters: opened.letters, text: "x" });
  const other = (await site.scribe("open", { person: 1, envelope: (await site.report("rights 2", "text")).envelope })).case;
  assert.equal((await site.ask("letter", { mailbox: opened.mailbox, letter, case: other })).status, "Refused");
  assert.equal((await site.ask("letter", { mailbox: opened.mailbox, letter, person: 1 })).status, "Refused", "an officer without the case");
  assert.equal((await site.ask("step", { case: hex(Buffer.alloc(32, 5)), step: "closed" })).status, "Refused");
  // Somebody else's mailbox: the signature is not theirs.
  const made = await site.frame("poll", { who: "rights" });
  const bytes = unhex(made.frame);
  bytes[80] ^= 1;
  assert.notEqual((await site.send({ ...made, frame: hex(bytes) })).status, "Done");
  // Officers write to each other, and nobody else to them.
  const { mailbox } = await site.scribe("mailbox", { person: 7 });
  assert.equal((await site.ask("letter", { mailbox, letter, person: 1 })).status, "Done");
  assert.equal((await site.ask("letter", { mailbox, letter: letter.replace(/..$/, "00"), ...stranger })).status, "Refused");
  assert.equal((await site.ask("poll", { person: 7 })).news.count, 1);
});

test("B4 only the root publishes a directory, and never an older one", async () => {
  assert.equal((await site.ask("publish", { version: 40, thief: true })).status, "Refused");
  assert.equal((await site.ask("publish", { version: 11 })).status, "Refused");
  assert.equal((await site.ask("publish", { version: 12 })).status, "Done", "the same again");
  assert.equal((await site.ask("list", { person: 6, day: today() })).status, "Done");
  assert.equal((await site.ask("publish", { version: 13, without: 6 })).status, "Done");
  assert.equal((await site.ask("list", { person: 6, day: today() })).status, "Refused", "who has left reads nothing more");
  const { file } = await site.scribe("signed_directory", { version: 13, without: 6 });
  let got = "";
  for (let page = 0; got.length < file.length; page += 1) {
    const { payload } = await site.ask("directory", { page });
    assert.equal(Number.parseInt(payload.slice(0, 8), 16), file.length / 2);
    got += payload.slice(8);
  }
  assert.equal(got, file);
});

test("C1 a receipt without news, an unknown one and a purged one get answers alike", async () => {
  await site.report("known", "text");
  const purged = await site.report("purged", "text");
  assert.ok(purged.id);
  const answers = [];
  for (const who of ["known", "never seen"]) {
    const { status, answer } = await site.ask("poll", { who });
    assert.equal(status, who === "known" ? "Done" : "Silence");
    answers.push(answer);
  }
  // Past every retention all of them are gone.
  await site.tick(at(plusDays(today(), 366 * 6), 4));
  for (const who of ["known", "purged"]) {
    const { status, answer } = await site.ask("poll", { who });
    assert.equal(status, "Silence");
    answers.push(answer);
  }
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(answer.bytes.length, 8192);
    assert.deepEqual(fixed(answer), fixed(answers[0]));
  }
});

test("C1 whatever is wrong with a request, its answer looks like the others", async () => {
  const good = await site.ask("poll", { who: "nobody at all" });
  const noise = (size) => hex(Buffer.alloc(size, 0xa5));
  const made = await site.frame("poll", { who: "a" });
  const idle = await site.frame("poll", { who: "a", idle: true });
  for (const frame of ["", "00", noise(79), noise(1024), noise(8192), noise(70_000), noise(1_100_000), made.frame.slice(2), `${made.frame}00`, idle.frame]) {
    const answer = await site.post(unhex(frame));
    assert.equal(answer.status, 200, `${frame.length / 2} bytes`);
    assert.equal(answer.bytes.length, 8192, `${frame.length / 2} bytes`);
    assert.deepEqual(fixed(answer), fixed(good.answer), `${frame.length / 2} bytes`);
  }
  for (const [method, where] of [["GET", "/t"], ["PUT", "/t"], ["POST", "/"], ["POST", "/t/"], ["GET", "/healthz"], ["OPTIONS", "/t"]]) {
    const answer = await fetch(site.address + where, { method, body: method === "GET" ? undefined : "x" });
    assert.equal(answer.status, 404, `${method} ${where}`);
    assert.equal(await answer.text(), "");
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  }
});

test("B2 B3 an envelope that was changed, cut, lengthened or belongs to somebody else is refused, and nothing of it is kept", async () => {
  const { envelope } = await site.scribe("report", { who: "changed", text: "text" });
  const usual = await site.ask("poll", { who: "nobody at all" });
  const refused = async (what, made) => {
    const { status, answer } = await site.send(made);
    assert.notEqual(status, "Done", what);
    assert.deepEqual([answer.status, answer.bytes.length], [200, 8192], what);
    assert.deepEqual(fixed(answer), fixed(usual.answer), what);
  };
  // On the way: a byte of the head, of the signature's part, of the first and the last of the envelope.
  const size = unhex((await site.frame("submit", { who: "changed", envelope })).frame).length;
  for (const place of [41, 80, 120, 200, 248, 300, 2_000, size - 1]) {
    const made = await site.frame("submit", { who: "changed", envelope });
    const bytes = unhex(made.frame);
    bytes[place] ^= 1;
    await refused(`byte ${place}`, { ...made, frame: hex(bytes) });
  }
  const cut = await site.frame("submit", { who: "changed", envelope });
  for (const frame of [cut.frame.slice(0, -2), `${cut.frame}00`, cut.frame.slice(0, 2_000), cut.frame + cut.frame]) await refused("another length", { ...cut, frame });
  // By a reporter who means harm, with work and signature of their own: no size but those of the buckets.
  for (const bytes of [envelope.slice(0, -2), `${envelope}00`, envelope.slice(0, 2_000), "00".repeat(13_560), envelope + envelope]) {
    await refused("an envelope that is none", await site.frame("submit", { who: "changed", envelope: bytes }));
  }
  await refused("somebody else's", await site.frame("submit", { who: "thief of it", envelope }));
  for (const who of ["changed", "thief of it"]) assert.equal((await site.ask("poll", { who })).status, "Silence", who);
  // The report itself still arrives, and is told from one of another channel by keys alone.
  assert.equal((await site.ask("submit", { who: "changed", envelope })).status, "Done");
  const foreign = await site.scribe("report", { who: "foreign", text: "text", channel: "astana" });
  assert.equal((await site.ask("submit", { who: "foreign", envelope: foreign.envelope })).status, "Done");
  assert.equal((await site.scribe("open", { person: 1, envelope: foreign.envelope })).opened, false);
  assert.equal((await site.scribe("open", { person: 4, envelope: foreign.envelope })).opened, false, "an officer of both, looking for one of their first");
  assert.equal((await site.scribe("open", { person: 4, envelope: foreign.envelope, channel: "astana" })).opened, true);
});

test("C3 a request is good once, for its own body, in its own time", async () => {
  const sealed = await site.scribe("report", { who: "once", text: "text" });
  const made = await site.frame("submit", { who: "once", envelope: sealed.envelope });
  assert.equal((await site.send(made)).status, "Done");
  assert.equal((await site.send(made)).status, "Stale", "the same request again");
  assert.equal((await site.ask("submit", { who: "once", envelope: sealed.envelope })).status, "Done", "the same report again is the same report");
  await site.tick(at(today(), 9));
  const heads = (await site.ask("list", { person: 1, day: today() })).heads.heads;
  assert.equal(heads.filter((one) => one.id === sealed.id).length, 1);

  const poll = await site.frame("poll", { who: "once" });
  assert.equal((await site.send(poll)).status, "Done");
  assert.equal((await site.send(poll)).status, "Stale", "a poll again");
  assert.equal((await site.ask("poll", { who: "once", idle: true })).status, "Work");
  assert.equal((await site.ask("poll", { who: "once", challenge: hex(Buffer.alloc(32)) })).status, "Stale", "a challenge of one's own");
  // Work that was done for another body.
  const other = await site.frame("poll", { who: "other" });
  let taken = 0;
  for (let round = 0; round < 12; round += 1) {
    const [mine, theirs] = [unhex((await site.frame("poll", { who: "once" })).frame), unhex(other.frame)];
    theirs.copy(mine, 72, 72, 80);
    taken += (await site.send({ ...other, reply: hex(mine.subarray(8, 40)), frame: hex(mine) })).status === "Done";
  }
  assert.ok(taken < 12, "two bits are met by chance now and then, not always");
});

test("C3 challenges end with the object that made them", async () => {
  const made = await site.frame("poll", { who: "once" });
  await site.kill();
  await site.restart();
  assert.equal((await site.send(made)).status, "Stale");
  assert.equal((await site.ask("poll", { who: "once" })).status, "Done", "what was acknowledged is there");
});

test("C7 a hundred at once: none is lost, none is doubled", async () => {
  const many = Array.from({ length: 100 }, (_, number) => `crowd ${number}`);
  const sealed = await Promise.all(many.map((who) => site.scribe("report", { who, text: who })));
  const frames = [];
  for (const [number, who] of many.entries()) frames.push(await site.frame("submit", { who, envelope: sealed[number].envelope }));
  const done = await Promise.all(frames.map((made) => site.send(made)));
  assert.deepEqual([...new Set(done.map(({ status }) => status))], ["Done"]);
  await site.tick(at(today(), 15));
  const ids = new Set();
  for (let page = 0; ; page += 1) {
    const { heads } = await site.ask("list", { person: 1, day: today(), page });
    heads.heads.forEach((one) => ids.add(one.id));
    if (!heads.more) break;
  }
  assert.deepEqual(sealed.filter((one) => !ids.has(one.id)), []);
});

test("C7 the worker dies between chunks: the rest is sent and the file is whole", async () => {
  const file = { name: "a.pdf", media: "application/pdf", bytes: hex(Buffer.alloc(200_000, 3)) };
  const sealed = await site.scribe("report", { who: "cut", text: "text", files: [file] });
  const [first, second, ...rest] = sealed.chunks;
  assert.equal((await site.ask("chunk", first)).status, "Done");
  const made = await site.frame("chunk", second);
  const lost = site.send(made).catch(() => ({ status: "lost" }));
  await site.kill();
  await lost;
  await site.restart();
  // The page does not know whether the second arrived: it sends it again.
  for (const chunk of [second, ...rest]) assert.equal((await site.ask("chunk", chunk)).status, "Done");
  assert.equal((await site.ask("chunk", { ...first, sealed: second.sealed })).status, "Refused", "another chunk under a number that is taken");
  assert.equal((await site.ask("submit", { who: "cut", envelope: sealed.envelope })).status, "Done");
  const opened = await site.scribe("open", { person: 1, envelope: sealed.envelope });
  const chunks = [];
  for (const id of opened.files[0]) chunks.push((await site.ask("fetch_chunk", { id })).payload);
  assert.deepEqual(await site.scribe("read_file", { person: 1, envelope: sealed.envelope, file: 0, chunks }), file);
  assert.equal((await site.ask("fetch_chunk", { id: "00".repeat(16) })).status, "Unknown");
  assert.ok(KIND.chunk);
});

test("B5 who can read comes back with the receipt, and only its holder can say otherwise", async () => {
  const sealed = await site.scribe("report", { who: "left out", text: "text", excluded: [3] });
  const readers = [1, 2, 4, 5];
  assert.equal((await site.ask("submit", { who: "left out", envelope: sealed.envelope, readers })).status, "Done");
  const found = async () => (await site.scribe("read_note", { who: "left out", note: (await site.ask("poll", { who: "left out" })).news.note })).readers;
  assert.deepEqual(await found(), readers);
  // An officer who opened the report holds its bytes and the key of its case, not the reporter's key.
  assert.equal((await site.ask("submit", { who: "somebody", envelope: sealed.envelope })).status, "Refused");
  assert.deepEqual(await found(), readers);
  const more = await site.scribe("report", { who: "left out", text: "more", excluded: [3, 4], follow: true });
  assert.equal((await site.ask("submit", { who: "left out", envelope: more.envelope, readers: [1, 2, 5] })).status, "Done");
  assert.deepEqual(await found(), [1, 2, 5]);
  assert.equal((await site.ask("poll", { person: 1 })).news.note, null, "officers have none");
});
