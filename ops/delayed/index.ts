export { type Cancelled, cancelDelayed } from "./cancel-delayed.ts";
export type { DelayedLook, UnreadableSchedule } from "./delayed-look.ts";
export { type DelayedList, type DelayedWorld, listDelayed } from "./list-delayed.ts";
export { type FoundDelay, type OpenDelayed, openDelayed } from "./open-delayed.ts";
