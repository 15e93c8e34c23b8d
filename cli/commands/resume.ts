import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { count } from "../option-values.ts";
import { plainText } from "../plain-text.ts";
import { heldText, refuseRealCloud, untilText } from "./hold-words.ts";

/** `bus resume`: ends what `bus pause` began. */
export const resume = command({
  name: "resume",
  summary: "let a paused consumer go on",
  details: [
    "Lifts the hold of `bus pause`, and no other: a consumer whose dependency is down stays held until that is back. Resuming",
    "twice changes nothing. Without AWS_ENDPOINT_URL this is the real cloud, and then it wants --yes.",
    "",
    "Examples:",
    "  bus resume LockStock",
    "  bus resume LockStock --bus shop --json",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "the consumer" } },
  options: {
    bus: {
      value: "<name>",
      summary: "its bus, where more than one has a consumer of this name",
      parse: busName,
    },
    wait: {
      value: "<seconds>",
      summary: "how long to wait until its mapping is open",
      parse: count,
      fallback: 60,
    },
    yes: { summary: "in the real cloud" },
    json: { summary: "print the outcome as one line of JSON" },
  },
  run: (terminal, { consumer: name, bus, wait, yes, json }) =>
    withCloud(terminal, async (cloud) => {
      refuseRealCloud(cloud.target, yes);
      const consumer = await cloud.consumer(name, bus);
      const { openHolds, resume } = await loadOps(() => import("../../ops/holds/index.ts"));
      const opened = openHolds();
      try {
        const result = await resume({
          consumer,
          bus: opened.of(consumer.bus),
          waitMs: wait * 1_000,
          signal: terminal.signal,
        });
        const { changed, hold, others, arrived, mapping, hasGovernor } = result;
        const title = `${consumer.bus}-${consumer.consumer}`;
        if (json) {
          terminal.printJson({ target: cloud.target, ...consumer, ...result });
        } else {
          const lines = [
            changed && hold
              ? `${title} is resumed; it was paused ${heldText(hold)}`
              : `${title} is not paused: nothing was changed`,
            ...others.map((other) => `it stays held by ${other.name}, ${heldText(other)}`),
            others.length === 0
              ? untilText({ arrived, mapping, hasGovernor, wanted: "open", consumer })
              : "it opens by itself when that is over: bus status tells the next probe",
          ];
          terminal.print(plainText(lines.join("\n")));
        }
        return arrived ? exitCodes.done : exitCodes.partial;
      } finally {
        opened.close();
      }
    }),
});
