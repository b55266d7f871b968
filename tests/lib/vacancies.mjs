// Some published vacancies, so that pages have something to show.
import crypto from "node:crypto";
import { demo, operator, root } from "./portal.mjs";

export const announcement = {
  position: "subject_teacher", subject: "mathematics", openings: 1, rate: 100,
  salary_from: 250000, salary_to: 320000, language: "kk", schedule: "full",
  duties: { kk: "Сабақ береді, оқушылардың білімін бағалайды", ru: "Ведёт уроки, оценивает знания учеников" },
  requirements: { kk: "Жоғары педагогикалық білім", ru: "Высшее педагогическое образование" },
  documents: ["application_form", "identity", "personal_sheet", "education", "health_075", "psychoneurological", "narcological", "criminal_record", "score_sheet"],
  contact_phone: "+7 701 000 00 00", contact_email: "school@example.kz",
};

/** Publishes `count` vacancies of different schools and hands them to the search. */
export async function publish(site, count = 6) {
  const cabinet = operator(site);
  const schools = demo.region(root).organisations.filter((one) => one.level === "organisation");
  const subjects = ["mathematics", "mathematics", "mathematics"];
  const done = [];
  for (let n = 0; n < count; n += 1) {
    const content = { ...announcement, subject: subjects[n % subjects.length], openings: (n % 3) + 1 };
    const key = () => ({ "idempotency-key": crypto.randomUUID() });
    const draft = await cabinet("POST", "vacancies", { organisation: schools[n % schools.length].id, content }, key());
    if (draft.status !== 201) throw new Error(`draft: ${draft.status} ${JSON.stringify(draft.body)}`);
    const { id, version } = draft.body;
    const published = await cabinet("POST", `vacancies/${id}/commands`, { command: "publish", at: null, again: true }, { ...key(), "if-match": `"${version}"` });
    if (published.status !== 200) throw new Error(`publish: ${published.status} ${JSON.stringify(published.body)}`);
    done.push(published.body);
  }
  await site.ask("/cdn-cgi/local/scheduled");
  return done;
}
