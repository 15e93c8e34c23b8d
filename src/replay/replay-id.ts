import type { Clock } from "../clock.ts";
import { shadowSuffix } from "../contract/index.ts";

/** A new replay's id: `20261127-071500-3f2a90`, so that ids sort by when they were made; of a shadow replay with `-shadow` behind it. */
export function replayId(clock: Clock, { shadow = false }: { readonly shadow?: boolean } = {}): string {
  const [date = "", time = ""] = new Date(clock.nowMs()).toISOString().slice(0, 19).split("T");
  const chance = Buffer.from(clock.fill(new Uint8Array(3))).toString("hex");
  return `${date.replaceAll("-", "")}-${time.replaceAll(":", "")}-${chance}${shadow ? shadowSuffix : ""}`;
}
