import { type ConsumerMode, encodeSettings } from "../../src/env.ts";

/** The settings that a stack would write for our consumer. */
export const settingsIn = (mode: ConsumerMode) =>
  encodeSettings({
    v: 1,
    bus: "bench",
    consumer: "Points",
    on: ["order.created:1"],
    emits: [],
    mode,
    fifo: false,
    account: "000000000000",
    region: "us-east-1",
    attempts: 5,
    firstDelayMs: 5_000,
    maxDelayMs: 900_000,
    marginMs: 2_000,
    keepMs: 14 * 86_400_000,
    parallel: 10,
  });
