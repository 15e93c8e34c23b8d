import type { ConsumerHolds, Hold, ProbeNote, Ramp } from "../../src/breaker/index.ts";
import { describeError, HoldError } from "../../src/errors.ts";
import type { MappingFacts } from "../../src/governor/index.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import type { BusHolds } from "./bus-holds.ts";
import { type ConsumerState, judgeStatus } from "./judge-status.ts";

/** How one consumer stands, and why. Times in milliseconds since the epoch. */
export interface ConsumerStatus extends ConsumerRef {
  readonly state: ConsumerState;
  /** Its mapping, in AWS's words; `by schedule` where it has none to have. */
  readonly mapping: string | undefined;
  readonly maximumConcurrency: number | undefined;
  /** Oldest first. */
  readonly holds: readonly Hold[];
  readonly probe: ProbeNote | undefined;
  readonly ramp: Ramp | undefined;
}

/** The consumers of one bus. */
export interface BusStatus {
  readonly bus: string;
  /** Whether a governor is deployed; `undefined`: these credentials may not look. */
  readonly hasGovernor: boolean | undefined;
  /** Why holds could not be read; mappings are told all the same. */
  readonly problem: string | undefined;
  readonly consumers: readonly ConsumerStatus[];
}

/** Reads how consumers stand, bus by bus. Changes nothing. Throws what Lambda's API throws. */
export async function readStatus(
  consumers: readonly ConsumerRef[],
  of: (bus: string) => BusHolds,
): Promise<readonly BusStatus[]> {
  const buses = [...new Set(consumers.map(({ bus }) => bus))];
  return Promise.all(
    buses.map((bus) =>
      readBus(
        bus,
        consumers.filter((one) => one.bus === bus),
        of(bus),
      ),
    ),
  );
}

async function readBus(
  bus: string,
  consumers: readonly ConsumerRef[],
  { holds, mappings, hasGovernor }: BusHolds,
): Promise<BusStatus> {
  let problem: string | undefined;
  const nothing = (consumer: string): ConsumerHolds => ({
    consumer,
    holds: [],
    probe: undefined,
    ramp: undefined,
  });
  const names = consumers.map(({ consumer }) => consumer);
  const [listed, items, governed] = await Promise.all([
    mappings.list(),
    holds.read(names).catch((thrown: unknown) => {
      if (!(thrown instanceof HoldError)) throw thrown;
      problem = describeError(thrown).message;
      return names.map(nothing);
    }),
    hasGovernor(),
  ]);
  const mappingOf = new Map<string, MappingFacts>(listed.map((one) => [one.consumer, one]));
  return {
    bus,
    hasGovernor: governed,
    problem,
    consumers: consumers.map((ref, index) => {
      const item = items[index] ?? nothing(ref.consumer);
      const mapping = mappingOf.get(ref.consumer);
      return {
        ...ref,
        state: judgeStatus(item, mapping, ref),
        mapping: ref.drained ? "by schedule" : mapping?.state,
        maximumConcurrency: mapping?.maximumConcurrency,
        holds: item.holds,
        probe: item.holds.some(({ probe }) => probe) ? item.probe : undefined,
        ramp: item.ramp,
      };
    }),
  };
}
