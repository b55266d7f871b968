// Files as people have them: pictures with what cameras and programs write into them, and files that
// pretend to be something else.
import zlib from "node:zlib";

/** What must not be found in anything that is sent. */
export const TRACES = ["GPS-51.1694N", "SM-A057F", "Айгүл", "serial-8837", "xmp-creator", "hidden-second-file"];

const segment = (mark, bytes) => Buffer.concat([Buffer.from([0xff, mark, (bytes.length + 2) >> 8, (bytes.length + 2) & 255]), bytes]);

/** A drawn picture as the browser writes it. */
async function drawn(page, type) {
  const url = await page.evaluate((type) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [64, 48];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#336699";
    pen.fillRect(0, 0, 40, 48);
    return canvas.toDataURL(type);
  }, type);
  return Buffer.from(url.split(",")[1], "base64");
}

/** A JPEG with place, device, thumbnail, profile and a second file behind the first. */
export async function jpeg(page) {
  const plain = await drawn(page, "image/jpeg");
  const [gps, phone, person, serial, xmp, second] = TRACES.map((text) => Buffer.from(text));
  return Buffer.concat([
    plain.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0MM\0*\0\0\0\x08"), gps, phone, plain])),
    segment(0xe1, Buffer.concat([Buffer.from("http://ns.adobe.com/xap/1.0/\0"), xmp])),
    segment(0xe2, Buffer.concat([Buffer.from("ICC_PROFILE\0\x01\x01"), serial])),
    segment(0xfe, person), plain.subarray(2), Buffer.from("PK\x03\x04"), second,
  ]);
}

/** A PNG with texts. */
export async function png(page) {
  const plain = await drawn(page, "image/png");
  const data = Buffer.from(`Author\0${TRACES[2]} ${TRACES[0]}`);
  const body = Buffer.concat([Buffer.from("tEXt"), data]);
  const chunk = Buffer.alloc(8 + body.length);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(zlib.crc32(body) >>> 0, 4 + body.length);
  return Buffer.concat([plain.subarray(0, 33), chunk, plain.subarray(33)]);
}

/** What is refused: name, type as the browser is told, bytes. */
export const REFUSED = [
  ["letter.pdf", "application/pdf", "%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"],
  ["letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04docProps/core.xml"],
  ["drawing.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hurt=1'><script>window.hurt=1</script></svg>"],
  ["page.jpg", "image/jpeg", "<!doctype html><script>window.hurt=1</script>"],
  ["photo.heic", "image/heic", "\0\0\0 ftypheic no picture"],
  ["film.mp4", "video/mp4", "\0\0\0 ftypisom"],
  ["bomb.zip", "application/zip", "PK\x03\x04"],
  ["photo\u202egpj.exe", "application/octet-stream", "MZ"],
  ["bytes.txt", "text/plain", Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ["broken.png", "image/png", "\x89PNG\r\n\x1a\nno more"],
].map(([name, mimeType, bytes]) => ({ name, mimeType, buffer: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, "latin1") }));
