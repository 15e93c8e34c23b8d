import { backoffMs } from "../backoff.ts";
import { describeError } from "../errors.ts";
import {
  applyStep,
  type LineEntry,
  type ParkedGroup,
  type ParkedStore,
  releaseMessage,
  releaseOf,
  type StepResult,
} from "../parking/index.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Delivery } from "./delivery.ts";
import { createGroupLane, type GroupLane } from "./group-lane.ts";
import { recordOf } from "./incoming.ts";
import { lineUp } from "./line-up.ts";
import type { Outcome } from "./outcome.ts";
import type { ParkedGroups } from "./parked-groups.ts";
import { flush } from "./pending.ts";
import { poisonOf } from "./poison-of.ts";
import type { SqsRecord } from "./sqs-event.ts";

/** Most messages that one release message brings out of a line: as many claims as one call takes. */
const mostReleased = 25;

/**
 * The groups of one batch of a consumer that parks. One read for all of them; one transaction more for each group that
 * is parked. When the table does not answer nothing is handled: what waits behind a poison must not overtake it.
 */
export function parkGroups(store: ParkedStore, runOf: () => BatchRun): ParkedGroups {
  const lanes = new Map<string, GroupLane>();
  const again = new Map<SqsRecord, number>();
  let unavailable: unknown;

  const laneOf = ({ group }: Delivery): GroupLane | undefined =>
    group === undefined ? undefined : lanes.get(group);

  return {
    again,

    async open(records) {
      const run = runOf();
      const { consumer } = run.settings;
      const releases = new Set(records.filter(({ body }) => releaseOf(body) !== undefined));
      const ordinary = records.filter((record) => !releases.has(record));
      for (const record of records) {
        const group = record.attributes.MessageGroupId ?? "";
        if (!lanes.has(group)) lanes.set(group, createGroupLane(group));
      }
      try {
        const markers = await store.read(consumer, [...lanes.keys()]);
        for (const [group, marker] of markers) {
          const lane = lanes.get(group);
          if (lane) lane.marker = marker;
        }
        await Promise.all(
          [...releases].map(async (carrier) => {
            const lane = lanes.get(carrier.attributes.MessageGroupId ?? "");
            const { marker } = lane ?? {};
            // One of an earlier release, or a second one of this: nothing to do.
            if (!lane || !marker?.release || lane.carrier || marker.release.id !== releaseOf(carrier.body))
              return;
            lane.carrier = carrier;
            lane.entries = await store.line(consumer, lane.group, marker.first, mostReleased);
          }),
        );
      } catch (error) {
        unavailable = error;
        for (const lane of lanes.values()) lane.entries = [];
        for (const carrier of releases) again.set(carrier, retryMs(carrier, run));
      }
      const released = [...lanes.values()].flatMap(({ entries, carrier, recordOfEntry }) =>
        entries.map((entry) => {
          const record = recordOf(entry, carrier as SqsRecord);
          recordOfEntry.set(entry, record);
          return { record, carrier: carrier as SqsRecord };
        }),
      );
      // First: the same event once more behind its line must not take its place.
      return [...released, ...ordinary.map((record) => ({ record, carrier: record }))];
    },

    admit(deliveries) {
      if (unavailable !== undefined) {
        for (const delivery of deliveries) delivery.outcome = noAnswer(delivery, unavailable, runOf());
        return deliveries;
      }
      const leftOut = new Set(deliveries.filter((delivery) => laneOf(delivery)?.leavesOut(delivery)));
      const admitted = deliveries.filter((delivery) => !leftOut.has(delivery));
      for (const delivery of admitted) {
        if (delivery.follows && leftOut.has(delivery.follows)) delivery.follows = undefined;
        laneOf(delivery)?.take(delivery);
      }
      return admitted;
    },

    async lineUp() {
      if (unavailable !== undefined) return;
      // An end that is still being written may turn out to be none.
      await flush(runOf());
      for (const lane of lanes.values()) {
        lane.ready = lane.isDecided();
        if (lane.ready) lineUp(lane.live);
      }
    },

    mayBury: (delivery) => laneOf(delivery)?.ready ?? true,

    async write() {
      if (unavailable !== undefined) return;
      const open = [...lanes.values()].filter((lane) => !lane.written && lane.ready);
      await Promise.all(open.map((lane) => writeGroup(lane, runOf())));
    },

    close() {
      for (const lane of lanes.values()) if (!lane.written) lane.giveBack(undefined, () => groupStopped);
    },
  };

  async function writeGroup(lane: GroupLane, run: BatchRun): Promise<void> {
    const dead = lineUp(lane.live);
    // It waits for others of its message, which may yet have to come again.
    if (dead && !dead.copied) return;
    const { carrier, marker, group } = lane;
    const done = lane.done();
    const joining = lane.joining(dead);
    lane.written = true;
    if (!marker && !dead) return;
    let result: StepResult;
    try {
      result = await applyStep(store, marker, {
        consumer: run.settings.consumer,
        group,
        nowMs: run.clock.nowMs(),
        done,
        joining,
        release: carrier ? marker?.release?.id : undefined,
        poison: dead && poisonOf(dead, run.clock.nowMs()),
      });
    } catch (error) {
      if (carrier) again.set(carrier, retryMs(carrier, run));
      lane.giveBack(dead, (delivery) => noAnswer(delivery, error, run));
      return;
    }
    if (result.status !== "written") {
      lane.giveBack(dead, () => groupStopped);
      return;
    }
    const { group: after } = result;
    if (carrier && after?.release && after.release.id === marker?.release?.id) {
      await goOn(lane, carrier, after, done, run);
    }
  }

  /** The line is not at its end: the next release message is sent, unless this one has to come again. */
  async function goOn(
    lane: GroupLane,
    carrier: SqsRecord,
    { group, release, first }: ParkedGroup,
    done: readonly LineEntry[],
    run: BatchRun,
  ): Promise<void> {
    const stopped = lane.live.find(({ outcome }) => outcome?.kind === "retry");
    const outOfTime = stopped?.outcome?.kind === "retry" && stopped.outcome.reason === "no-time";
    if (!release || (stopped && !(outOfTime && done.length > 0))) return;
    const next = { ...releaseMessage(group, { id: release.id, place: first }), attributes: {} };
    const [taken] = await run.queues.send(run.queueArn, [next]);
    if (taken) lane.leaveInLine();
    else again.set(carrier, retryMs(carrier, run));
  }
}

const groupStopped: Outcome = { kind: "retry", reason: "group-stopped", delayMs: 0 };

function retryMs({ attributes }: SqsRecord, { clock, settings }: BatchRun): number {
  return backoffMs(clock, Number(attributes.ApproximateReceiveCount) || 1, settings);
}

function noAnswer(delivery: Delivery, error: unknown, { clock, settings }: BatchRun): Outcome {
  return {
    kind: "retry",
    reason: "parking-unavailable",
    delayMs: backoffMs(clock, delivery.receives, settings),
    error: describeError(error),
  };
}
