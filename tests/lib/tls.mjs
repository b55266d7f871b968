// Certificates of our own and a TLS proxy, so that a local server is seen as the edge shows it.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";

/** A self-signed certificate for localhost that is good for some days. */
export function certificate(folder, days = 90) {
  fs.mkdirSync(folder, { recursive: true });
  const [keyFile, file] = ["key", "cert"].map((what) => path.join(folder, `${what}-${days}.pem`));
  execFileSync("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", String(days), "-keyout", keyFile, "-out", file,
  ], { stdio: "ignore" });
  return { key: fs.readFileSync(keyFile), cert: fs.readFileSync(file), file };
}

/** Serves a local http server under TLS on a free port. */
export async function tlsProxy({ key, cert }, port) {
  const server = https.createServer({ key, cert }, (request, response) => {
    const headers = { ...request.headers, "x-forwarded-proto": "https" };
    const onward = http.request({ host: "127.0.0.1", port, method: request.method, path: request.url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
