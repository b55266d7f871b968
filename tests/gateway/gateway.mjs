// A stand-in for the gateways outside: speaks the wire formats of Mobizon, SMSC, Kazinfoteh, a mail
// API (that of Resend) and a push service, keeps what was sent, and misbehaves as it is told.
//
//   node tests/gateway/gateway.mjs [--port 8790]
//
// What it is told (JSON):
//   PUT  /control/behaviour   {"gateway": "smsc", "mode": "refuse", "code": 3, "times": 2, "every": 3}
//        ok | refuse (with code) | fail (500, nothing taken) | lie (taken, answers 500) |
//        hang (nothing taken, no answer) | lose (taken, no answer) | garbage (taken, no JSON) |
//        forget (says taken, keeps nothing) | double (takes it twice) | delay (ms)
//        times = how often, then ok; every = only each n-th request
//   PUT  /control/balance     {"gateway": "smsc", "balance": 12.5}
//   PUT  /control/delivery    {"gateway": "smsc", "state": "delivered" | "failed" | "pending" | "blocked"}
//   POST /control/browser     a browser that can be pushed to: {endpoint, keys}
//   GET  /control/sent        ?to=&gateway=   what it took, oldest first
//   GET  /control/counts      {total, keys, most}: messages, different keys, most messages of one key
//   DELETE /control/sent      forgets everything, behaves well again
//   GET  /mailbox, /mailbox.json   newest first; the portal shows the page at /dev/mailbox
import crypto from "node:crypto";
import http from "node:http";

const b64 = (bytes) => Buffer.from(bytes).toString("base64url");

/** A browser's side of web push: makes keys, opens what is sent to it (RFC 8291). */
class Browser {
  constructor() {
    this.ecdh = crypto.createECDH("prime256v1");
    this.public = this.ecdh.generateKeys();
    this.auth = crypto.randomBytes(16);
  }

