// Makes the pages of anonymous reports a second time, in another folder of another name, and compares
// every byte: what a build takes from the place where it is made would make the published sums untrue.
// The modules are not compiled again (scripts/trust-reproduce does, in minutes); they must name no folder.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { inputs, page } from "./trust-page.mjs";

/** What differs between the build of a checkout and one made elsewhere; nothing, if all is well. */
export async function differences(root, made) {
  const other = fs.mkdtempSync(path.join(os.tmpdir(), "another place of a longer name "));
  try {
    const sources = inputs(root).filter((file) => !path.relative(root, file).startsWith("scripts"));
    for (const file of sources) {
      const to = path.join(other, path.relative(root, file));
      fs.mkdirSync(path.dirname(to), { recursive: true });
      fs.copyFileSync(file, to);
    }
    const [from, officer] = ["trust_page", "trust_officer"].map((name) => {
      const to = path.join(other, "bindgen", name);
      fs.cpSync(path.join(made, name), to, { recursive: true });
      return to;
    });
    const [first, second] = [path.join(root, "workers/trust/build/page"), path.join(other, "page")];
    await page({ root: other, from, officer, to: second });
    const names = [...new Set([first, second].flatMap((folder) => fs.readdirSync(folder)))].sort();
    return names.flatMap((name) => {
      const [one, two] = [first, second].map((folder) => (fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name)) : Buffer.alloc(0)));
      const wrong = [];
      if (!one.equals(two)) wrong.push(`${name}: other bytes when it is made elsewhere`);
      const place = /\/(?:root|home|Users|tmp|build)\/[\w./-]+/.exec(one.toString("latin1"));
      if (place) wrong.push(`${name}: holds a path of a machine: ${place[0]}`);
      return wrong;
    });
  } finally {
    fs.rmSync(other, { recursive: true, force: true });
  }
}
