export { sdkReads } from "../doctor/index.ts";
export { findTarget, targetText } from "../target.ts";
export { type EventRoute, findRoute, RouteError, type WantedRoute } from "./find-route.ts";
export { type PublishEventOptions, publishEvent } from "./publish-event.ts";
export { DataError, readData } from "./read-data.ts";
