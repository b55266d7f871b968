// C: load, batches, the daily letter.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { send } from "../../scripts/lib/trust-digest.mjs";
import { startGateway } from "../gateway/gateway.mjs";
import { rho, tables } from "./lib/storage.mjs";
import { at, hex, plusDays, root, today, trust } from "./lib/trust.mjs";

// Calm up to ten of each in ten minutes.
const site = trust("load", { work: "2 2 10 10" });

test("C2 a flood of wrong receipts makes asking dearer, and an honest one is served all the same", async () => {
  await site.report("honest", "text");
  const price = async () => (await site.frame("poll", { who: "honest" })).bits;
  const calm = await price();
  for (let number = 0; number < 90; number += 1) assert.equal((await site.ask("poll", { who: `wrong ${number}` })).status, "Silence");
  const busy = await price();
  assert.equal(calm, 2);
  assert.equal(busy, 6, "90 where 10 are calm: four bits more");
  const { status, news } = await site.ask("poll", { who: "honest" });
  assert.deepEqual([status, news.count], ["Done", 0]);
});

test("C4 the daily letter is the same whether nothing came or fifty reports", async () => {
  const start = plusDays(today(), 1);
  for (let day = 0; day < 30; day += 1) {
    const date = plusDays(start, day);
    const reports = [0, 0, 3, 0, 12][day % 5] * (day < 10 ? 1 : 0);
    for (let number = 0; number < reports; number += 1) await site.report(`day ${day} ${number}`, "text");
    for (const hour of [0, 9, 10, 10, 11, 23]) await site.tick(at(date, hour));
  }
  await site.server.stop();
  const { digest, person } = tables(site.databases());
  const officers = person.rows.filter(({ role }) => role === 0).length;
  assert.equal(officers, 6);
  const days = Map.groupBy(digest.rows, ({ day }) => day);
  for (let day = 0; day < 30; day += 1) {
    const rows = days.get(plusDays(start, day));
    assert.equal(rows?.length, officers, `day ${day}`);
    for (const row of rows) assert.deepEqual(Object.keys(row), ["day", "officer"], "and nothing to tell days apart");
  }
  // The letters themselves: as many, of the same words, on a day of nothing and on one of twelve reports.
  const { gateway, address, close } = await startGateway();
  const people = [...new Set(digest.rows.map(({ officer }) => hex(officer)))];
  const addresses = Object.fromEntries(people.map((sign, at) => [sign, `officer${at}@example.kz`]));
  const setting = { addresses, url: `${address}/mail`, key: "key", from: "Mansap <help@example.kz>" };
  for (let day = 0; day < 30; day += 1) {
    const list = days.get(plusDays(start, day)).map(({ officer }) => hex(officer));
    for (const again of [1, 2]) assert.deepEqual(await send({ ...setting, day: plusDays(start, day), list }), { sent: officers, missing: [] }, `run ${again}`);
  }
  assert.equal(gateway.sent.length, 30 * officers, "run again, nothing is sent twice");
  assert.equal(new Set(gateway.sent.map(({ subject, text, html, headers }) => JSON.stringify([subject, text, html, headers]))).size, 1);
  // And by the command, out of the worker's own database.
  const day = plusDays(start, 29);
  const file = path.join(site.state, "officers.json");
  fs.writeFileSync(file, JSON.stringify(addresses));
  const env = { ...process.env, MAIL_URL: setting.url, MAIL_KEY: "key", MAIL_FROM: setting.from };
  const run = (...words) => new Promise((resolve) => execFile("scripts/trust-digest", [file, "--persist-to", path.join(site.state, "trust"), ...words], { cwd: root, env }, (error, out, said) => resolve([error?.code ?? 0, out + said])));
  assert.deepEqual(await run("--day", day), [0, `${day}: ${officers} letters\n`]);
  assert.equal(gateway.sent.length, 30 * officers);
  const [code, said] = await run("--day", "2020-01-01");
  assert.ok(code === 1 && said.includes("no digest"), said);
  await close();
  await site.restart();
});

test("C4 no daily letter before its hour", async () => {
  const day = plusDays(today(), 50);
  const count = async () => {
    await site.server.stop();
    const rows = tables(site.databases()).digest.rows.filter((row) => row.day === day).length;
    await site.restart();
    return rows;
  };
  await site.tick(at(day, 9));
  assert.equal(await count(), 0);
  await site.tick(at(day, 10));
  assert.equal(await count(), 6);
});

test("C5 reports are let out together, in an order that is not that of arrival", async () => {
  const arrived = [];
  for (let number = 0; number < 120; number += 1) arrived.push((await site.report(`batch ${number}`, "text")).id);
  const list = async () => {
    const ids = [];
    for (let page = 0; ; page += 1) {
      const { heads } = await site.ask("list", { person: 1, day: today(), page });
      ids.push(...heads.heads.map(({ id }) => id));
      if (!heads.more) return ids.filter((id) => arrived.includes(id));
    }
  };
  assert.deepEqual(await list(), [], "none before the hour");
  await site.tick(at(today(), 8));
  assert.deepEqual(await list(), [], "none at another hour");
  await site.tick(at(today(), 15));
  const released = await list();
  assert.equal(released.length, 120, "all at once");
  // Chance alone is beyond 0.4 once in 70,000.
  assert.ok(Math.abs(rho(arrived, released)) < 0.4);
  assert.ok(hex(Buffer.from("")) === "");
});
