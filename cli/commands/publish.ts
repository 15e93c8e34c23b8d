import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { count } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

const typePattern = /^(?<type>[^:]+)(?::(?<version>[1-9]\d{0,8}))?$/;

/** `bus publish`: one event by hand, as a publisher of its contract would send it. */
export const publish = command({
  name: "publish",
  summary: "publish an event by hand, with the envelope and attributes that a publisher gives it",
  details: [
    "Finds bus, topic and newest version of the type by the consumers that handle it; options say what cannot be found.",
    "The data is checked by each consumer, not here. Prints where it goes before anything is sent. Without",
    "AWS_ENDPOINT_URL that is the real cloud, and then it wants --yes.",
    "",
    "Examples:",
    `  bus publish order.created --data '{"orderId":"o-1","cents":1250}'`,
    "  bus publish order.created:2 --data @order.json --id o-1 --source /shop/web",
    "  generate | bus publish order.created --data - --count 100 --json",
  ].join("\n"),
  arguments: { type: { value: "<type>", summary: "the event's type, or type:version" } },
  options: {
    data: { value: "<json|@file|->", summary: "the event's data: JSON, a file of it, or standard input" },
    bus: {
      value: "<name>",
      summary: "the bus (default: the one whose consumers handle the type)",
      parse: busName,
    },
    topic: { value: "<name>", summary: "the topic without the bus (default: the one that brings the type)" },
    source: {
      value: "<name>",
      summary: "who publishes; with the id the event's identity",
      fallback: "/bus/publish",
    },
    id: { value: "<id>", summary: "the event's id (default: a new one); the same again is a duplicate" },
    subject: { value: "<text>", summary: "what the event is about" },
    key: { value: "<key>", summary: "the partition key; needed on ordered topics" },
    count: {
      value: "<count>",
      summary: "how many with this data; with --id the same event again and again",
      parse: count,
      fallback: 1,
    },
    yes: { summary: "publish to the real cloud" },
    json: { summary: "print what was published as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { type: typed, data, bus, topic, yes, json, key, ...event }) => {
    const { type, version } = typePattern.exec(typed)?.groups ?? {};
    if (type === undefined) {
      throw new UsageError(
        `${JSON.stringify(typed)} is no type: give one as in "order.created" or "order.created:2"`,
      );
    }
    if (data === undefined) {
      throw new UsageError("--data is missing: give JSON, @file, or - for standard input");
    }
    // Loaded here, so that `bus --help` does not wait for the AWS SDK.
    const { findRoute, findTarget, publishEvent, readData, sdkReads, targetText } = await loadOps(
      () => import("../../ops/publish/index.ts"),
    );
    const value = await readData(data, terminal);
    const target = await findTarget();
    terminal.say(`target: ${targetText(target)}`);
    if (target.isRealCloud && !yes) {
      throw new UsageError(
        "this is the real cloud: nothing was sent. Give --yes to publish there, or set AWS_ENDPOINT_URL, as in http://127.0.0.1:4566",
      );
    }
    if (target.identity === undefined) {
      throw new UsageError(`${target.problem}: nothing was sent; bus doctor tells what to set`);
    }
    const reads = sdkReads();
    try {
      const route = await findRoute(reads, {
        type,
        bus,
        topic,
        version: version === undefined ? undefined : Number(version),
      });
      const to =
        route.consumers.length === 0
          ? "nobody, as no subscription asks for this type"
          : route.consumers.join(", ");
      terminal.say(`${type}:${route.version} on ${route.bus}-${route.topic}, heard by ${to}`);
      const published = await publishEvent(route, value, { partitionkey: key, ...event });
      if (json) terminal.printJson({ target, ...route, published });
      else for (const { id } of published) terminal.print(id);
      return exitCodes.done;
    } finally {
      reads.close();
    }
  },
});
