import { readFileSync } from "node:fs";

/**
 * The most memory that this program has taken, in MB. `maxRSS` would be that of the process which started it, if that was
 * larger: Linux hands it on to what is executed. (getrusage(2), proc_pid_status(5))
 */
export function peakMemoryMb(): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  if (!found)
    throw new Error("/proc/self/status does not tell the most memory taken: this bench needs Linux");
  return Math.round(Number(found[1]) / 1_024);
}
