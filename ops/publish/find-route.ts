import { OmnibusError } from "../../src/errors.ts";
import { topicName } from "../../src/names.ts";
import { type CloudReads, type Read, settingsOf } from "../doctor/index.ts";

/** Where an event type goes, as the bus's consumers know it. */
export interface EventRoute {
  readonly bus: string;
  readonly type: string;
  readonly version: number;
  /** Without the bus: `orders`. */
  readonly topic: string;
  /** Where the topic is: its own ARN says so. */
  readonly account: string;
  readonly region: string;
  /** Fields of the data that some consumer filters on: they travel as message attributes. */
  readonly filterable: readonly string[];
  /** Consumers whose subscription lets this type through, by name. */
  readonly consumers: readonly string[];
}

/** What is known beforehand; the rest is asked of the cloud. */
export interface WantedRoute {
  readonly type: string;
  readonly version?: number | undefined;
  readonly bus?: string | undefined;
  readonly topic?: string | undefined;
}

/** The type cannot be routed as asked; the message says what is there, and what to give. */
export class RouteError extends OmnibusError {}

/**
 * Finds bus, topic and version of an event type: consumers' settings say who handles which version, and the filters of
 * their subscriptions which topic brings it and by which fields they choose. What is given is not looked for, and a
 * topic that is given may have no consumer yet.
 *
 * Throws `RouteError` when it cannot be told.
 */
export async function findRoute(reads: CloudReads, wanted: WantedRoute): Promise<EventRoute> {
  const { type } = wanted;
  const functions = allowed(await reads.functions());
  const all = functions.flatMap((one) => settingsOf(one) ?? []);
  const handlers = all.filter(({ on }) => on.some((key) => key.startsWith(`${type}:`)));
  const bus =
    wanted.bus ??
    theOne(
      "bus",
      type,
      handlers.length > 0 ? handlers.map((one) => one.bus) : all.map((one) => one.bus),
      "--bus",
    );
  const own = handlers.filter((one) => one.bus === bus);

  const topics = allowed(await reads.topics(`${bus}-`));
  const asked = wanted.topic === undefined ? topics : [theTopic(topics, bus, wanted.topic)];
  const subscriptions = (
    await Promise.all(asked.map(async (arn) => allowed(await reads.subscriptions(arn))))
  ).flat();
  const letting = subscriptions.filter(({ filterPolicy }) => letsThrough(filterPolicy, type));
  const topic =
    wanted.topic ??
    theOne(
      "topic",
      type,
      letting.map((one) => topicOf(bus, one.topicArn)),
      "--topic",
    );
  const heard = letting.filter((one) => topicOf(bus, one.topicArn) === topic);
  const [, , , region = "", account = ""] =
    asked.find((arn) => topicOf(bus, arn) === topic)?.split(":") ?? [];
  const versions = own.flatMap(({ on }) =>
    on.filter((key) => key.startsWith(`${type}:`)).map((key) => Number(key.slice(type.length + 1))),
  );
  return {
    bus,
    type,
    version: wanted.version ?? Math.max(1, ...versions),
    topic,
    account,
    region,
    filterable: [...new Set(heard.flatMap(({ filterPolicy }) => Object.keys(filterPolicy)))]
      .filter((key) => key !== "type")
      .sort(),
    consumers: heard.map(({ endpoint }) => endpoint.split(":").at(-1) ?? endpoint).sort(),
  };
}

function theTopic(topics: readonly string[], bus: string, topic: string): string {
  const arn = topics.find((one) => topicOf(bus, one) === topic);
  if (arn !== undefined) return arn;
  const others = topics.map((one) => topicOf(bus, one)).join(", ");
  throw new RouteError(
    "topic-missing",
    `there is no topic ${topicName(bus, topic)} here; the bus has ${others === "" ? "none" : others}`,
  );
}

function topicOf(bus: string, arn: string): string {
  return (
    arn
      .split(":")
      .at(-1)
      ?.slice(bus.length + 1) ?? arn
  );
}

/** A subscription without a filter lets all types through: that tells of no type in particular. */
function letsThrough(policy: Readonly<Record<string, unknown>>, type: string): boolean {
  return Array.isArray(policy.type) && policy.type.includes(type);
}

function allowed<Value>(read: Read<readonly Value[]>): readonly Value[] {
  if ("denied" in read) {
    throw new RouteError(
      "not-allowed",
      `${read.denied} is not allowed: let these credentials call it, or give --bus and --topic to others that may`,
    );
  }
  return "found" in read ? read.found : [];
}

function theOne(what: "bus" | "topic", type: string, found: readonly string[], option: string): string {
  const [one, ...more] = new Set(found);
  if (one !== undefined && more.length === 0) return one;
  throw new RouteError(
    `${what}-unknown`,
    one === undefined
      ? `no consumer here handles ${type}, so its ${what} is not known: give ${option}, or deploy a consumer of it`
      : `${type} has more than one ${what} here (${[one, ...more].join(", ")}): give ${option}`,
  );
}
