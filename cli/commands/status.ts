import type { BusStatus, ConsumerStatus } from "../../ops/holds/index.ts";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
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

/** `bus status`: what holds each consumer, since when and why, and when that is looked at again. */
export const status = command({
  name: "status",
  summary: "what holds each consumer: since when, why, the next probe, how far its recovery is",
  details: [
    "running; closing, held, opening; recovering: it takes a few batches at once after an outage. Changes nothing.",
    "",
    "Examples:",
    "  bus status",
    "  bus status --watch",
    "  bus status LockStock --bus shop --json",
  ].join("\n"),
  arguments: { consumer: { value: "[consumer]", summary: "one consumer (default: every one)" } },
  options: {
    bus: { value: "<name>", summary: "the consumers of one bus (default: every one)", parse: busName },
    watch: { summary: "look again and again, until Ctrl-C" },
    every: { value: "<seconds>", summary: "seconds between two looks", parse: count, fallback: 2 },
    json: { summary: "print each look as one line of JSON" },
  },
  run: (terminal, { consumer, bus, watch, every, json }) =>
    withCloud(terminal, async (cloud) => {
      const { openHolds, readStatus } = await loadOps(() => import("../../ops/holds/index.ts"));
      const consumers =
        consumer === undefined ? await cloud.consumers(bus) : [await cloud.consumer(consumer, bus)];
      if (consumers.length === 0) terminal.say("there is no consumer here");
      const opened = openHolds();
      const show = redraw(terminal, watch);
      try {
        do {
          const buses = await readStatus(consumers, opened.of);
          if (json) terminal.printJson({ target: cloud.target, buses });
          else if (consumers.length > 0) show(plainText(statusText(buses)));
          if (watch) await sleep(systemClock, every * 1_000, terminal.showing);
        } while (watch && !terminal.showing.aborted);
        return exitCodes.done;
      } finally {
        opened.close();
      }
    }),
});

const head = ["CONSUMER", "STATE", "HELD BY", "FOR", "PROBE", "WHY"];

/** All consumers as a table: a line for each, and one more for each further hold. */
export function statusText(buses: readonly BusStatus[], clock: Clock = systemClock): string {
  const rows = buses.flatMap(({ consumers }) => consumers.flatMap((one) => rowsOf(one, clock.nowMs())));
  const notes = buses.flatMap(({ bus, hasGovernor, problem }) => [
    ...(problem === undefined ? [] : [`bus ${bus}: what holds its consumers cannot be read: ${problem}`]),
    ...(hasGovernor === false
      ? [
          `bus ${bus}: no governor is deployed (${bus}-governor): nobody probes, and nobody opens or closes mappings`,
        ]
      : []),
  ]);
  return [columns([head, ...rows], { widest: 120 }), ...notes].join("\n");
}

function rowsOf(status: ConsumerStatus, nowMs: number): readonly (readonly string[])[] {
  const { bus, consumer, state, holds, probe, ramp } = status;
  const stepped = ramp && holds.length === 0 ? `${state} (${ramp.step} at once)` : state;
  const first = [`${bus}-${consumer}`, stepped];
  if (holds.length === 0) return [[...first, "", "", "", ""]];
  return holds.map((hold, index) => [
    ...(index === 0 ? first : ["", ""]),
    hold.name,
    spanText(nowMs - hold.sinceMs),
    hold.probe ? probeText(probe, nowMs) : "",
    [hold.why, hold.name === "manual" ? `by ${hold.by}` : ""].filter(Boolean).join("; "),
  ]);
}

function probeText(probe: ConsumerStatus["probe"], nowMs: number): string {
  if (!probe) return "soon";
  const next = probe.nextMs > nowMs ? `in ${spanText(probe.nextMs - nowMs)}` : "due";
  return probe.verdict === "unknown" ? `${next} (last: ${probe.why})` : next;
}
