// Debian's clamd for a test: its own port, its own signatures (EICAR alone), nothing from the net.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { freePort } from "../../scripts/lib/server.mjs";

/** The test virus, in two halves so that no scanner finds it here. */
export const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("");

/** The program, installed by apt where that can be done. */
function program() {
  const found = () => ["/usr/sbin/clamd", ...(process.env.PATH ?? "").split(":").map((folder) => path.join(folder, "clamd"))].find((file) => fs.existsSync(file));
  if (!found() && process.getuid?.() === 0 && fs.existsSync("/usr/bin/apt-get")) {
    console.log("installing Debian's clamav-daemon");
    spawnSync("apt-get", ["update", "-q"], { stdio: "inherit" });
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    spawnSync("apt-get", ["install", "-qy", "--no-install-recommends", "clamav-daemon"], { stdio: "inherit", env });
  }
  const file = found();
  if (!file) throw new Error("clamd is missing: run `apt-get install clamav-daemon` as root, then repeat");
  return file;
}

/** Asks clamd for a sign of life. */
function ping(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write("zPING\0"));
    socket.once("data", (data) => (socket.destroy(), resolve(String(data).startsWith("PONG"))));
    socket.once("error", () => resolve(false));
    socket.setTimeout(1000, () => (socket.destroy(), resolve(false)));
  });
}

/** `address`, `hang()`, `wake()`, `stop()`, `start()`. */
export async function clamd() {
  const file = program();
  const port = await freePort();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mansap-clamd-"));
  fs.mkdirSync(path.join(folder, "db"));
  const signature = Buffer.from(EICAR).toString("hex");
  fs.writeFileSync(path.join(folder, "db/test.ndb"), `Eicar-Test-Signature:0:*:${signature}\n`);
  fs.writeFileSync(path.join(folder, "clamd.conf"), [
    "Foreground yes", "TCPAddr 127.0.0.1", `TCPSocket ${port}`, `DatabaseDirectory ${path.join(folder, "db")}`,
    `TemporaryDirectory ${folder}`, "StreamMaxLength 8M", "MaxThreads 2", "OfficialDatabaseOnly no", "",
  ].join("\n"));
  let child;
  const self = {
    address: `127.0.0.1:${port}`,
    hang: () => child.kill("SIGSTOP"),
    wake: () => child.kill("SIGCONT"),
    async start() {
      child = spawn(file, ["--config-file", path.join(folder, "clamd.conf")], { stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
      const end = Date.now() + 60_000;
      while (!(await ping(port))) {
        if (child.exitCode !== null || Date.now() > end) throw new Error(`clamd did not start:\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
    async close() {
      await self.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
  await self.start();
  return self;
}
