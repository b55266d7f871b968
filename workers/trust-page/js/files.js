// Attachments. A file never leaves as it was: a picture is drawn anew, a text is written anew, and
// nothing of what a file carries besides (place, device, time, name, a second file behind the first)
// remains. What cannot be cleaned so is not taken.

/** Sides and qualities that are tried until a picture fits. */
const TRIES = [[2000, 0.8], [1600, 0.7], [1200, 0.6]];
const FITS = 1024 * 1024 - 512;
const MOST = 40 * 1024 * 1024;
export const COUNT = 8;

/** A JPEG without what encoders add for programs: profiles, comments, anything but the picture. */
function bare(bytes) {
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  // Up to the scan; from there on it is the picture itself.
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    const mark = bytes[at + 1];
    if (mark !== 0xfe && (mark < 0xe1 || mark > 0xef)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((from, part) => (all.set(part, from), from + part.length), 0);
  return all;
}

/** The file as it may leave, or a word for why it may not. */
export async function clean(file, number) {
  if (file.size > MOST) throw "file_large";
  if (/^image\/(?!svg)/.test(file.type)) {
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      throw "file_kind";
    }
    for (const [side, quality] of TRIES) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width, picture.height].map((size) => Math.max(1, Math.round(size * scale)));
      const pen = canvas.getContext("2d", { alpha: false });
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const drawn = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (drawn && drawn.size < FITS) return { name: `${number}.jpg`, media: "image/jpeg", bytes: bare(new Uint8Array(await drawn.arrayBuffer())) };
    }
    throw "file_large";
  }
  if (file.type === "text/plain") {
    if (file.size > FITS) throw "file_large";
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      throw "file_kind";
    }
    // Signs that are not seen can carry a mark of who was given the text.
    const seen = text.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === "\n" || sign === "\t" ? sign : ""));
    return { name: `${number}.txt`, media: "text/plain", bytes: new TextEncoder().encode(seen) };
  }
  throw "file_kind";
}
