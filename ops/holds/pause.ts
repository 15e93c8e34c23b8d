import type { Hold } from "../../src/breaker/index.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { MappingFacts } from "../../src/governor/index.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import { awaitMapping } from "./await-mapping.ts";
import type { BusHolds } from "./bus-holds.ts";

/** What `pause` and `resume` take. */
export interface HoldRequest {
  readonly consumer: ConsumerRef;
  readonly bus: BusHolds;
  /** How long the mapping is waited for. */
  readonly waitMs: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** What has become of a consumer that was paused or resumed. */
export interface HoldResult {
  /** `false`: it was so already. */
  readonly changed: boolean;
  /** The hold that was opened, or is open already; the one that was lifted, if there was one. */
  readonly hold: Hold | undefined;
  /** What holds it now besides. */
  readonly others: readonly Hold[];
  /** The mapping as it was seen last. */
  readonly mapping: MappingFacts | undefined;
  /** Whether the mapping is as it should be. */
  readonly arrived: boolean;
  /** Without a governor the mapping was told from here, and nobody puts it back after a deployment. */
  readonly hasGovernor: boolean | undefined;
}

/**
 * Opens the manual hold of a consumer and waits until its mapping is closed. Safe to repeat: a hold that is open stays as
 * it is. Nothing but `resume` lifts it. Throws `HoldError` when it could not be written.
 */
export async function pause({
  consumer: { consumer, drained },
  bus: { holds, mappings, hasGovernor },
  why,
  by,
  waitMs,
  clock = systemClock,
  signal,
}: HoldRequest & { readonly why: string; readonly by: string }): Promise<HoldResult> {
  const governed = await hasGovernor();
  const wanted: Hold = { name: "manual", sinceMs: clock.nowMs(), why, by };
  const answer = await holds.open(consumer, wanted, "person");
  const open = (await holds.read([consumer]))[0]?.holds ?? [];
  // A run of a schedule looks by itself, before each of its rounds.
  const mapping = drained
    ? undefined
    : await awaitMapping({
        consumer,
        enabled: false,
        tell: governed === false,
        mappings,
        waitMs,
        clock,
        signal,
      });
  return {
    changed: answer === "opened",
    hold: open.find(({ name }) => name === "manual") ?? wanted,
    others: open.filter(({ name }) => name !== "manual"),
    mapping,
    arrived: drained === true || mapping?.state === "Disabled",
    hasGovernor: governed,
  };
}
