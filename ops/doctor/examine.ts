import { describeError } from "../../src/errors.ts";
import type { Target } from "../target.ts";
import type { CloudReads } from "./facts.ts";
import { type Finding, fail, unseen } from "./finding.ts";
import { judgeBus, judgeUnreadable } from "./judge-bus.ts";
import { judgeTarget } from "./judge-target.ts";
import { judgeVersions, type Versions } from "./judge-versions.ts";
import { readBus, settingsOf } from "./read-bus.ts";

/** What the doctor has found. */
export interface Examination {
  readonly target: Target;
  readonly buses: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Looks at a bus, or at every bus there is, and says how each part is and what to do. Changes nothing. What cannot be
 * looked at is a finding too. Never throws for what the cloud answers.
 */
export async function examine({
  target,
  versions,
  reads,
  bus,
}: {
  readonly target: Target;
  readonly versions: Versions;
  readonly reads: CloudReads;
  /** @default every bus that a function here belongs to */
  readonly bus?: string | undefined;
}): Promise<Examination> {
  const first = [...judgeTarget(target), ...judgeVersions(versions)];
  // Without credentials or an answer, each read would fail with the same words.
  if (target.identity === undefined) return { target, buses: [], findings: first };
  try {
    const { buses, findings } = await examineBuses(reads, target, bus);
    return { target, buses, findings: [...first, ...findings] };
  } catch (thrown) {
    const broken = fail(
      "target",
      `the cloud did not answer: ${describeError(thrown).message}`,
      "look at the endpoint, and run doctor again",
    );
    return { target, buses: [], findings: [...first, broken] };
  }
}

async function examineBuses(
  reads: CloudReads,
  target: Target,
  wanted: string | undefined,
): Promise<{ buses: readonly string[]; findings: readonly Finding[] }> {
  const read = await reads.functions();
  if ("denied" in read) return { buses: [], findings: [unseen("bus", "functions", read.denied)] };
  const functions = "found" in read ? read.found : [];
  const known = [...new Set(functions.flatMap((one) => settingsOf(one)?.bus ?? []))].sort();
  const buses = wanted === undefined ? known : [wanted];
  if (buses.length === 0) {
    const none = fail(
      "bus",
      "no function here belongs to a bus",
      "deploy a stack with a Consumer, or set AWS_ENDPOINT_URL, AWS_REGION and credentials of where one stands; give --bus to look at one without consumers",
    );
    return { buses, findings: [...judgeUnreadable(functions), none] };
  }
  const facts = await Promise.all(buses.map((one) => readBus(reads, one, functions)));
  return {
    buses,
    findings: [...judgeUnreadable(functions), ...facts.flatMap((one) => judgeBus(one, target))],
  };
}
