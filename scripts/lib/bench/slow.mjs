// Slows a process down as a weaker processor would, all of its threads: the throttle of Chromium's
// tools slows the first thread of a page alone, and what counts here runs in a Worker.
import { spawn } from "node:child_process";
import fs from "node:fs";

const PERIOD = 10_000;

/** Control groups, of the first kind and of the second: [folder, what to write into it]. */
const groups = (times) => {
  const quota = Math.round(PERIOD / times);
  return [
    ["/sys/fs/cgroup/cpu", { "cpu.cfs_period_us": PERIOD, "cpu.cfs_quota_us": quota }],
    ["/sys/fs/cgroup", { "cpu.max": `${quota} ${PERIOD}` }],
  ];
};

/** Where a process is now, below a folder of groups. */
function home(base, pid) {
  const kind = base.endsWith("/cpu") ? ":cpu:" : "0::";
  const line = fs.readFileSync(`/proc/${pid}/cgroup`, "utf8").split("\n").find((one) => one.includes(kind));
  return `${base}${line?.split(":")[2] ?? "/"}`;
}

/** Lets go and stops in turns, where there are no groups. */
function inTurns(pid, times) {
  const code = `
    const [pid, times] = [${pid}, ${times}];
    const cell = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      process.kill(pid, "SIGCONT");
      Atomics.wait(cell, 0, 0, 4);
      process.kill(pid, "SIGSTOP");
      Atomics.wait(cell, 0, 0, 4 * (times - 1));
    }`;
  const child = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  return () => (child.kill("SIGKILL"), process.kill(pid, "SIGCONT"));
}

/** Leaves a process one part in `times` of one processor; returns what was done, and its end. */
export function slow(pid, times) {
  for (const [base, settings] of groups(times)) {
    const folder = `${base}/mansap-slow-${pid}`;
    try {
      const before = home(base, pid);
      fs.mkdirSync(folder);
      for (const [name, value] of Object.entries(settings)) fs.writeFileSync(`${folder}/${name}`, String(value));
      fs.writeFileSync(`${folder}/cgroup.procs`, String(pid));
      const end = () => {
        fs.writeFileSync(`${before}/cgroup.procs`, String(pid));
        fs.rmdirSync(folder);
      };
      return { how: `1/${times} of a processor`, end };
    } catch {
      try {
        fs.rmdirSync(folder);
      } catch {
        // It was never made.
      }
    }
  }
  return { how: `stopped ${times - 1} of ${times} parts of the time`, end: inTurns(pid, times) };
}
