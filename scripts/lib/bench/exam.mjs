// Many tests at once on the worker of tests: what a confirmation takes, what the runtime holds, and
// whether everything that was confirmed is scored, also when lines are cut and the runtime is killed.
// The pages speak the protocol of the real one (tests/lib/crowd.mjs): a line, posts where there is none.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { Candidate, chance, crowded } from "../../../tests/lib/candidate.mjs";
import { stageCrowd, verdict } from "../../../tests/lib/crowd.mjs";
import { copies, home } from "./data.mjs";
import { cpu, median, quantile, rss } from "./load.mjs";
import { database, killAll, tests, workerds } from "./servers.mjs";

const root = process.env.MANSAP_ROOT;
/** Tasks of a form, as the rules have it for most posts. */
const TASKS = 50;
/** A person answers so often; on the way to the next task the page says what it shows. */
const EVERY_MS = 5000;
/** Every tenth sits where no line can be opened. */
const POSTS = 10;
/** Seats of a room, and how often its proctor's page looks. */
const ROOM = 200;
const LOOK_MS = 4000;
/** Pages that come in at the same time. */
const COMING = 24;
/** So long may the last results take. */
const PATIENCE_MS = 15 * 60_000;

const whole = (n) => n.toFixed(0);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** So many sit at once; with everything that goes wrong, so many. */
const PEOPLE = 5000;
const TROUBLED = 2000;
/** Files that the runtime holds open for an attempt: its database, and the line. */
const FILES = 4;
/** And for everything else: other databases, posts, rooms. */
const OTHERS = 2000;

/**
 * Processes that the attempts are shared out over: as many as it takes, because a process may hold no
 * more files open than its machine allows. The platform shares objects out over machines.
 */
function shards(people) {
  const limit = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(fs.readFileSync("/proc/self/limits", "utf8"))?.[1] ?? Infinity);
  const most = Math.floor((limit - OTHERS) / FILES);
  if (most < ROOM) throw new Error(`a process may hold ${limit} files open here, too few for a room of ${ROOM}: raise it (ulimit -n)`);
  const many = Math.ceil(people / most);
  if (many > 1) console.error(`  a process may hold ${limit} files open here (ulimit -n), enough for ${most} attempts: ${many} processes`);
  return many;
}

/** In words, for the row. */
const parted = ({ many }) => (many > 1 ? `, on ${many} processes of the runtime and one database` : "");

/** The worker of tests, or several of them on one database; a room is whole on one of them. */
async function cluster(state, many) {
  const base = many > 1 ? await database({ state }) : undefined;
  const workers = [];
  for (let n = 0; n < many; n++) {
    workers.push(await tests(base ? { state: path.join(state, `shard-${n}`), base: base.address } : { state }));
  }
  return {
    of: (room) => workers[room % many],
    sum: (measure) => workerds().reduce((all, pid) => all + measure(pid), 0),
    stop: () => Promise.all([...workers, ...(base ? [base] : [])].map((one) => one.stop())),
    many,
  };
}

/** Candidates on workers of their own. */
async function sitting(name, { people, minutes }) {
  const many = shards(people);
  const [template, state] = [path.join(home, "exam-template"), path.join(copies, name)];
  execFileSync("scripts/lib/state", [template], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  fs.rmSync(state, { recursive: true, force: true });
  fs.cpSync(template, state, { recursive: true });
  const crowd = stageCrowd(state, { people, tasks: TASKS, minutes, room: ROOM });
  const server = await cluster(state, many);
  const candidates = crowd.people.map((who, n) => new Candidate(server.of(Math.floor(n / ROOM)), who, { tasks: TASKS, posts: n % POSTS === POSTS - 1 }));
  const close = async () => {
    for (const one of candidates) one.leave();
    await server.stop();
    fs.rmSync(state, { recursive: true, force: true });
  };
  return { state, crowd, server, candidates, close };
}

/** Files that a process holds open. */
const files = (pid) => fs.readdirSync(`/proc/${pid}/fd`).length;

/** All come in: how many a second could, and milliseconds of processor that each cost. */
async function come({ server, candidates }) {
  const [from, before] = [performance.now(), server.sum(cpu)];
  await crowded(candidates, COMING, (one) => one.begin());
  const done = { coming: (candidates.length * 1000) / (performance.now() - from), cost: ((server.sum(cpu) - before) * 1000) / candidates.length };
  console.error(`  ${candidates.length} came in, ${whole(done.coming)} a second, ${done.cost.toFixed(1)} ms of processor each; workerd ${whole(server.sum(rss))} MB, at most ${Math.max(...workerds().map(files))} files open in a process`);
  return done;
}

/** Each answers from now on until it is over for it, or `stop` is called. */
function answering(candidates) {
  const going = { on: true, stop: () => { going.on = false; } };
  candidates.forEach((one, n) => {
    const next = chance(n + 1);
    let slot = 0;
    const turn = () => {
      if (!going.on || one.ended) return;
      one.answer(slot, "abcd"[Math.floor(next() * 4)]);
      slot = (slot + 1) % TASKS;
      setTimeout(() => going.on && !one.ended && one.show(slot), EVERY_MS * 0.3 * next());
      setTimeout(turn, EVERY_MS * (0.75 + next() / 2));
    };
    setTimeout(turn, EVERY_MS * next());
  });
  return going;
}

/** One proctor a room looks at it, each in a moment of its own. */
function watching({ server, crowd }) {
  const going = { on: true, stop: () => { going.on = false; } };
  crowd.sessions.forEach(async (session, n) => {
    await pause((LOOK_MS * n) / crowd.sessions.length);
    while (going.on) {
      const answer = await fetch(`${server.of(n).address}/s/${session}/live`, { headers: { authorization: `Bearer ${crowd.proctor}` } }).catch(() => undefined);
      await answer?.body?.cancel();
      await pause(LOOK_MS);
    }
  });
  return going;
}

/** Processor and memory of the runtime while something goes on. */
function measuring(server) {
  const [from, before] = [performance.now(), server.sum(cpu)];
  const seen = { most: 0 };
  const timer = setInterval(() => {
    try {
      seen.most = Math.max(seen.most, server.sum(rss));
    } catch {
      // It is being killed just now.
    }
  }, 1000);
  return () => {
    clearInterval(timer);
    seen.most = Math.max(seen.most, server.sum(rss));
    seen.seconds = (performance.now() - from) / 1000;
    seen.cpu = (server.sum(cpu) - before) / seen.seconds;
    return seen;
  };
}

/** What is left to come does come. */
async function settled(candidates) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`${candidates.filter((one) => !one.report).length} have no result`)), PATIENCE_MS).unref());
  await Promise.race([Promise.all(candidates.map((one) => one.settle())), late]);
}

