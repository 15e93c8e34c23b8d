import type { LineEntry, ParkedGroup, ParkedMessage } from "../parking/index.ts";
import type { Delivery } from "./delivery.ts";
import { parkedMessage } from "./incoming.ts";
import type { Outcome } from "./outcome.ts";
import { poisonKey } from "./poison-of.ts";
import type { SqsRecord } from "./sqs-event.ts";

/** One group in one batch of a consumer that parks. */
export interface GroupLane {
  readonly group: string;
  /** As it was read; `undefined`: the group is not parked. */
  marker: ParkedGroup | undefined;
  /** The release message that has brought `entries`. */
  carrier: SqsRecord | undefined;
  /** The head of the line, where it is being released. */
  entries: readonly LineEntry[];
  readonly recordOfEntry: Map<LineEntry, SqsRecord>;
  /** What may be handled in this batch, in order. */
  readonly live: Delivery[];
  /** All of it was decided when it was put in order. */
  ready: boolean;
  written: boolean;
  /** Whether a delivery is the poison that this release leaves out: its dead letter is all that stays of it. */
  leavesOut(delivery: Delivery): boolean;
  /** Takes a delivery in; one that has to wait in the line is `parked` from here on. */
  take(delivery: Delivery): void;
  isDecided(): boolean;
  /** What of `entries` is through, from the head on. */
  done(): readonly LineEntry[];
  /** What joins the line: behind a marker all but what came out of it; else `dead` and what follows it. */
  joining(dead: Delivery | undefined): readonly ParkedMessage[];
  /** What could not be written: all that came by itself comes again. */
  giveBack(dead: Delivery | undefined, outcomeOf: (delivery: Delivery) => Outcome): void;
  /** What came out of the line and was not handled stays in it: another release message will bring it. */
  leaveInLine(): void;
}

export function createGroupLane(group: string): GroupLane {
  const joined: Delivery[] = [];
  const lane: GroupLane = {
    group,
    marker: undefined,
    carrier: undefined,
    entries: [],
    recordOfEntry: new Map(),
    live: [],
    ready: false,
    written: false,

    leavesOut(delivery) {
      const { skip } = lane.marker?.release ?? {};
      // Only where it died: sent back by hand since, it is in the line again, and nowhere else.
      const entry = lane.entries.find(({ place }) => place === skip?.place);
      const isThere = entry !== undefined && lane.recordOfEntry.get(entry) === delivery.record;
      return isThere && poisonKey(delivery) === skip?.key;
    },

    take(delivery) {
      const { marker } = lane;
      // Sent back by hand: it goes before all that waits behind it.
      const isPoison = marker && !marker.release && poisonKey(delivery) === marker.poison.key;
      if (!marker || isStored(delivery) || isPoison || delivery.follows) {
        lane.live.push(delivery);
        return;
      }
      delivery.outcome = { kind: "parked" };
      joined.push(delivery);
    },

    isDecided: () => lane.live.every(({ outcome }) => outcome !== undefined),

    done() {
      const isThrough = (entry: LineEntry) =>
        lane.live.every(
          ({ record, outcome }) => record !== lane.recordOfEntry.get(entry) || isEnded(outcome),
        );
      const open = lane.entries.findIndex((entry) => !isThrough(entry));
      return open === -1 ? lane.entries : lane.entries.slice(0, open);
    },

    joining(dead) {
      const waiting = joined.filter(({ outcome }) => outcome?.kind === "parked");
      if (lane.marker) return recordsOf(waiting).map(parkedMessage);
      if (!dead) return [];
      const records = recordsOf(lane.live);
      const behind = records.slice(records.indexOf(dead.record));
      const comesAgain = ({ record, outcome }: Delivery) =>
        outcome?.kind === "retry" && behind.includes(record);
      const again = lane.live.find(comesAgain)?.record;
      return (again ? behind.slice(0, behind.indexOf(again)) : behind).map(parkedMessage);
    },

    giveBack(dead, outcomeOf) {
      for (const delivery of [...joined, ...lane.live]) {
        const { outcome } = delivery;
        if (isStored(delivery) || (outcome?.kind !== "parked" && delivery !== dead)) continue;
        delivery.outcome = outcomeOf(delivery);
      }
    },

    leaveInLine() {
      for (const delivery of lane.live) {
        if (isStored(delivery) && delivery.outcome?.kind === "retry") delivery.outcome = { kind: "parked" };
      }
    },
  };
  return lane;
}

/** Whether it came out of a line. */
function isStored({ record, carrier }: Delivery): boolean {
  return record !== carrier;
}

function isEnded(outcome: Outcome | undefined): boolean {
  return outcome?.kind === "handled" || outcome?.kind === "duplicate";
}

function recordsOf(deliveries: readonly Delivery[]): readonly SqsRecord[] {
  return [...new Set(deliveries.map(({ record }) => record))];
}
