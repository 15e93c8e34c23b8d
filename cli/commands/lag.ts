import type { ConsumerLag } from "../../ops/lag/index.ts";
import { busName } from "../bus-name.ts";
import { columns } from "../columns.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { count } from "../option-values.ts";
import { plainText } from "../plain-text.ts";
import { redraw } from "../redraw.ts";
import { spanText } from "../span-text.ts";
import type { Terminal } from "../terminal.ts";

/** `bus lag`: how far each consumer is behind, and where that leads. */
export const lag = command({
  name: "lag",
  summary: "how far each consumer is behind, whether that grows, and how long until it has caught up",
  details: [
    "Looks twice, --every seconds apart; receives nothing. Each consumer is caught up, behind and shrinking, behind and growing,",
    "stuck or held, and the reason says why. SQS counts nothing over time: what comes in and goes out, and the age of the",
    "oldest message, are CloudWatch's, by the minute, and unknown where there is none, as on most emulators.",
    "",
    "Examples:",
    "  bus lag",
    "  bus lag --watch",
    "  bus lag --bus shop --every 30 --json",
  ].join("\n"),
  arguments: { consumer: { value: "[consumer]", summary: "one consumer (default: every one)" } },
  options: {
    bus: { value: "<name>", summary: "the consumers of one bus (default: every one)", parse: busName },
    watch: { summary: "look again and again, until Ctrl-C" },
    every: { value: "<seconds>", summary: "seconds between two looks", parse: count, fallback: 5 },
    json: { summary: "print each look as one line of JSON" },
  },
  run: (terminal, { consumer, bus, watch, every, json }) =>
    withCloud(terminal, async (cloud) => {
      const { measureLag, sdkLagReads } = await loadOps(() => import("../../ops/lag/index.ts"));
      const consumers =
        consumer === undefined ? await cloud.consumers(bus) : [await cloud.consumer(consumer, bus)];
      if (consumers.length === 0) terminal.say("there is no consumer here");
      else terminal.say(`looking twice, ${every} s apart …`);
      const looks = measureLag({
        reads: sdkLagReads(cloud),
        consumers,
        everyMs: consumers.length === 0 ? 0 : every * 1_000,
        signal: terminal.showing,
      });
      const show = json
        ? (found: readonly ConsumerLag[]) =>
            terminal.printJson({ target: cloud.target, everySeconds: every, consumers: found })
        : showTable(terminal, watch);
      for await (const found of looks) {
        show(found);
        if (!watch) break;
      }
      return exitCodes.done;
    }),
});

/** Prints a table for each look; on a screen that is watched, in the place of the one before. */
function showTable(terminal: Terminal, watch: boolean): (found: readonly ConsumerLag[]) => void {
  const show = redraw(terminal, watch);
  return (found) => {
    if (found.length > 0) show(plainText(lagText(found)));
  };
}

/** All consumers as a table, what is not known as `?`. */
export function lagText(found: readonly ConsumerLag[]): string {
  const head = [
    "CONSUMER",
    "VISIBLE",
    "IN FLIGHT",
    "DELAYED",
    "OLDEST",
    "IN/s",
    "OUT/s",
    "CHANGE/s",
    "DRAINED",
    "VERDICT",
  ];
  const rows = found.map((one) => {
    const name = `${one.bus}-${one.consumer}`;
    if ("problem" in one) return [name, "", "", "", "", "", "", "", "", `cannot be seen: ${one.problem}`];
    const { visible, inFlight, delayed, oldestSeconds, inPerSecond, outPerSecond, ...rest } = one.lag;
    return [
      name,
      visible,
      inFlight,
      delayed,
      oldestSeconds === undefined ? "?" : spanText(oldestSeconds * 1_000),
      rate(inPerSecond),
      rate(outPerSecond),
      rate(rest.changePerSecond),
      rest.drainSeconds === undefined
        ? "never"
        : rest.drainSeconds === 0
          ? "now"
          : `in ${spanText(rest.drainSeconds * 1_000)}`,
      `${rest.state}: ${rest.reason}`,
    ];
  });
  return columns([head, ...rows], { widest: 160 });
}

function rate(perSecond: number | undefined): string | number {
  return perSecond === undefined ? "?" : Math.round(perSecond * 10) / 10;
}