  open(body) {
    const [salt, length] = [body.subarray(0, 16), body[20]];
    const theirs = body.subarray(21, 21 + length);
    const shared = this.ecdh.computeSecret(theirs);
    const hkdf = (ikm, salted, info, size) => Buffer.from(crypto.hkdfSync("sha256", ikm, salted, info, size));
    const ikm = hkdf(shared, this.auth, Buffer.concat([Buffer.from("WebPush: info\0"), this.public, theirs]), 32);
    const key = hkdf(ikm, salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = hkdf(ikm, salt, "Content-Encoding: nonce\0", 12);
    const sealed = body.subarray(21 + length);
    const cipher = crypto.createDecipheriv("aes-128-gcm", key, nonce);
    cipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    return JSON.parse(text.subarray(0, text.lastIndexOf(2)).toString());
  }
}

/** Whether a header `vapid t=…, k=…` is signed by the key it names, for this push service. */
function signed(header, origin) {
  const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(header ?? "") ?? [];
  if (!token) return false;
  const [head, claims, signature] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const jwk = { kty: "EC", crv: "P-256", x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) };
  const good = crypto.verify("sha256", Buffer.from(`${head}.${claims}`), { key: crypto.createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  return good && JSON.parse(Buffer.from(claims, "base64url")).aud === origin;
}

const escape = (text) => String(text ?? "").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
/** Addresses in a text become links, so that a confirmation is one tap away. */
const linked = (text) => escape(text).replace(/https?:\/\/[^\s<]+[^\s<.,)]/g, (url) => `<a href="${url}">${url}</a>`);

function page(messages) {
  const shown = messages.map((one) => `<article><p class="head"><b>${escape(one.channel)}</b> ${escape(one.to)} <span>${escape(one.gateway)}, <time>${one.at.slice(11, 19)}</time></span></p>${one.subject ? `<h2>${escape(one.subject)}</h2>` : ""}<pre>${linked(one.text)}</pre></article>`);
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>Mailbox</title><link rel="icon" href="data:,"><style>
body{margin:0 auto;max-width:44rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;background:#f3f6f7;color:#16242b}
article{background:#fff;border-radius:8px;padding:1rem 1.25rem;margin:0 0 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:.25rem 0}
.head{margin:0;color:#4a5a63}.head span{float:right}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:.5rem 0 0}a{color:#006b8f}
</style></head><body><h1>Mailbox</h1><p>Messages that the stand-in of the gateways took, newest first.</p>${shown.join("\n") || "<p>Nothing yet.</p>"}</body></html>`;
}

export class Gateway {
  constructor() {
    this.browsers = new Map();
    this.reset();
  }

  reset() {
    this.sent = [];
    this.behaviour = {};
    this.balance = {};
    this.delivery = {};
    this.requests = {};
    this.byKey = new Map();
    // A hundred thousand messages are asked about one by one.
    this.byProvider = new Map();
  }

  /** What the next request of a gateway meets. */
  mood(gateway) {
    this.requests[gateway] = (this.requests[gateway] ?? 0) + 1;
    const rule = this.behaviour[gateway];
    if (!rule) return { mode: "ok" };
    if (rule.every && this.requests[gateway] % rule.every !== 0) return { mode: "ok" };
    if (rule.times !== undefined && rule.times-- <= 0) return { mode: "ok" };
    return rule;
  }

  keep(message) {
    const kept = { n: this.sent.length + 1, at: new Date().toISOString(), ...message };
    this.sent.push(kept);
    if (kept.provider) this.byProvider.set(kept.provider, kept);
    return kept;
  }

  /** As if it had never come. */
  forget() {
    this.byProvider.delete(this.sent.pop()?.provider);
  }

  /**
   * A request that sends. `take` keeps the message and gives the answer; `refuse` gives the
   * gateway's way to say no.
   */
  async sends(gateway, answer, take, refuse) {
    const mood = this.mood(gateway);
    switch (mood.mode) {
      case "refuse": return answer(...refuse(mood.code));
      case "fail": return answer(500, "text/plain", "Internal Server Error");
      case "lie": take(); return answer(500, "text/plain", "Internal Server Error");
      case "hang": return undefined;
      case "lose": take(); return undefined;
      case "garbage": take(); return answer(200, "text/html", "<html>under maintenance</html>");
      case "forget": { const [status, type, body] = take(); this.forget(); return answer(status, type, body); }
      case "double": take(); break;
      case "delay": await new Promise((resolve) => setTimeout(resolve, mood.ms ?? 500)); break;
      default:
    }
    return answer(...take());
  }

  state(gateway, words) {
    return words[this.delivery[gateway] ?? "delivered"];
  }

  async handle(request, body, answer) {
    const url = new URL(request.url, "http://gateway");
    const [, area, ...rest] = url.pathname.split("/");
    const json = (value, status = 200) => answer(status, "application/json", JSON.stringify(value));
    if (area === "control") return this.control(request, rest[0], url, body.length ? JSON.parse(body) : {}, json);
    if (url.pathname === "/mailbox.json") {
      const limit = Math.min(Number(url.searchParams.get("limit") ?? 100), 500);
      return json(this.sent.slice(-limit).reverse());
    }
    if (url.pathname === "/mailbox") return answer(200, "text/html; charset=utf-8", page(this.sent.slice(-200).reverse()));
    const fields = new URLSearchParams(request.method === "GET" ? url.searchParams : body.toString());
    if (area === "mobizon") return this.mobizon(rest.join("/"), fields, answer, json);
    if (area === "smsc") return this.smsc(rest.at(-1), fields, answer, json);
    if (area === "kazinfoteh") return this.kazinfoteh(fields, answer);
    if (area === "mail") return this.mail(request, rest, body, answer, json);
    if (area === "push") return this.push(request, rest[0], body, answer);
    return answer(404, "text/plain", "");
  }

  control(request, what, url, value, json) {
    if (what === "behaviour") this.behaviour[value.gateway] = value;
    else if (what === "balance") this.balance[value.gateway] = value.balance;
    else if (what === "delivery") this.delivery[value.gateway] = value.state;
    else if (what === "browser") {
      const browser = new Browser();
      const id = b64(crypto.randomBytes(12));
      this.browsers.set(id, browser);
      return json({ endpoint: `http://${request.headers.host}/push/${id}`, keys: { p256dh: b64(browser.public), auth: b64(browser.auth) } });
    } else if (what === "sent" && request.method === "DELETE") this.reset();
    else if (what === "sent") {
      const wanted = ["to", "gateway", "key"].filter((name) => url.searchParams.has(name));
      return json(this.sent.filter((one) => wanted.every((name) => one[name] === url.searchParams.get(name))));
    } else if (what === "counts") {
      const keys = new Map();
      for (const { key } of this.sent) keys.set(key, (keys.get(key) ?? 0) + 1);
      return json({ total: this.sent.length, keys: keys.size, most: Math.max(0, ...keys.values()), requests: this.requests });
    } else return json({}, 404);
    return json({});
  }

  mobizon(method, fields, answer, json) {
    if (method === "service/user/getOwnBalance") return json({ code: 0, data: { balance: String(this.balance.mobizon ?? 90000), currency: "KZT" }, message: "" });
    if (method === "service/message/getSMSStatus") {
      const status = this.state("mobizon", { delivered: "DELIVRD", failed: "UNDELIV", pending: "ACCEPTD", blocked: "REJECTD" });
      const data = (fields.get("ids") ?? "").split(",").filter((id) => this.byProvider.get(id)?.gateway === "mobizon").map((id) => ({ id, status, segNum: 1 }));
      return json({ code: 0, data, message: "" });
    }
    if (method === "service/message/list") {
      const mood = this.behaviour["mobizon-list"];
      if (mood?.mode === "fail") return answer(500, "text/plain", "");
      const items = this.sent.filter((one) => one.gateway === "mobizon" && one.to === fields.get("criteria[to]")).reverse()
        .map((one) => ({ id: one.provider, from: "", to: one.to, text: one.text, status: "ACCEPTD" }));
      return json({ code: 0, data: { items, totalItemCount: String(items.length) }, message: "" });
    }
    if (method !== "service/message/sendSmsMessage") return json({ code: 6, data: "", message: "Unknown method" });
    const take = () => {
      const { n } = this.keep({ gateway: "mobizon", channel: "sms", to: fields.get("recipient"), text: fields.get("text"), key: fields.get("params[name]"), provider: String(7000 + this.sent.length) });
      return [200, "application/json", JSON.stringify({ code: 0, data: { campaignId: String(n), messageId: String(6999 + n), status: 2 }, message: "" })];
    };
    const refuse = (code = 1) => [200, "application/json", JSON.stringify({ code, data: { recipient: "" }, message: code === 15 ? "Недостаточно средств на балансе" : "error" })];
    return this.sends("mobizon", answer, take, refuse);
  }

  smsc(script, fields, answer, json) {
    if (script === "balance.php") return json({ balance: String(this.balance.smsc ?? 90000) });
    if (script === "status.php") {
      const known = this.byProvider.get(fields.get("id"));
      const have = known?.gateway === "smsc" && known.to === fields.get("phone");
      if (this.behaviour["smsc-status"]?.mode === "fail") return answer(500, "text/plain", "");
      if (!have) return json({ error: "message not found", error_code: 3 });
      return json({ status: this.state("smsc", { delivered: 1, failed: 20, pending: 0, blocked: 22 }), last_date: "", last_timestamp: 0 });
    }
    const take = () => {
      this.keep({ gateway: "smsc", channel: "sms", to: fields.get("phones"), text: fields.get("mes"), key: fields.get("id"), provider: fields.get("id") });
      return [200, "application/json", JSON.stringify({ id: fields.get("id"), cnt: 1, cost: "12.5", balance: "90000" })];
    };
    const refuse = (code = 7) => [200, "application/json", JSON.stringify({ error: "error", error_code: code })];
    return this.sends("smsc", answer, take, refuse);
  }

  kazinfoteh(fields, answer) {
    const xml = (data) => `<?xml version="1.0" encoding="utf-8"?><response><action>sendmessage</action><data>${data}</data></response>`;
    const take = () => {
      const [to, text] = [fields.get("recipient"), fields.get("messagedata")];
      const { n } = this.keep({ gateway: "kazinfoteh", channel: "sms", to, text, key: crypto.createHash("sha256").update(`${to}\n${text}`).digest("hex") });
      return [200, "application/xml", xml(`<acceptreport><statuscode>0</statuscode><statusmessage>Message accepted for delivery</statusmessage><messageid>k${n}</messageid><recipient>${to}</recipient></acceptreport>`)];
    };
    const refuse = (code = 100) => [200, "application/xml", xml(`<errorcode>${code}</errorcode><errormessage>${code === 3 ? "Insufficient balance" : code === 7 ? "Invalid recipient" : "Error"}</errormessage>`)];
    return this.sends("kazinfoteh", answer, take, refuse);
  }

  mail(request, rest, body, answer, json) {
    if (request.method === "GET") {
      const one = this.byProvider.get(rest[1]);
      if (!one) return json({ statusCode: 404, name: "not_found", message: "Email not found" }, 404);
      return json({ object: "email", id: one.provider, last_event: this.state("mail", { delivered: "delivered", failed: "failed", pending: "sent", blocked: "bounced" }) });
    }
    const letter = JSON.parse(body);
    const key = request.headers["idempotency-key"];
    const take = () => {
      const before = this.byKey.get(key);
      if (before) return before;
      const provider = crypto.randomUUID();
      this.keep({ gateway: "mail", channel: "email", to: letter.to[0], subject: letter.subject, text: letter.text, html: letter.html, headers: letter.headers, key, provider });
      const said = [200, "application/json", JSON.stringify({ id: provider })];
      this.byKey.set(key, said);
      return said;
    };
    const names = { 422: "validation_error", 429: "rate_limit_exceeded", 401: "missing_api_key", 403: "invalid_api_key" };
    const refuse = (code = 422) => [code, "application/json", JSON.stringify({ statusCode: code, name: names[code] ?? "application_error", message: "error" })];
    return this.sends("mail", answer, take, refuse);
  }

  push(request, id, body, answer) {
    const browser = this.browsers.get(id);
    if (!browser) return answer(410, "text/plain", "");
    if (!signed(request.headers.authorization, `http://${request.headers.host}`)) return answer(403, "text/plain", "");
    const take = () => {
      const shown = browser.open(body);
      this.keep({ gateway: "push", channel: "push", to: id, subject: shown.title, text: shown.body, key: request.headers.topic, link: shown.link });
      return [201, "text/plain", ""];
    };
    return this.sends("push", answer, take, (code = 429) => [code, "text/plain", ""]);
  }
}

/** Starts it; ends with `close()`. */
export async function startGateway({ port = 0 } = {}) {
  const gateway = new Gateway();
  const hanging = new Set();
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const answer = (status, type, text) => response.writeHead(status, { "content-type": type }).end(text);
      hanging.add(response);
      response.once("close", () => hanging.delete(response));
      Promise.resolve()
        .then(() => gateway.handle(request, Buffer.concat(parts), answer))
        .catch((error) => response.headersSent || response.writeHead(400).end(String(error)));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  return {
    gateway,
    address,
    /** Variables of the worker `dispatch` that lead here. */
    vars: {
      MOBIZON_URL: `${address}/mobizon`, SMSC_URL: `${address}/smsc`, KAZINFOTEH_URL: `${address}/kazinfoteh`,
      MAIL_URL: `${address}/mail`, MAILBOX_URL: address,
    },
    close() {
      for (const response of hanging) response.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const at = process.argv.indexOf("--port");
  const { address } = await startGateway({ port: at < 0 ? 8790 : Number(process.argv[at + 1]) });
  console.log(`gateway stand-in ${address}`);
}
