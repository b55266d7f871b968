// The line of a page as a bad network has it: a WebSocket on a raw socket, so that it can be cut
// without a goodbye, and so cheap that one process keeps thousands of them.
import { randomBytes } from "node:crypto";
import net from "node:net";

const END = Buffer.from("\r\n\r\n");
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const FINAL = 0x80;

/** A frame of a client: masked, as it has to be; a mask of zeros leaves the bytes as they are. */
function frame(kind, bytes) {
  const size = bytes.length;
  const more = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const head = Buffer.alloc(6 + more);
  head[0] = FINAL | kind;
  head[1] = 0x80 | (more === 0 ? size : more === 2 ? 126 : 127);
  if (more === 2) head.writeUInt16BE(size, 2);
  if (more === 8) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, bytes]);
}

/** The first whole frame of what has come; undefined as long as there is none. */
function first(have) {
  if (have.length < 2) return undefined;
  let [size, at] = [have[1] & 0x7f, 2];
  if (size === 126) [size, at] = have.length < 4 ? [Infinity, 4] : [have.readUInt16BE(2), 4];
  else if (size === 127) [size, at] = have.length < 10 ? [Infinity, 10] : [Number(have.readBigUInt64BE(2)), 10];
  if (have.length < at + size) return undefined;
  return { final: (have[0] & FINAL) !== 0, kind: have[0] & 15, bytes: have.subarray(at, at + size), rest: have.subarray(at + size) };
}

/**
 * Opens a line. `heard` gets texts, `open` is called when it stands, `gone` once when it is over or
 * did not come about, with the status of the refusal or the code of the goodbye (0 for none).
 */
export function line({ port, path, protocols, open = () => {}, heard, gone = () => {} }) {
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  const self = { isOpen: false, send, cut, close };
  let [have, parts, over, why] = [Buffer.alloc(0), [], false, 0];
  socket.on("connect", () => {
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${protocols.join(", ")}\r\n\r\n`,
    );
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (over) return;
    over = true;
    self.isOpen = false;
    gone(why);
  });
  socket.on("data", (some) => {
    have = have.length === 0 ? some : Buffer.concat([have, some]);
    if (!self.isOpen && !shakes()) return;
    for (let one = first(have); one && !over; one = first(have)) {
      have = one.rest;
      take(one);
    }
  });

  /** Whether the handshake is done. */
  function shakes() {
    const at = have.indexOf(END);
    if (at < 0) return false;
    why = Number(/^HTTP\/1\.1 (\d+)/.exec(have.latin1Slice(0, at))?.[1] ?? 0);
    if (why !== 101) {
      socket.destroy();
      return false;
    }
    why = 0;
    have = have.subarray(at + END.length);
    self.isOpen = true;
    open();
    return true;
  }

  function take({ final, kind, bytes }) {
    if (kind === PING) socket.write(frame(PONG, bytes));
    else if (kind === CLOSE) {
      why = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
      socket.end(frame(CLOSE, bytes));
    } else if (kind === TEXT || kind === 0) {
      parts.push(bytes);
      if (!final) return;
      const text = Buffer.concat(parts).toString();
      parts = [];
      heard(text);
    }
  }

  function send(text) {
    if (!self.isOpen || over) return false;
    socket.write(frame(TEXT, Buffer.from(text)));
    return true;
  }

  /** The line is gone at once, in both directions; nobody is told. What was sent may still arrive. */
  function cut() {
    socket.destroy();
  }

  function close() {
    if (self.isOpen) socket.end(frame(CLOSE, Buffer.from([0x03, 0xe8])));
    else socket.destroy();
  }

  return self;
}
