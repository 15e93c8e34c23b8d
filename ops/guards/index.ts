import { readFileSync } from "node:fs";

/** A rule that synthesis holds, as `lib/guards/` has it. */
export interface GuardEntry {
  readonly id: string;
  /** What it looks at. */
  readonly about: string;
  /** What would happen without it. */
  readonly reason: string;
  readonly fix: string;
  /** Where AWS says so. */
  readonly link: string;
  /** It cannot be turned off. */
  readonly final: boolean;
}

/** Every guard. Read from a list that is made of the guards themselves: the command line does not load the CDK. */
export function readGuards(): readonly GuardEntry[] {
  return JSON.parse(readFileSync(new URL("guards.json", import.meta.url), "utf8")) as readonly GuardEntry[];
}
