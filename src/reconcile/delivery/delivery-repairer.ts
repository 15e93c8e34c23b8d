import type { Clock } from "../../clock.ts";
import type { LedgerItem, LedgerReader } from "../../ledger/index.ts";
import type { How, Repairer } from "../repair/how.ts";
import type { FoundLine } from "../sealed/found-line.ts";
import type { ArchiveSource } from "../sources/archive-source.ts";
import { itemsOf } from "../sources/handled-by.ts";
import type { OpenDifference } from "../state.ts";
import { claimOf } from "./whereabouts.ts";

/**
 * How what a consumer has not handled is repaired: the archived event is sent to its queue again. What was handled and is not
 * in the archive, or is there with other data, is a person's.
 */
export function deliveryRepairer({
  consumer,
  archive,
  ledger,
  longestMs,
  places,
  send,
  clock,
}: {
  readonly consumer: string;
  readonly archive: Pick<ArchiveSource, "find">;
  readonly ledger: LedgerReader;
  readonly longestMs: number;
  /** Where a person looks first: queues that hold what was not delivered, or could not be handled or archived. */
  readonly places: { readonly missing: () => string | undefined; readonly notArchived: () => string };
  readonly send: NonNullable<Repairer["send"]>;
  readonly clock: Clock;
}): Repairer {
  const howOf = (
    { difference }: OpenDifference,
    lines: readonly FoundLine[],
    item: LedgerItem | undefined,
  ): How => {
    switch (difference.class) {
      case "missing-right": {
        const line = lines.find(({ entry }) => entry.fields.hash === difference.left[0]?.fields.hash);
        if (!line) return { do: "tell", look: "the archive: the event is not there any more" };
        const because = [
          claimOf(item, { nowMs: clock.nowMs(), longestMs })?.text ?? "the ledger knows nothing of it",
          places.missing(),
        ];
        return {
          do: "send",
          consumer,
          offsets: [line.offset],
          because: because.filter((one) => one !== undefined).join("; "),
        };
      }
      case "missing-left":
        return { do: "tell", look: places.notArchived() };
      case "mismatch":
        return {
          do: "tell",
          look: `the archive's event and ${consumer}'s item of the ledger: one name, and other data`,
        };
      default:
        return { do: "tell", look: "both sides: this should not be" };
    }
  };
  return {
    async how(open) {
      const missing = open.filter(({ difference }) => difference.class === "missing-right");
      const keys = missing.map(({ difference }) => difference.key);
      const [lines, items] = await Promise.all([
        archive.find(
          keys,
          missing.map(({ difference }) => difference.timeMs),
        ),
        itemsOf(ledger, consumer, keys),
      ]);
      const at = new Map(keys.map((key, index) => [key, index]));
      return open.map((one) => {
        const index = at.get(one.difference.key) ?? -1;
        return howOf(one, lines[index] ?? [], items[index]);
      });
    },
    send,
  };
}