async function judged({ state, server, candidates }) {
  await server.stop();
  const { wrong, counts } = verdict(state, candidates);
  if (wrong.length > 0) throw new Error(`${wrong.length} wrong: ${wrong.slice(0, 5).join("; ")}`);
  return counts;
}

const of = (ms) => `p50 **${whole(quantile(ms, 0.5))} ms**, p95 **${whole(quantile(ms, 0.95))} ms**`;

/** `--count N` asks for another number of attempts. */
export async function load({ quick, count }) {
  const people = count ?? (quick ? 200 : PEOPLE);
  const seconds = quick ? 20 : 60;
  const site = await sitting("exam", { people, minutes: 80 });
  const { server, candidates } = site;
  try {
    const { coming, cost } = await come(site);
    const [going, rooms] = [answering(candidates), watching(site)];
    await pause(EVERY_MS);
    for (const one of candidates) one.times.length = 0;
    const measured = measuring(server);
    await pause(seconds * 1000);
    const { most, cpu: busy } = measured();
    const online = candidates.filter((one) => one.online).length;
    const times = candidates.filter((one) => !one.posts).flatMap((one) => one.times);
    const posted = candidates.filter((one) => one.posts).flatMap((one) => one.times);
    going.stop();
    rooms.stop();
    console.error(`  ${times.length} answers over the line: p50 ${whole(quantile(times, 0.5))} ms, p95 ${whole(quantile(times, 0.95))} ms; now they hand in`);
    const from = performance.now();
    for (const one of candidates) {
      setTimeout(() => one.finish(), 0);
      if (one.who.n % 50 === 49) await pause(200);
    }
    await settled(candidates);
    const results = (performance.now() - from) / 1000;
    const counts = await judged(site);
    return [{
      what: `${people} tests at once, each answering every ${EVERY_MS / 1000} s for ${seconds} s (every ${POSTS}th by post, ${site.crowd.sessions.length} rooms watched${parted(server)}): from an answer to its confirmation`,
      value: `${of(times)}, slowest 1 % ${whole(quantile(times, 0.99))} ms over the line; by post every 3 s p50 ${whole(quantile(posted, 0.5))} ms; ${whole((times.length + posted.length) / seconds)} answers a second; workerd ${busy.toFixed(2)} of a processor, at most ${whole(most)} MB`,
      bar: "none lost",
    }, {
      what: `the same: coming in, and results after all have handed in within ${whole(people / 250)} s`,
      value: `${whole(coming)} a second (${cost.toFixed(1)} ms of processor each); all results after ${whole(results)} s; ${online} lines stood; **${counts.confirmed} of ${counts.confirmed} confirmed answers scored**, ${counts.attempts} attempts ended and counted once each, ${counts.events} rows of logs chained`,
      bar: "none lost, each once",
    }];
  } finally {
    await site.close();
  }
}

