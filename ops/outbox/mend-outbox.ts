import type { OutboxStore } from "../../src/outbox/index.ts";
import type { Standing } from "./look-at-outbox.ts";

/** What became of something that stood. */
export interface Mended {
  readonly name: string;
  readonly kind: Standing["kind"];
  /** `changed`: it is not any more what was looked at, or a relay is at it; look again. */
  readonly status: "released" | "dropped" | "changed" | "left";
}

/**
 * Lets what stands go on: the dead wait again, parked keys are tried again from the row that they wait behind. With
 * `skipMissing` a key goes on behind a sequence that is missing. The relay's next sweep sends them, within a minute.
 */
export async function releaseStanding(
  store: OutboxStore,
  standing: readonly Standing[],
  { skipMissing }: { readonly skipMissing: boolean },
): Promise<readonly Mended[]> {
  const mended: Mended[] = [];
  for (const one of standing) {
    const { name, kind } = one;
    const say = (isDone: boolean) => mended.push({ name, kind, status: isDone ? "released" : "changed" });
    if (one.kind === "dead") say(await store.revive(one.place));
    else if (one.kind === "parked") say(await store.mend(name, one.head, { sent: one.head.sent }));
    else if (one.kind === "gap" && skipMissing) {
      say(await store.mend(name, one.head, { sent: one.sequence - 1 }));
    } else mended.push({ name, kind, status: "left" });
  }
  return mended;
}

/** Removes for good what cannot be sent: the dead, and the row that a key waits behind; the key goes on. */
export async function dropStanding(
  store: OutboxStore,
  standing: readonly Standing[],
): Promise<readonly Mended[]> {
  const mended: Mended[] = [];
  for (const one of standing) {
    const { name, kind } = one;
    const say = (isDone: boolean) => mended.push({ name, kind, status: isDone ? "dropped" : "changed" });
    if (one.kind === "dead") say(await store.drop(one.place));
    else if (one.kind === "parked") {
      // One that came behind later ones does not set the head back.
      const sent = Math.max(one.head.sent, one.sequence);
      say(await store.mend(name, one.head, { sent, drop: one.sequence }));
    } else mended.push({ name, kind, status: "left" });
  }
  return mended;
}
