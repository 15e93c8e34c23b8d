import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The steps at which a process of a bank, or of the reconciliation, dies by SIGKILL: once a run. */
export const crashPoints = [
  "bank-a-before-debit",
  "bank-a-after-debit",
  "bank-a-after-publish",
  "bank-b-before-credit",
  "bank-b-after-credit",
  "repair-before-correction",
  "repair-after-correction",
] as const;
export type CrashPoint = (typeof crashPoints)[number];

const prefix = "died-";

/** Kills this process where the run has not died at this step yet. The mark is left first, so that the next one lives. */
export function dieOnce(folder: string, point: CrashPoint): void {
  try {
    writeFileSync(join(folder, `${prefix}${point}`), "", { flag: "wx" });
  } catch {
    return;
  }
  process.kill(process.pid, "SIGKILL");
}

/** The steps at which somebody has died. */
export function diedAt(folder: string): readonly CrashPoint[] {
  const left = new Set(readdirSync(folder));
  return crashPoints.filter((point) => left.has(`${prefix}${point}`));
}
