// Reads a QR code out of the path that the portal draws: what a camera would see, module by module.
// Small codes alone, which is all that addresses need; nothing is damaged, so nothing is mended.

const MASKS = [
  (r, c) => (r + c) % 2, (r) => r % 2, (r, c) => c % 3, (r, c) => (r + c) % 3, (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2,
  (r, c) => ((r * c) % 2) + ((r * c) % 3), (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];
/** Where the small squares stand, by version. */
const ALIGNED = [[], [], [6, 18], [6, 22], [6, 26], [6, 30]];

/** Bytes of data and blocks, by level (as the format names it) and version. */
const DATA = { 1: [19, 34, 55, 80, 108], 0: [16, 28, 44, 64, 86], 3: [13, 22, 34, 48, 62], 2: [9, 16, 26, 36, 46] };
const BLOCKS = { 1: [1, 1, 1, 1, 1], 0: [1, 1, 1, 2, 2], 3: [1, 1, 2, 2, 4], 2: [1, 1, 2, 4, 4] };

/** Bytes of several blocks are laid in turns; here they come back one block after another. */
function straight(bytes, level, version) {
  const [all, blocks] = [DATA[level][version - 1], BLOCKS[level][version - 1]];
  const short = Math.floor(all / blocks);
  const sizes = Array.from({ length: blocks }, (_, n) => short + Number(n >= blocks - (all % blocks)));
  const parts = sizes.map(() => []);
  let at = 0;
  for (let n = 0; n <= short; n += 1) sizes.forEach((size, block) => { if (n < size) parts[block].push(bytes[at++]); });
  return parts.flat();
}

function modules(path, side) {
  const size = side - 8;
  const dark = Array.from({ length: size }, () => Array(size).fill(false));
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let n = 0; n < Number(run); n += 1) dark[y - 4][Number(x) - 4 + n] = true;
  }
  return dark;
}

/** Whether a module belongs to the pattern and holds no data. */
function fixed(size, r, c) {
  const version = (size - 17) / 4;
  const corner = (r < 9 && c < 9) || (r < 9 && c >= size - 8) || (r >= size - 8 && c < 9);
  const places = ALIGNED[version];
  const near = (at) => places.find((one) => Math.abs(one - at) <= 2);
  const [a, b] = [near(r), near(c)];
  const first = places[0];
  const last = places.at(-1);
  const aligned = a !== undefined && b !== undefined && !((a === first && b === first) || (a === first && b === last) || (a === last && b === first));
  return corner || aligned || r === 6 || c === 6;
}

/** The text of a code by the path and the side of its drawing. */
export function text(path, side) {
  const dark = modules(path, side);
  const size = dark.length;
  if (size > 37) throw new Error(`too large: ${size}`);
  // Bits 12 to 10 of the format, which is itself masked with 101010000010010.
  const bit = (n) => Number(dark[8][n]);
  const level = ((bit(0) << 1) | bit(1)) ^ 0b10;
  const mask = ((bit(2) << 2) | (bit(3) << 1) | bit(4)) ^ 0b101;
  const bits = [];
  let up = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let n = 0; n < size; n += 1) {
      const r = up ? size - 1 - n : n;
      for (const c of [right, right - 1]) if (!fixed(size, r, c)) bits.push(Number(dark[r][c]) ^ Number(MASKS[mask](r, c) === 0));
    }
    up = !up;
  }
  const octets = Array.from({ length: Math.floor(bits.length / 8) }, (_, n) => bits.slice(8 * n, 8 * n + 8).reduce((all, one) => all * 2 + one, 0));
  const data = straight(octets, level, (size - 17) / 4).flatMap((octet) => Array.from({ length: 8 }, (_, n) => (octet >> (7 - n)) & 1));
  const number = (from, length) => data.slice(from, from + length).reduce((all, one) => all * 2 + one, 0);
  if (number(0, 4) !== 4) throw new Error(`mode ${number(0, 4)}`);
  return Buffer.from(Array.from({ length: number(4, 8) }, (_, n) => number(12 + 8 * n, 8))).toString("utf8");
}
