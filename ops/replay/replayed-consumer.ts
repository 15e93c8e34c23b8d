import type { ConsumerSettings } from "../../src/env.ts";
import { functionName, queueName } from "../../src/names.ts";
import type { CloudReads } from "../doctor/facts.ts";
import { settingsOf } from "../doctor/read-bus.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import { ReplayError } from "./replay-error.ts";

/** A consumer that events are replayed to. */
export interface ReplayedConsumer {
  readonly bus: string;
  readonly name: string;
  readonly queue: string;
  readonly fifo: boolean;
  /** Event types that it handles. */
  readonly types: readonly string[];
  readonly settings: ConsumerSettings;
}

/** All that a replay has to know of a consumer, by its function's settings. */
export async function replayedConsumer(
  reads: Pick<CloudReads, "functions">,
  { bus, consumer, fifo }: ConsumerRef,
): Promise<ReplayedConsumer> {
  const read = await reads.functions();
  const functions = "found" in read ? read.found : [];
  const settings = functions.map(settingsOf).find((one) => one?.bus === bus && one.consumer === consumer);
  if (!settings) {
    throw new ReplayError(
      "consumer-unknown",
      `${functionName(bus, consumer)} has no settings that this version can read: deploy it again`,
    );
  }
  const types = [...new Set(settings.on.map((contract) => contract.slice(0, contract.lastIndexOf(":"))))];
  return { bus, name: consumer, queue: queueName(bus, consumer, fifo), fifo, types, settings };
}
