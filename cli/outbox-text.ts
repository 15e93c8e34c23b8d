import type { Mended, Standing } from "../ops/outbox/index.ts";
import { columns, oneLine } from "./columns.ts";
import { spanText } from "./span-text.ts";

/** What stands in an outbox, as a table. */
export function standingText(standing: readonly Standing[], nowMs: number): string {
  const rows = standing.map((one) => [
    one.kind,
    one.name,
    `${spanText(nowMs - one.sinceMs)} ago`,
    "sequence" in one ? one.sequence : "",
    one.reason,
    one.message,
  ]);
  return columns([["STANDS", "EVENT OR KEY", "SINCE", "SEQUENCE", "REASON", "MESSAGE"], ...rows], {
    indent: "  ",
  });
}

/** What became of it, one a line. */
export function mendedText(mended: readonly Mended[]): string {
  return mended.map(({ name, kind, status }) => `  ${oneLine(name)}  ${endText(kind, status)}`).join("\n");
}

function endText(kind: Mended["kind"], status: Mended["status"]): string {
  switch (status) {
    case "released":
      return "released: the next sweep sends it, within a minute";
    case "dropped":
      return kind === "parked" ? "dropped: its key goes on with the next sweep" : "dropped";
    case "changed":
      return "was left: it is not any more what was shown, or a relay is at it; look again";
    case "left":
      return kind === "gap"
        ? "was left: a sequence is missing (--skip-missing)"
        : "was left: it waits for its sweep";
  }
}
