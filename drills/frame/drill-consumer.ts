import { deadLetterQueueName, functionName, queueName } from "../../src/names.ts";

/** A consumer that a drill watches. */
export interface DrillConsumer<Name extends string = string> {
  readonly name: Name;
  readonly functionName: string;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
}

/** A consumer by its bus and name: all else is named from them. (Imported by file, not by index: CDK apps need no cloud.) */
export function drillConsumer<Name extends string>(
  bus: string,
  name: Name,
  { fifo = false }: { readonly fifo?: boolean } = {},
): DrillConsumer<Name> {
  return {
    name,
    functionName: functionName(bus, name),
    queueName: queueName(bus, name, fifo),
    deadLetterQueueName: deadLetterQueueName(bus, name, fifo),
  };
}

/** One value per consumer, by its name. */
export function perConsumer<Consumer extends DrillConsumer, Value>(
  consumers: readonly Consumer[],
  make: (consumer: Consumer) => Value,
): Record<Consumer["name"], Value> {
  return Object.fromEntries(consumers.map((consumer) => [consumer.name, make(consumer)])) as Record<
    Consumer["name"],
    Value
  >;
}
