import type { ArchiveLine } from "../../src/archive/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { matchesFilter } from "../../src/filter/index.ts";
import type { CloudReads } from "../doctor/facts.ts";
import { settingsOf } from "../doctor/read-bus.ts";

/** A consumer of the bus as it stands now. */
export interface KnownConsumer {
  readonly name: string;
  readonly keepsLedger: boolean;
  /** Whether its subscription takes the event. */
  wants(line: ArchiveLine): boolean;
}

/** The bus's consumers by their functions' settings; none where they may not be read. */
export async function knownConsumers(
  reads: Pick<CloudReads, "functions">,
  bus: string,
): Promise<readonly KnownConsumer[]> {
  const read = await reads.functions();
  const functions = "found" in read ? read.found : [];
  return functions
    .flatMap((one) => settingsOf(one) ?? [])
    .filter((settings) => settings.bus === bus)
    .map(knownConsumer);
}

/** One by its settings. */
export function knownConsumer({ consumer, on, mode, filters }: ConsumerSettings): KnownConsumer {
  const types = new Set(on.map((key) => key.slice(0, key.lastIndexOf(":"))));
  return {
    name: consumer,
    keepsLedger: mode !== "none",
    wants: ({ type, topic, message }) => {
      if (type === undefined || !types.has(type)) return false;
      if (filters === undefined || topic === undefined) return true;
      const policy = filters[topic];
      return policy !== undefined && matchesFilter(policy, message.MessageAttributes ?? {});
    },
  };
}
