// A client that costs little: raw sockets, one request at a time on each, so that on a small
// machine the server and not the client is measured.
import fs from "node:fs";
import net from "node:net";

/** Clock ticks a second of /proc/PID/stat. */
const TICKS = 100;
/** A socket that is silent for so long is a fault of the server. */
const SILENCE_MS = 15_000;
const END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** CPU seconds of a process so far, user and system. */
export function cpu(pid) {
  const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Memory of a process, MB. */
export function rss(pid) {
  const text = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)[1]) / 1024;
}

export const median = (list) => quantile(list, 0.5);
export function quantile(list, part) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/**
 * Asks `path` over `connections` sockets until `seconds` are over or `requests` were answered.
 * Returns how many were answered, the time it took, latencies in ms and the answers that were
 * not 200.
 */
export function load({ port, path, headers = {}, connections = 8, seconds = Infinity, requests = Infinity }) {
  const head = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const paths = Array.isArray(path) ? path : [path];
  const texts = paths.map((one) => Buffer.from(`GET ${one} HTTP/1.1\r\n${head}\r\n`));
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const until = from + seconds * 1000;
    const latencies = [];
    let [asked, failed, left] = [0, 0, connections];
    const over = () => {
      if (--left > 0) return;
      const now = performance.now();
      resolve({ answered: latencies.length, seconds: (now - from) / 1000, perSecond: latencies.length / ((now - from) / 1000), latencies, failed });
    };
    for (let n = 0; n < connections; n++) {
      let socket;
      let done = false;
      let have = Buffer.alloc(0);
      let sent = 0;
      const ask = () => {
        if (asked >= requests || performance.now() >= until) {
          done = true;
          socket.destroy();
          over();
          return;
        }
        const text = texts[asked++ % texts.length];
        have = Buffer.alloc(0);
        sent = performance.now();
        socket.write(text);
      };
      const open = () => {
        socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
        socket.setTimeout(SILENCE_MS, () => reject(new Error(`no answer to ${paths[0]} within ${SILENCE_MS} ms`)));
        socket.on("connect", ask);
        socket.on("error", reject);
        // A server may end a connection that it has kept for long; what was asked counts as failed.
        socket.on("close", () => {
          if (done) return;
          failed++;
          open();
        });
        socket.on("data", (part) => {
          have = have.length === 0 ? part : Buffer.concat([have, part]);
          const at = have.indexOf(END);
          if (at < 0) return;
          const top = have.latin1Slice(0, at).toLowerCase();
          const length = /\r\ncontent-length: (\d+)/.exec(top);
          const whole = length
            ? have.length >= at + 4 + Number(length[1])
            : have.length >= at + 9 && have.subarray(-5).equals(LAST_CHUNK);
          if (!whole) return;
          if (!top.startsWith("http/1.1 200")) failed++;
          latencies.push(performance.now() - sent);
          ask();
        });
      };
      open();
    }
  });
}
