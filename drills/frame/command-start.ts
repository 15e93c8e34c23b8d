import { readFileSync } from "node:fs";

/**
 * When the command that a person typed was started, in milliseconds since the epoch: with `npm start`, npm's own start
 * counts. Read from /proc; where there is none, `processStartedAtMs` is the best to be had.
 */
export function commandStartedAtMs(processStartedAtMs: number): number {
  try {
    let earliestMs = processStartedAtMs;
    for (let pid = process.ppid; pid > 1; ) {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      // npm shows itself as "npm start" or as node with npm's file; between it and us may stand its shell.
      const npm = words.some((word) => /(^|\/)npm(-cli\.js)?($| )/.test(word));
      const shell = /(^|\/)(sh|bash|dash)$/.test(words[0] ?? "") && words[1] === "-c";
      if (!npm && !shell) break;
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name in parentheses may hold anything; the numbers begin after its last one.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const startedAtMs = bootedAtMs() + (Number(fields[19]) * 1_000) / ticksPerSecond;
      if (npm && Number.isFinite(startedAtMs)) earliestMs = Math.min(earliestMs, startedAtMs);
      pid = Number(fields[1]);
    }
    return earliestMs;
  } catch {
    return processStartedAtMs;
  }
}

/** Linux counts a process's start in these, on every platform that Node runs on. (proc_pid_stat(5), USER_HZ) */
const ticksPerSecond = 100;

function bootedAtMs(): number {
  const uptimeSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return Date.now() - uptimeSeconds * 1_000;
}
