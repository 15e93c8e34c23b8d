import type { RelaySettings } from "../../src/env.ts";
import {
  jobFunctionName,
  outboxAlarmName,
  outboxAlarms,
  outboxKeyAttribute,
  outboxSortAttribute,
  outboxTableName,
} from "../../src/names.ts";
import type { Standing } from "../outbox/index.ts";
import type { CloudReads, OutboxFacts, OutboxStanding } from "./facts.ts";

/** Reads the outbox of a bus: by its relay's settings, and where there is no relay, at its usual place. */
export async function readOutbox(reads: CloudReads, bus: string): Promise<OutboxFacts> {
  const relay = jobFunctionName(bus, "relay");
  const settings = await reads.relaySettings(relay);
  const known = "found" in settings ? settings.found : usual(bus);
  const [table, mappings, alarms] = await Promise.all([
    reads.table(known.table),
    reads.mappings(relay),
    "found" in settings ? reads.alarms(outboxAlarms.map((alarm) => outboxAlarmName(bus, alarm))) : undefined,
  ]);
  const standing = "found" in table ? await reads.standing(known) : ({ missing: true } as const);
  return { settings, table, mappings, standing, alarms };
}

/** Counts what stands in an outbox. */
export function countStanding(standing: readonly Standing[], nowMs: number): OutboxStanding {
  const of = (kind: Standing["kind"]) => standing.filter((one) => one.kind === kind);
  const waiting = of("waits");
  return {
    dead: of("dead").length,
    parked: of("parked").length,
    gaps: of("gap").length,
    waiting: waiting.length,
    oldestMs: Math.max(0, ...waiting.map(({ sinceMs }) => nowMs - sinceMs)),
  };
}

/** What an outbox has that nobody gave anything. */
function usual(bus: string): RelaySettings {
  return {
    v: 1,
    ...{ bus, account: "", region: "" },
    ...{ table: outboxTableName(bus), partitionKey: outboxKeyAttribute, sortKey: outboxSortAttribute },
    ...{ prefix: "", graceMs: 60_000 },
  };
}
