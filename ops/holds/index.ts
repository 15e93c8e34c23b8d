export { type BusHolds, openHolds } from "./bus-holds.ts";
export { type ConsumerState, judgeStatus } from "./judge-status.ts";
export { type HoldRequest, type HoldResult, pause } from "./pause.ts";
export { type BusStatus, type ConsumerStatus, readStatus } from "./read-status.ts";
export { resume } from "./resume.ts";
