export { type WireCall, type WireClient, WireError, wireClient } from "./wire-client.ts";
