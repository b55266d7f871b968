// Memory of the runtime that a test started.
import fs from "node:fs";

/** The fields of /proc/PID/stat after the name: state, parent, process group … */
const stat = (pid) => {
  const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  return { name: text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")), fields: text.slice(text.lastIndexOf(")") + 2).split(" ") };
};

/** MB that the workerd processes of a server's process group hold. */
export function workerdMemory(group) {
  let sum = 0;
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const { name, fields } = stat(pid);
      if (name !== "workerd" || Number(fields[2]) !== group) continue;
      sum += Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
    } catch {
      // It ended meanwhile.
    }
  }
  return sum;
}
