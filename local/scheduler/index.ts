export {
  type KeptSchedule,
  type SchedulerState,
  type SchedulerStore,
  TargetError,
  type TargetPort,
} from "./ports.ts";
export { defaultGroup, type Schedule, type ScheduleTarget } from "./schedule.ts";
export { createScheduler, type Scheduler, type SchedulerOptions } from "./scheduler.ts";
