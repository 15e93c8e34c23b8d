import { OmnibusError } from "../src/errors.ts";
import type { CloudReads } from "./doctor/facts.ts";
import { settingsOf } from "./doctor/read-bus.ts";

/** A consumer, as far as names need it. */
export interface ConsumerRef {
  readonly bus: string;
  readonly consumer: string;
  readonly fifo: boolean;
  /** Its ordered groups wait behind a poison. */
  readonly parks?: true;
  /** A schedule drains it: it has no mapping. */
  readonly drained?: true;
}

/** There is no such consumer, or more than one; the message says which there are. */
export class ConsumerError extends OmnibusError {}

/** Consumers of this cloud, by their functions' settings; of one bus, where one is given. Sorted by name. */
export async function listConsumers(
  reads: Pick<CloudReads, "functions">,
  { bus }: { readonly bus?: string | undefined } = {},
): Promise<readonly ConsumerRef[]> {
  const read = await reads.functions();
  if ("denied" in read) {
    throw new ConsumerError(
      "not-allowed",
      `${read.denied} is not allowed: let these credentials call it, so that consumers can be found`,
    );
  }
  const functions = "found" in read ? read.found : [];
  const all = functions.flatMap((one) => settingsOf(one) ?? []);
  const found = all.filter((one) => bus === undefined || one.bus === bus);
  if (bus !== undefined && found.length === 0) {
    const buses = [...new Set(all.map((one) => one.bus))].sort().join(", ");
    throw new ConsumerError(
      "bus-unknown",
      `no consumer here belongs to a bus ${JSON.stringify(bus)}; ${buses === "" ? "there is no bus here" : `there is ${buses}`}`,
    );
  }
  return found
    .map(({ bus, consumer, fifo, onPoison, drain }) => ({
      bus,
      consumer,
      fifo,
      ...(onPoison === "park" ? { parks: true as const } : {}),
      ...(drain ? { drained: true as const } : {}),
    }))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** The one consumer of this name. Throws `ConsumerError` when there is none, or one in more than one bus. */
export async function findConsumer(
  reads: Pick<CloudReads, "functions">,
  { consumer, bus }: { readonly consumer: string; readonly bus?: string | undefined },
): Promise<ConsumerRef> {
  const all = await listConsumers(reads, { bus });
  const [one, ...more] = all.filter((found) => found.consumer === consumer);
  if (one === undefined) {
    throw new ConsumerError(
      "consumer-unknown",
      `there is no consumer ${JSON.stringify(consumer)} here; ${all.length === 0 ? "there is none at all" : `there is ${all.map(nameOf).join(", ")}`}`,
    );
  }
  if (more.length > 0) {
    throw new ConsumerError(
      "consumer-unclear",
      `${consumer} is in more than one bus (${[one, ...more].map(nameOf).join(", ")}): give --bus`,
    );
  }
  return one;
}

function nameOf({ bus, consumer }: ConsumerRef): string {
  return `${bus}-${consumer}`;
}
