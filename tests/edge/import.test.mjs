// A district's list on D1, whose limits are narrower than SQLite's own (50 letters in a pattern of
// LIKE, five terms in a compound SELECT): what the native tests cannot see.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { demo, portal, root } from "../lib/portal.mjs";

const site = portal("import");
const list = fs.readFileSync(path.join(root, "schemas/examples/district-vacancies.csv"));
const { organisations } = demo.region(root);

for (const level of ["region", "district", "organisation"]) {
  test(`a list is checked for an organisation of the level ${level}`, async () => {
    const { id } = organisations.find((one) => one.level === level);
    const answer = await site.ask(`/api/v1/cabinet/import/vacancies?organisation=${id}&mode=check`, {
      method: "POST", body: list,
      headers: { authorization: `Bearer ${demo.API_KEY}`, "content-type": "text/csv", "idempotency-key": `check-${level}` },
    });
    assert.equal(answer.status, 200, (await answer.text()).slice(0, 400));
  });
}

test("every list and facet of the public side answers on D1", async () => {
  for (const query of ["", "q=a", "q=%D0%BC%D0%B0%D1%82%D0%B5%D0%BC%D0%B0%D1%82%D0%B8%D0%BA%D0%B0", "region=330000000", "subject=mathematics", "sort=newest", "sort=salary", "sort=relevance&q=mugalim"]) {
    for (const where of ["/kk/vacancies", "/api/v1/vacancies"]) {
      const answer = await site.ask(`${where}?${query}`);
      assert.ok(answer.status < 500, `${where}?${query}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
    }
  }
});
