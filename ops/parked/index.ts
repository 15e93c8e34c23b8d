export { dropHandled } from "./drop-handled.ts";
export { listParked, type ParkedList, type ParkedLook } from "./list-parked.ts";
export { type OpenParked, openParked } from "./open-parked.ts";
export { type ReleasedGroup, type ReleaseProgress, releaseParked } from "./release-parked.ts";
export { ReleaseError } from "./start-release.ts";
