import type { ReleasedGroup } from "../../ops/parked/index.ts";
import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { count } from "../option-values.ts";
import { parkedTable, releasedText } from "../parked-text.ts";
import { progressLine } from "../progress-line.ts";
import { UsageError } from "../usage-error.ts";
import { agreement } from "./dlq-agreement.ts";

/** `bus dlq release`: what waits behind a poison is handled, in order. */
export const dlqRelease = command({
  name: "release",
  summary: "have what waits behind a poison handled, in order; first shows what waits",
  details: [
    "For consumers with onPoison: park. The consumer does it: this command begins it and watches. Killed, or a function killed,",
    "it goes on; given again, it begins what it had not. What comes meanwhile waits behind. What dies on the way parks its group",
    "again. The poison is left out and stays a dead letter, unless --with-poison. Asks first, or wants --yes; without",
    "AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus dlq release Book account-17",
    "  bus dlq release Book --all --with-poison --yes --json",
  ].join("\n"),
  arguments: {
    consumer: { value: "<consumer>", summary: "whose groups" },
    group: { value: "[group]", summary: "the group, as bus dlq list shows it" },
  },
  options: {
    bus: { value: "<name>", summary: "the consumer's bus, where more than one has it", parse: busName },
    all: { summary: "every group that is parked" },
    "with-poison": { summary: "handle the poison first, with all its attempts, instead of leaving it out" },
    wait: {
      value: "<seconds>",
      summary: "how long to watch when nothing moves",
      parse: count,
      fallback: 300,
    },
    yes: { summary: "release them, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer: name, group, bus, all, "with-poison": withPoison, wait, yes, json }) => {
    if (all === (group !== undefined)) {
      throw new UsageError("give one group, as bus dlq list shows it, or --all");
    }
    return withCloud(terminal, async (cloud) => {
      const { dropHandled, listParked, ReleaseError, releaseParked } = await loadOps(
        () => import("../../ops/parked/index.ts"),
      );
      const consumer = await cloud.consumer(name, bus);
      const store = cloud.parked(consumer.bus);
      const title = `${consumer.bus}-${consumer.consumer}`;
      const list = await listParked(store, consumer);
      if ("problem" in list) throw new UsageError(list.problem);
      const chosen = list.groups.filter((one) => all || one.group === group);
      const about = { target: cloud.target, consumer: title, groups: chosen };
      if (chosen.length === 0) {
        terminal.say(`${title}: ${all ? "no group is" : `group ${JSON.stringify(group)} is not`} parked`);
        if (json) terminal.printJson({ ...about, dryRun: true, released: [] });
        return exitCodes.done;
      }
      const isAgreed = await agreement({
        terminal,
        target: cloud.target,
        plan: `${title}\n${parkedTable(chosen, systemClock.nowMs())}`,
        question: `release ${chosen.length} of ${title}, ${withPoison ? "with their" : "without their"} poison?`,
        how: "--yes",
        yes,
        json,
      });
      if (!isAgreed) {
        if (json) terminal.printJson({ ...about, dryRun: true, released: [] });
        return exitCodes.done;
      }
      const line = progressLine(terminal);
      const startedAtMs = systemClock.nowMs();
      const released = await releaseParked({
        store,
        client: cloud.sqs,
        consumer,
        groups: chosen.map((one) => one.group),
        withPoison,
        stallMs: wait * 1_000,
        pollMs: cloud.target.isRealCloud ? 1_000 : 250,
        signal: terminal.signal,
        onProgress: ({ through, waiting }) =>
          line.show(`released ${through} of ${chosen.length} groups  ${waiting} messages wait`),
      })
        .catch((thrown: unknown) => {
          throw thrown instanceof ReleaseError ? new UsageError(thrown.message) : thrown;
        })
        .finally(() => line.end());
      const dropped = withPoison
        ? await dropHandled({
            client: cloud.sqs,
            consumer,
            before: chosen,
            released,
            startedAtMs,
            waitSeconds: cloud.waitSeconds,
          })
        : 0;
      if (json) terminal.printJson({ ...about, dryRun: false, released, droppedLetters: dropped });
      terminal[json ? "say" : "print"](`${title}\n${releasedText(released)}`);
      return codeOf(released);
    });
  },
});

/** Done when every group is through. */
function codeOf(released: readonly ReleasedGroup[]): ExitCode {
  const isThrough = ({ status }: ReleasedGroup) => status === "released" || status === "not-parked";
  return released.every(isThrough) ? exitCodes.done : exitCodes.partial;
}
