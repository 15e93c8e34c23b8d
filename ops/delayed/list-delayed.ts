import type { WireMessage } from "../../src/contract/index.ts";
import { type DelayStates, type KeptSchedules, parseDelayed } from "../../src/delay/index.ts";
import { describeError } from "../../src/errors.ts";
import { delayScheduleName } from "../../src/names.ts";
import { sideBySide } from "../side-by-side.ts";
import type { DelayedLook, UnreadableSchedule } from "./delayed-look.ts";

/** Schedules that are read side by side. */
const atOnce = 8;

/** What waits beyond what a queue holds back, the first due first. */
export interface DelayedList {
  readonly delayed: readonly DelayedLook[];
  readonly unreadable: readonly UnreadableSchedule[];
}

/** A bus's schedules, and what is decided about their events. */
export interface DelayedWorld {
  readonly bus: string;
  readonly kept: KeptSchedules;
  readonly states: DelayStates;
}

/**
 * Reads every schedule of a bus that waits for an event, and whether it was cancelled: two calls for each. What comes or goes
 * meanwhile may be left out. Changes nothing.
 */
export async function listDelayed(
  { bus, kept, states }: DelayedWorld,
  {
    isWanted = () => true,
    onRead = () => {},
  }: {
    readonly isWanted?: (message: WireMessage) => boolean;
    readonly onRead?: (schedules: number) => void;
  } = {},
): Promise<DelayedList> {
  const prefix = delayScheduleName(bus, "");
  const keys: string[] = [];
  for await (const name of kept.names(prefix)) keys.push(name.slice(prefix.length));

  let read = 0;
  const found = await sideBySide(keys, atOnce, async (key) => {
    const look = await lookAt({ bus, kept, states }, key, isWanted);
    onRead(++read);
    return look;
  });
  const delayed = found.flatMap((one) => (one && "id" in one ? [one] : []));
  return {
    delayed: delayed.sort((one, other) => one.dueMs - other.dueMs || (one.id < other.id ? -1 : 1)),
    unreadable: found.flatMap((one) => (one && "problem" in one ? [one] : [])),
  };
}

async function lookAt(
  { bus, kept, states }: DelayedWorld,
  key: string,
  isWanted: (message: WireMessage) => boolean,
): Promise<DelayedLook | UnreadableSchedule | undefined> {
  const schedule = delayScheduleName(bus, key);
  const body = await kept.read(schedule);
  if (body === undefined) return undefined;
  let delayed: ReturnType<typeof parseDelayed>;
  try {
    delayed = parseDelayed(body);
  } catch (thrown) {
    return { schedule, problem: describeError(thrown).message };
  }
  const { dueMs, message } = delayed;
  const { id, source, type, topic } = message;
  if (!isWanted(message)) return undefined;
  const state = (await states.read(key)) ?? "waits";
  return { id, source, type, topic, dueMs, state, schedule, message };
}
