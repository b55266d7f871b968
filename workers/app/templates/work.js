// A guest's browser works a little before a message is sent: it looks for a number that makes
// SHA-256 of "task:sha256(text):number" begin with zero bits. See domain::ticket::work.
const form = document.querySelector("form[data-task]");
const K = new Uint32Array(64);
const START = new Uint32Array(8);
for (let n = 2, i = 0; i < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (i < 8) START[i] = (Math.sqrt(n) % 1) * 2 ** 32;
  K[i++] = (Math.cbrt(n) % 1) * 2 ** 32;
}
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function sha256(bytes) {
  const size = (((bytes.length + 8) >> 6) + 1) << 6;
  const all = new Uint8Array(size);
  all.set(bytes);
  all[bytes.length] = 128;
  const view = new DataView(all.buffer);
  view.setUint32(size - 4, bytes.length * 8);
  const hash = START.slice();
  const w = new Uint32Array(64);
  for (let at = 0; at < size; at += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = view.getUint32(at + 4 * i);
      else {
        const [a, b] = [w[i - 15], w[i - 2]];
        w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => (hash[i] += x));
  }
  return hash;
}

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (hash) => [...hash].map((x) => x.toString(16).padStart(8, "0")).join("");

// A change makes another message: what was found for the one before is of no use.
let turns = 0;
const working = document.getElementById("working");
form?.addEventListener("input", () => {
  turns++;
  form.elements.nonce.value = "";
  working.hidden = true;
});

form?.addEventListener("submit", (event) => {
  // The switch of language sends nothing to the desk.
  if (form.elements.nonce.value || event.submitter?.name === "switch") return;
  event.preventDefault();
  const mine = ++turns;
  const bits = Number(form.dataset.bits);
  const text = form.elements.text.value.replace(/\r\n?/g, "\n");
  const head = `${form.dataset.task}:${hex(sha256(utf8(text)))}:`;
  working.hidden = false;
  let n = 0;
  const slice = () => {
    if (mine !== turns) return;
    for (let end = n + 2000; n < end; n++) {
      if (sha256(utf8(head + n))[0] >>> (32 - bits) === 0) {
        form.elements.nonce.value = n;
        return form.submit();
      }
    }
    setTimeout(slice);
  };
  slice();
});
