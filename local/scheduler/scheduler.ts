import { type Clock, systemClock, uuidv7 } from "../../src/clock.ts";
import { deliver } from "./deliver.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { nextOccurrence } from "./next-occurrence.ts";
import type { KeptSchedule, SchedulerState, SchedulerStore, TargetPort } from "./ports.ts";
import { checkSchedule, defaultGroup, type Schedule } from "./schedule.ts";

/** What `createScheduler` takes. */
export interface SchedulerOptions {
  readonly targets: TargetPort;
  /** The ARN of a schedule. */
  readonly arnOf: (schedule: Schedule) => string;
  /** @default in memory */
  readonly store?: SchedulerStore;
  /** Gets a sentence for people when a run was not taken. */
  readonly say?: (text: string) => void;
  readonly clock?: Clock;
}

/** EventBridge Scheduler on this machine, with what an earlier run has left. Made by `createScheduler`. */
export interface Scheduler {
  /** Runs what is due from now on. Before, schedules can be made and looked at: what they invoke may not be there yet. */
  start(): void;
  /**
   * Makes a schedule, or replaces the one of its group and name, whose time of making stays. Throws `SettingsError`.
   * One from a template does not outlive the process; only when it was made and ran last. A rate runs at once when it is
   * new, unless `afterFirst` says that its first time is one period on.
   */
  put(
    schedule: Schedule,
    options?: { readonly isFromTemplate?: boolean; readonly afterFirst?: boolean },
  ): KeptSchedule;
  get(group: string, name: string): KeptSchedule | undefined;
  /** By group and name, in order. */
  list(): readonly KeptSchedule[];
  /** What runs goes on; `false`: there is none. */
  remove(group: string, name: string): boolean;
  groups(): SchedulerState["groups"];
  putGroup(name: string): void;
  /** With all its schedules; `false`: there is none. */
  removeGroup(name: string): boolean;
  /** What a store writes down. */
  state(): SchedulerState;
  /** Runs nothing more; a run that is being tried is left. */
  stop(): void;
}

interface Planned extends KeptSchedule {
  readonly expression: Expression;
  lastMs: number | undefined;
  cancel: () => void;
  isGone: boolean;
}

/** A timer of Node holds no more than 24 days. */
const longestTimerMs = 86_400_000;

