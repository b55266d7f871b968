// What somebody finds who has all files of the worker's storage.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { DatabaseSync } from "node:sqlite";
import zlib from "node:zlib";

/** The rows of every table, out of a copy of the files. */
export function tables(databases) {
  const out = {};
  for (const file of databases) {
    const db = new DatabaseSync(file, { readOnly: true });
    for (const { name, sql } of db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()) {
      if (/^(_cf_|sqlite_|d1_|__miniflare_)/.test(name)) continue;
      out[name] = { sql, rows: db.prepare(`SELECT * FROM "${name}"`).all() };
    }
    db.close();
  }
  return out;
}

/** All bytes of all files, and of what is compressed in them. */
export function everything(files, lines = []) {
  const parts = files.map((file) => fs.readFileSync(file));
  parts.push(Buffer.from(lines.join("\n")));
  for (const part of [...parts]) {
    for (let at = part.indexOf("\x1f\x8b\x08", 0, "latin1"); at >= 0; at = part.indexOf("\x1f\x8b\x08", at + 1, "latin1")) {
      try {
        parts.push(zlib.gunzipSync(part.subarray(at)));
      } catch {
        // Three bytes by chance.
      }
    }
  }
  return parts;
}

function encodings(bytes) {
  const out = [bytes];
  for (const text of [bytes.toString("hex"), bytes.toString("hex").toUpperCase()]) out.push(Buffer.from(text));
  // Base64 depends on where the text begins in its three bytes; the edges are cut off.
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes, Buffer.alloc(3)]).toString("base64");
    const inner = text.slice(shift ? 4 : 0, text.length - 8);
    out.push(Buffer.from(inner), Buffer.from(inner.replaceAll("+", "-").replaceAll("/", "_")));
  }
  return out.filter((one) => one.length >= 8);
}

/** Every form in which a text could lie in the files. */
export function forms(text) {
  const utf16 = Buffer.from(text, "utf16le");
  const json = Buffer.from(JSON.stringify(text).slice(1, -1).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
  const url = Buffer.from(encodeURIComponent(text));
  return [Buffer.from(text), utf16, Buffer.from(utf16).swap16(), json, url].flatMap(encodings);
}

/** Hashes of a text, raw and written out. */
export function hashes(text) {
  return ["sha256", "sha1", "md5", "sha512", "sha3-256", "blake2b512"].flatMap((name) => encodings(createHash(name).update(text).digest()));
}

/** Which of some byte strings are found. */
export function found(haystacks, needles) {
  return needles.filter((needle) => haystacks.some((part) => part.includes(needle)));
}

/** Spearman's rank correlation of two orders of the same things. */
export function rho(first, second) {
  const place = new Map(second.map((one, at) => [one, at]));
  const n = first.length;
  const sum = first.reduce((all, one, at) => all + (at - place.get(one)) ** 2, 0);
  return 1 - (6 * sum) / (n * (n * n - 1));
}
