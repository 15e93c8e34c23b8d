import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { count } from "../option-values.ts";
import { plainText } from "../plain-text.ts";
import { heldText, refuseRealCloud, untilText } from "./hold-words.ts";

/** `bus pause`: holds a consumer until it is resumed. */
export const pause = command({
  name: "pause",
  summary: "hold a consumer: its events wait in the queue until bus resume",
  details: [
    "Nothing but `bus resume` ends it: no recovery of a dependency, no deployment. What runs is finished; what is received",
    "until the mapping has closed goes back unrun, no nearer to death. Pausing twice changes nothing. The queue keeps what",
    "waits for its retention, 4 days unless told. Without AWS_ENDPOINT_URL this is the real cloud, and then it wants --yes.",
    "",
    "Examples:",
    '  bus pause LockStock --reason "stock is being counted"',
    "  bus pause LockStock --bus shop --json",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "the consumer" } },
  options: {
    bus: {
      value: "<name>",
      summary: "its bus, where more than one has a consumer of this name",
      parse: busName,
    },
    reason: { value: "<text>", summary: "why, for whoever asks with bus status", fallback: "" },
    wait: {
      value: "<seconds>",
      summary: "how long to wait until its mapping is closed",
      parse: count,
      fallback: 60,
    },
    yes: { summary: "in the real cloud" },
    json: { summary: "print the outcome as one line of JSON" },
  },
  run: (terminal, { consumer: name, bus, reason, wait, yes, json }) =>
    withCloud(terminal, async (cloud) => {
      refuseRealCloud(cloud.target, yes);
      const consumer = await cloud.consumer(name, bus);
      const { openHolds, pause } = await loadOps(() => import("../../ops/holds/index.ts"));
      const opened = openHolds();
      try {
        const result = await pause({
          consumer,
          bus: opened.of(consumer.bus),
          why: reason,
          by: cloud.target.identity?.arn ?? "unknown",
          waitMs: wait * 1_000,
          signal: terminal.signal,
        });
        const { changed, hold, others, arrived, mapping, hasGovernor } = result;
        const title = `${consumer.bus}-${consumer.consumer}`;
        if (json) {
          terminal.printJson({ target: cloud.target, ...consumer, ...result });
        } else {
          const lines = [
            `${title} is paused${changed ? "" : " already"}${hold ? ` ${heldText(hold)}` : ""}`,
            ...others.map((other) => `it is held by ${other.name} as well, ${heldText(other)}`),
            untilText({ arrived, mapping, hasGovernor, wanted: "closed", consumer }),
          ];
          terminal.print(plainText(lines.join("\n")));
        }
        return arrived ? exitCodes.done : exitCodes.partial;
      } finally {
        opened.close();
      }
    }),
});