/** The same with every fifth line cut every minute and the runtime killed twice, until the time is over. */
export async function faults({ quick, count }) {
  const people = count ?? (quick ? 200 : TROUBLED);
  // The time is long enough for the last to come in and for more than a minute of faults after it.
  const minutes = quick ? 2 : Math.ceil(people / 25 / 60) + 1;
  const site = await sitting("exam-faults", { people, minutes });
  const { server, candidates } = site;
  const next = chance(20);
  let cuts = 0;
  try {
    await come(site);
    const first = Math.min(...candidates.map((one) => one.deadline));
    const left = first - Date.now();
    console.error(`  the first has ${whole(left / 1000)} s left`);
    if (left < 60_000) throw new Error("they came in too slowly for the length of the test");
    const [going, rooms] = [answering(candidates), watching(site)];
    // A fifth of all lines a minute, half of them in the moment in which something is on its way.
    const cutting = setInterval(() => {
      for (const one of candidates) {
        if (next() >= 0.2 / 60 || one.ended || !(one.online || one.posts)) continue;
        cuts++;
        if (next() < 0.5) one.show(Math.floor(next() * TASKS));
        one.cut();
      }
    }, 1000);
    const from = performance.now();
    const back = [];
    for (const part of [0.35, 0.7]) {
      await pause(Math.max(0, left * part - (performance.now() - from)));
      const down = performance.now();
      await killAll();
      console.error(`  killed, there again after ${whole(performance.now() - down)} ms`);
      while (candidates.some((one) => !one.posts && !one.ended && !one.online)) {
        const gone = candidates.filter((one) => !one.posts && !one.ended && !one.online).length;
        if (gone <= people / 100) break;
        await pause(100);
      }
      back.push((performance.now() - down) / 1000);
      console.error(`  99 of 100 lines stand after ${back.at(-1).toFixed(0)} s`);
    }
    const last = Math.max(...candidates.map((one) => one.deadline));
    await pause(Math.max(0, last - Date.now()));
    going.stop();
    clearInterval(cutting);
    rooms.stop();
    console.error(`  the time is over; ${candidates.reduce((sum, one) => sum + one.unsent, 0)} events are not confirmed yet`);
    const over = performance.now();
    await settled(candidates);
    const results = (performance.now() - over) / 1000;
    const counts = await judged(site);
    const times = candidates.flatMap((one) => one.times);
    return [{
      what: `${people} tests at once, a fifth of all lines cut every minute (${cuts}), the runtime killed twice, ${minutes} minutes${parted(server)}: from an answer to its confirmation`,
      value: `${of(times)}, slowest 1 % ${(quantile(times, 0.99) / 1000).toFixed(1)} s; 99 of 100 lines stood ${back.map((one) => one.toFixed(0)).join(" and ")} s after a kill; all results ${whole(results)} s after the last deadline (30 s of them are grace)`,
      bar: "none lost",
    }, {
      what: "the same: what was scored after the deadline",
      value: `**${counts.confirmed} of ${counts.confirmed} confirmed answers**, ${counts.attempts} attempts ended (${Object.entries(counts.ended).map(([kind, n]) => `${n} ${kind}`).join(", ")}) and counted exactly once, ${counts.events} rows of logs chained, ${counts.after} answers came after the end and were kept without counting`,
      bar: "none lost, each once",
    }];
  } finally {
    await site.close();
  }
}

/** How a room of two hundred is told to its proctor. */
export async function room({ quick, count }) {
  const people = count ?? ROOM;
  const site = await sitting("exam-room", { people, minutes: 80 });
  const { server, candidates, crowd } = site;
  try {
    await come(site);
    const ask = async (etag) => {
      const from = performance.now();
      const answer = await fetch(`${server.of(0).address}/s/${crowd.sessions[0]}/live`, { headers: { authorization: `Bearer ${crowd.proctor}`, ...(etag ? { "if-none-match": etag } : {}) } });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, ms: performance.now() - from, bytes, etag: answer.headers.get("etag") };
    };
    await ask();
    const [changed, same] = [[], []];
    const before = server.sum(cpu);
    const rounds = quick ? 10 : 60;
    for (let n = 0; n < rounds; n++) {
      const one = candidates[n % people];
      one.answer(n % TASKS, "c");
      while (one.unsent > 0) await pause(5);
      changed.push(await ask());
      same.push(await ask(changed.at(-1).etag));
    }
    const busy = ((server.sum(cpu) - before) * 1000) / (2 * rounds);
    const seats = JSON.parse(changed.at(-1).bytes).seats;
    const answered = seats.reduce((sum, { live }) => sum + (live?.answered ?? 0), 0);
    if (seats.length !== Math.min(people, ROOM) || answered === 0) throw new Error(`${seats.length} seats, ${answered} answers`);
    const small = brotliCompressSync(changed.at(-1).bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;
    const again = same.filter(({ status }) => status === 304).length;
    return [{
      what: `the room of ${seats.length} candidates with live states: one request`,
      value: `**${whole(median(changed.map(({ ms }) => ms)))} ms**, ${(changed.at(-1).bytes.length / 1024).toFixed(1)} KB, ${(small / 1024).toFixed(1)} KB brotli 5; unchanged ${whole(median(same.map(({ ms }) => ms)))} ms without a body (${again} of ${rounds}); ${busy.toFixed(1)} ms of processor a request, all objects`,
      bar: "one request",
    }];
  } finally {
    await site.close();
  }
}
