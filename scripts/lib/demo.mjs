// The one place that knows how demo accounts sign in. They exist on developers' machines only.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";

export const PASSWORD = "Mansap-demo-2026";
export const TOTP_BASE32 = "MANSAPDEMOMANSAPDEMOMANSAPDEMO22";
/** The key of an operator's scripts, bound to the account below. */
export const API_KEY = "mansap-dev-key";
export const API_KEY_LOGIN = "region.jetisu";

export function region(root) {
  return JSON.parse(fs.readFileSync(path.join(root, "schemas/demo/region.json"), "utf8"));
}

export function base32(text) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of text) bits += letters.indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** The code of the second factor at a moment (RFC 6238: SHA-1, 30 seconds, 6 digits). */
export function totp(secret = TOTP_BASE32, at = Date.now()) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = crypto.createHmac("sha1", base32(secret)).update(step).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Argon2id as the application stores it. */
export function hashPassword(password) {
  const salt = crypto.randomBytes(16);
  const options = { message: password, nonce: salt, parallelism: 1, tagLength: 32, memory: 19 * 1024, passes: 2 };
  const hash = crypto.argon2Sync("argon2id", options);
  const text = (bytes) => bytes.toString("base64").replaceAll("=", "");
  return `$argon2id$v=19$m=19456,t=2,p=1$${text(salt)}$${text(hash)}`;
}

/** A second-factor secret under the deployment's key, bound to its account. */
export function seal(key, account, secret = TOTP_BASE32) {
  const nonce = crypto.randomBytes(12);
  const cipher = crypto.createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(account), { plaintextLength: 20 });
  const sealed = Buffer.concat([cipher.update(base32(secret)), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString("base64url");
}

export const digest = (text) => crypto.createHash("sha256").update(text).digest("hex");

/** The local secrets: made once, kept out of git. Returns the file and the key. */
export function secrets(local) {
  const file = path.join(local, "dev.vars");
  if (!fs.existsSync(file)) {
    fs.mkdirSync(local, { recursive: true });
    fs.writeFileSync(file, `TOTP_KEY=${crypto.randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  }
  const key = /^TOTP_KEY=(.+)$/m.exec(fs.readFileSync(file, "utf8"))[1];
  return { file, key: Buffer.from(key, "base64") };
}
