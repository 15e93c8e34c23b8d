import { OmnibusError } from "../../src/errors.ts";
import type { Schedule, ScheduleTarget } from "./schedule.ts";

/** Why a target did not take a run; `code` is AWS's own. What is not retryable will never be taken. */
export class TargetError extends OmnibusError {}

/** What schedules invoke. */
export interface TargetPort {
  /** Hands a run over; a function is not waited for. Rejects with `TargetError`, others count as retryable. */
  invoke(target: ScheduleTarget, input: string): Promise<void>;
  /** Sends a message to a dead-letter queue. */
  sendToQueue(
    arn: string,
    body: string,
    more: { readonly attributes: Readonly<Record<string, string>> },
  ): Promise<void>;
}

/** A schedule, and what has become of it. */
export interface KeptSchedule {
  readonly schedule: Schedule;
  /** Made by a template, which makes it again at the next start; such a one is not loaded. */
  readonly isFromTemplate: boolean;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** The last run that is done with. */
  readonly lastMs: number | undefined;
}

/** What outlives a run of the scheduler. */
export interface SchedulerState {
  readonly groups: readonly { readonly name: string; readonly createdMs: number }[];
  readonly schedules: readonly KeptSchedule[];
}

/** Where the scheduler's state lasts, if it does. */
export interface SchedulerStore {
  read(): SchedulerState | undefined;
  /** The state has changed, and may be asked for and written down soon. */
  changed(): void;
}
