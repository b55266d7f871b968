// See scripts/tls-expiry.
import tls from "node:tls";

const STEPS = [3, 14, 30];
let worst = 0;
for (const name of process.argv.slice(2)) {
  const [host, port = "443"] = name.split(":");
  const said = await new Promise((resolve) => {
    const socket = tls.connect({ host, port: Number(port), servername: host, timeout: 10_000 }, () => {
      const { valid_to: end } = socket.getPeerCertificate();
      socket.end();
      resolve({ days: Math.floor((Date.parse(end) - Date.now()) / 86_400_000), end });
    });
    socket.on("error", (error) => resolve({ error: error.message }));
    socket.on("timeout", () => socket.destroy(new Error("no answer")));
  });
  if (said.error) {
    console.log(`${name}: not accepted: ${said.error}`);
    worst = 2;
    continue;
  }
  const step = STEPS.find((days) => said.days < days);
  console.log(`${name}: ${said.days} days left (until ${said.end}): ${step === undefined ? "ok" : `renew it, fewer than ${step} days`}`);
  worst = Math.max(worst, step === undefined ? 0 : step === 3 ? 2 : 1);
}
process.exit(worst);
