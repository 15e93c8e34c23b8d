import { SettingsError } from "./errors.ts";

/** What follows a queue's own name. */
export const suffixes = { dead: "-dead", undelivered: "-undelivered", windows: "-windows" } as const;
const fifoSuffix = ".fifo";

/** What stands behind `{bus}-` elsewhere, now or soon: tables, jobs, the archive. No consumer may be called so. */
const reservedNames: readonly string[] = [
  "ledger",
  "limits",
  "parked",
  "jobs",
  "outbox",
  "archive",
  "archiver",
  "journaler",
  "sealer",
  "reconciler",
  "replayer",
  "relay",
  "governor",
  "delivery",
  "claims",
  "delayed",
  "delayer",
];

/** What a bus may be called: no hyphen, so that `{bus}-{name}` can be read only one way. */
export const busNamePattern = /^[a-z][a-z0-9]{0,19}$/;
/** What a topic may be called: kebab-case, and `.fifo` at the end for an ordered one. */
export const topicNamePattern = /^[a-z][a-z0-9-]{0,49}(\.fifo)?$/;
/** What a consumer may be called: its construct id as it stands. */
export const consumerNamePattern = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/** Whether a topic or queue name is that of an ordered one: AWS's own suffix says so. */
export function isFifo(name: string): boolean {
  return name.endsWith(fifoSuffix);
}

/** A queue's name, as that of an ordered one where it is. */
export function withFifo(name: string, fifo: boolean): string {
  return fifo ? name + fifoSuffix : name;
}

/** The name, if a bus may be called so. Throws `SettingsError`. */
export function checkBus(bus: string): string {
  if (busNamePattern.test(bus)) return bus;
  throw new SettingsError(
    "bus-name",
    `bus name ${JSON.stringify(bus)} is not allowed: it must match ${busNamePattern} (no hyphen, so that names cannot collide; an environment is part of it, as in "shopdev")`,
  );
}

/** The name, if a topic may be called so. Throws `SettingsError`. */
export function checkTopic(topic: string): string {
  if (topicNamePattern.test(topic)) return topic;
  throw new SettingsError(
    "topic-name",
    `topic name ${JSON.stringify(topic)} is not allowed: it must match ${topicNamePattern}; give the contract's topic without the bus, as in "orders"`,
  );
}

/** The name, if a consumer may be called so. Throws `SettingsError`. */
export function checkConsumer(consumer: string): string {
  const suffix = Object.values(suffixes).find((one) => consumer.endsWith(one));
  if (suffix !== undefined || reservedNames.includes(consumer)) {
    const why = suffix === undefined ? "it is" : `it ends in ${JSON.stringify(suffix)},`;
    throw new SettingsError(
      "consumer-name",
      `consumer name ${JSON.stringify(consumer)} is reserved: ${why} what Omnibus calls queues, tables and functions of its own; choose another construct id`,
    );
  }
  if (consumerNamePattern.test(consumer)) return consumer;
  throw new SettingsError(
    "consumer-name",
    `consumer name ${JSON.stringify(consumer)} is not allowed: it must match ${consumerNamePattern}, as in "LockStock"; the construct id is the name`,
  );
}
