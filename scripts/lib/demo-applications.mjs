// Applications of the demonstration: a handful of people go the way that everybody goes, through
// sign-in by code, files and the cabinet's API, and the clerk of the first school works on them.
import crypto from "node:crypto";
import * as demo from "./demo.mjs";

/** Who applies, and how far each application gets. The phones are nobody's: the stand-in keeps their codes. */
export const PEOPLE = [
  { phone: "+7 701 000 11 01", lang: "kk", surname: "Сейітова", name: "Мадина", iin: "840317400084", steps: ["register", "check", "admit"] },
  { phone: "+7 701 000 11 02", lang: "ru", surname: "Ковалёва", name: "Анна", born: "1990-05-17", steps: ["register", "request"] },
  { phone: "+7 701 000 11 03", lang: "kk", surname: "Әбдірахман", name: "Ұлан", born: "1988-02-11", steps: ["register", "check"] },
  { phone: "+7 701 000 11 04", lang: "kk", surname: "Жүнісова", name: "Үміт", born: "1995-09-30", steps: [] },
  { phone: "+7 701 000 11 05", lang: "ru", surname: "Ким", name: "Виктор", born: "1979-12-03", draft: true },
];

const SCHOOL = "hr.school1";

function pdf(words) {
  return Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n% ${words}\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`);
}

/** A client of the cabinet with a session. */
function client(address, cookie, lang) {
  return async (method, where, body, headers = {}) => {
    const raw = Buffer.isBuffer(body);
    const answer = await fetch(`${address}/api/v1/cabinet/${where}`, {
      method,
      headers: {
        cookie, origin: address, "sec-fetch-site": "same-origin", "accept-language": lang,
        ...(method === "GET" ? {} : { "idempotency-key": crypto.randomUUID() }),
        ...(body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" }),
        ...headers,
      },
      body: body === undefined || raw ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : undefined;
  };
}

const post = (address, where, fields) => fetch(`${address}${where}`, {
  method: "POST", redirect: "manual",
  headers: { origin: address, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields),
});

function session(answer, who) {
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith("__Host-session="));
  if (!cookie) throw new Error(`${who} could not sign in: ${answer.status}`);
  return cookie.split(";")[0];
}

/** Signs in by the code that came to the stand-in of the gateways. */
async function enter(address, gateway, who) {
  const asked = await post(address, `/${who.lang}/enter`, { contact: who.phone, next: "" });
  const to = asked.headers.get("location");
  if (!to) throw new Error(`no code for ${who.phone}: ${asked.status}`);
  const digits = who.phone.replace(/\D/g, "");
  const text = gateway.sent.filter((one) => String(one.to).replace(/\D/g, "") === digits).at(-1)?.text ?? "";
  const code = /\b\d{6}\b/.exec(text)?.[0];
  if (!code) throw new Error(`no code came to ${who.phone}`);
  return session(await post(address, new URL(to, address).pathname, { code, next: "" }), who.phone);
}

async function clerk(address) {
  const answer = await post(address, "/ru/sign-in", { login: SCHOOL, password: demo.PASSWORD, code: demo.totp() });
  return client(address, session(answer, SCHOOL), "ru");
}

/** Fills a draft with what it asks for; the files are the person's own. */
async function fill(my, who, vacancy) {
  const draft = await my("POST", "my/applications", { vacancy });
  const file = async (name) => (await my("POST", `my/files?purpose=document&name=${encodeURIComponent(name)}`, pdf(`${who.surname} ${name}`))).id;
  const diploma = await file("Диплом.pdf");
  const documents = [];
  for (const one of draft.form.documents.filter((one) => one.required && !one.made_here)) {
    if (one.code === "education") documents.push({ code: one.code, records: ["edu-1"] });
    else if (one.code !== "video_presentation") documents.push({ code: one.code, files: [await file(`${one.name[who.lang]}.pdf`.slice(0, 80))] });
  }
  const content = {
    ...draft.content,
    person: { ...draft.content.person, surname: who.surname, name: who.name, iin: who.iin ?? "", birth_date: who.born ?? null, citizenship: who.iin ? "KZ" : "UZ" },
    contacts: { ...draft.content.contacts, kato: "331000000", address: "Қабанбай батыр, 5", lang: who.lang },
    records: [
      { id: "edu-1", kind: "education", title: "Абай атындағы ҚазҰПУ, математика", files: [diploma] },
      { id: "exp-1", kind: "experience", title: "№ 5 мектеп, мұғалім", from: "2019-09-01", files: [diploma] },
    ],
    documents,
    statement: { ...draft.content.statement, has_relatives: false, truthful: true, consent: true },
    seen: ["person", "contacts", "education", "experience", "documents", "score_sheet", "statement"],
  };
  return my("PUT", `my/applications/${draft.id}`, { content }, { "if-match": `"${draft.version}"` });
}

/** A vacancy of the school that takes applications for long enough. */
async function vacancyOf(staff) {
  const { items } = await staff("GET", "vacancies?state=published");
  const open = items.filter((one) => one.closes_at === undefined || Date.parse(one.closes_at) > Date.now());
  return open[0];
}

/**
 * Sends the applications; returns a line for each person. A person whose way breaks off is named
 * and the others go on.
 */
export async function apply(address, gateway) {
  const staff = await clerk(address);
  const vacancy = await vacancyOf(staff);
  if (!vacancy) return ["no open vacancy of the first school: no applications"];
  const lines = [];
  for (const who of PEOPLE) {
    try {
      const my = client(address, await enter(address, gateway, who), who.lang);
      const saved = await fill(my, who, vacancy.id);
      if (who.draft) {
        lines.push(`${who.phone}  ${who.surname} ${who.name}, draft`);
        continue;
      }
      const sent = await my("POST", `my/applications/${saved.id}/commands`, { command: "submit" }, { "if-match": `"${saved.version}"` });
      let now = sent;
      for (const command of who.steps) {
        const more = command === "request" ? { items: [{ target: "document:education", text: "Нет приложения к диплому" }] } : {};
        now = await staff("POST", `applications/${sent.id}/commands`, { command, ...more }, { "if-match": `"${now.version}"` });
      }
      lines.push(`${who.phone}  ${who.surname} ${who.name}, ${now.number}, ${now.state}`);
    } catch (error) {
      lines.push(`${who.phone}  ${error.message}`);
    }
  }
  return lines;
}