/**
 * Runs schedules on time, to the minute as written. One that repeats leaves out what it missed while the scheduler was
 * away; one for a single time runs late then, and again when it was being tried.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { targets, arnOf, store, say = () => {}, clock = systemClock } = options;
  const planned = new Map<string, Planned>();
  const groups = new Map<string, { name: string; createdMs: number }>();
  /** What an earlier run knew of templates' schedules. */
  const before = new Map<string, KeptSchedule>();
  const end = new AbortController();
  let isStarted = false;
  const keyOf = (group: string, name: string) => `${group}/${name}`;
  const changed = () => store?.changed();

  const finish = (one: Planned, atMs: number) => {
    one.lastMs = Math.max(one.lastMs ?? 0, atMs);
    const { group, name, deleteAfterCompletion } = one.schedule;
    if (deleteAfterCompletion && !one.isGone && nextOf(one) === undefined) drop(keyOf(group, name));
    changed();
  };

  const run = async (one: Planned, scheduledMs: number) => {
    const isOnce = one.expression.kind === "at";
    if (!isOnce) one.lastMs = scheduledMs;
    const { schedule } = one;
    const executionId = uuidv7(clock);
    const problem = await deliver(
      { schedule, arn: arnOf(schedule), scheduledMs, executionId },
      { targets, clock, signal: end.signal },
    );
    if (end.signal.aborted) return;
    if (problem !== undefined) say(problem);
    finish(one, scheduledMs);
  };

  const nextOf = ({ expression, schedule, createdMs, lastMs }: Planned) =>
    nextOccurrence(
      expression,
      { ...schedule, anchorMs: schedule.startMs ?? createdMs },
      lastMs ?? createdMs - 1,
    );

  const plan = (one: Planned, nextMs: number | undefined) => {
    one.cancel();
    if (nextMs === undefined || !one.schedule.enabled || !isStarted || end.signal.aborted) return;
    const waitMs = Math.max(0, nextMs - clock.nowMs());
    one.cancel = clock.after(Math.min(waitMs, longestTimerMs), () => {
      if (nextMs > clock.nowMs()) {
        plan(one, nextMs);
        return;
      }
      void run(one, nextMs);
      const { expression, schedule, createdMs } = one;
      const bounds = { ...schedule, anchorMs: schedule.startMs ?? createdMs };
      plan(one, nextOccurrence(expression, bounds, Math.max(nextMs, clock.nowMs())));
    });
  };

  const drop = (key: string): boolean => {
    const one = planned.get(key);
    if (one === undefined) return false;
    one.cancel();
    one.isGone = true;
    planned.delete(key);
    return true;
  };

  const add = (kept: KeptSchedule): Planned => {
    const { group, name, expression } = kept.schedule;
    drop(keyOf(group, name));
    const one: Planned = {
      ...kept,
      expression: parseExpression(expression),
      cancel: () => {},
      isGone: false,
    };
    planned.set(keyOf(group, name), one);
    const missed = nextOf(one);
    const isLate = missed !== undefined && missed < clock.nowMs();
    // Made just now: a rate runs at once. Missed while nobody was there: only what runs a single time is made up for.
    if (isLate && one.expression.kind !== "at") one.lastMs = clock.nowMs() - 1;
    plan(one, nextOf(one));
    return one;
  };

  const { groups: keptGroups = [], schedules = [] } = store?.read() ?? {};
  for (const group of [{ name: defaultGroup, createdMs: clock.nowMs() }, ...keptGroups]) {
    groups.set(group.name, group);
  }
  for (const kept of schedules) {
    if (kept.isFromTemplate) before.set(keyOf(kept.schedule.group, kept.schedule.name), kept);
    else add(kept);
  }

  return {
    start() {
      isStarted = true;
      for (const one of planned.values()) plan(one, nextOf(one));
    },
    put(schedule, { isFromTemplate = false, afterFirst = false } = {}) {
      checkSchedule(schedule);
      const key = keyOf(schedule.group, schedule.name);
      const known = planned.get(key) ?? before.get(key);
      const nowMs = clock.nowMs();
      const isSame = known?.schedule.expression === schedule.expression;
      const lastOfNew = afterFirst ? nowMs : undefined;
      const kept = add({
        schedule,
        isFromTemplate,
        createdMs: known?.createdMs ?? nowMs,
        modifiedMs: nowMs,
        // Another expression begins with what comes.
        lastMs: known === undefined ? lastOfNew : isSame ? known.lastMs : nowMs,
      });
      changed();
      return kept;
    },
    get: (group, name) => planned.get(keyOf(group, name)),
    list: () => [...planned].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kept]) => kept),
    remove(group, name) {
      const isDropped = drop(keyOf(group, name));
      before.delete(keyOf(group, name));
      if (isDropped) changed();
      return isDropped;
    },
    groups: () => [...groups.values()],
    putGroup(name) {
      if (!groups.has(name)) groups.set(name, { name, createdMs: clock.nowMs() });
      changed();
    },
    removeGroup(name) {
      for (const { schedule } of [...planned.values()]) {
        if (schedule.group === name) drop(keyOf(name, schedule.name));
      }
      changed();
      return groups.delete(name);
    },
    state: () => ({
      groups: [...groups.values()],
      schedules: [...planned.values()].map(({ schedule, isFromTemplate, createdMs, modifiedMs, lastMs }) => ({
        ...{ schedule, isFromTemplate, createdMs, modifiedMs, lastMs },
      })),
    }),
    stop() {
      end.abort();
      for (const one of planned.values()) one.cancel();
    },
  };
}
