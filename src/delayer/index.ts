export { type DelayerEvent, type DelayerHandler, type DelayerParts, delayer } from "./delayer.ts";
