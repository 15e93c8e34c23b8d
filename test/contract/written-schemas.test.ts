import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { DeadLetterNote } from "../../src/consume/index.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import { encodeDelayed } from "../../src/delay/index.ts";
import {
  type ConsumerSettings,
  type DeliverySettings,
  encodeJobSettings,
  encodeSettings,
  type ReconcilerSettings,
} from "../../src/env.ts";

const compile = (name: string) =>
  new Ajv2020({ validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), "utf8")),
  );

/** `Required`, so that a field that is added to the type must be added here, and so to the schema. */
const settings: Required<ConsumerSettings> = {
  v: 1,
  bus: "shopdev",
  consumer: "LockStock",
  on: ["order.created:1", "order.paid:2"],
  emits: ["stock.locked:1"],
  mode: "once",
  limits: ["partner: rate 50/s (horizon 5000 ms, lateness 20 ms, skew 5 ms, items 1)"],
  fifo: false,
  onPoison: "park",
  claims: { keepMs: 80 * 86_400_000 },
  delays: true,
  shadows: true,
  account: "000000000000",
  region: "eu-central-1",
  attempts: 12,
  firstDelayMs: 5_000,
  maxDelayMs: 900_000,
  marginMs: 1_000,
  keepMs: 30 * 86_400_000,
  parallel: 10,
  maximumConcurrency: 20,
  breaker: { failures: 5, windowMs: 30_000, probeMs: 10_000 },
  drain: { everyMs: 60_000, batchSize: 10 },
  expect: {
    arrivalsPerSecond: 100,
    handlerMs: 40,
    burst: { perSecond: 100_000, forMs: 10_000 },
    outageMs: 3_600_000,
    eventBytes: 330,
    groups: 50,
    publishedTogether: 10,
  },
  filters: { orders: { type: ["order.created"], cents: [{ numeric: [">=", 1_000] }] } },
};
const optional = [
  "claims",
  "delays",
  "shadows",
  "limits",
  "maximumConcurrency",
  "onPoison",
  "breaker",
  "drain",
  "expect",
  "filters",
];
const reconciler: Required<ReconcilerSettings> = {
  v: 1,
  does: "reconcile",
  bus: "shopdev",
  account: "000000000000",
  region: "eu-central-1",
  job: "Transfers",
  everyMs: 3_600_000,
  settleMs: 900_000,
  spanMs: 3_600_000,
  beginMs: 1_767_225_600_000,
  keepMs: 30 * 86_400_000,
  lateAfterMs: 900_000,
  auto: { classes: ["missing-right"], atMost: { differences: 10, amount: 100_000 } },
  callMs: 30_000,
  bucket: "shop-reports",
};
const delivery: Required<DeliverySettings> = {
  v: 1,
  does: "deliver",
  bus: "shopdev",
  account: "000000000000",
  region: "eu-central-1",
  topics: ["orders", "stock.fifo"],
  everyMs: 3_600_000,
  spanMs: 3_600_000,
  graceMs: 120_000,
  retentionMs: 365 * 86_400_000,
  settleMs: 3_600_000,
  greyMs: 900_000,
  sendPerSecond: 50,
  parks: true,
  auto: { classes: ["missing-right"], atMost: { differences: 100 } },
};
const note: Required<DeadLetterNote> = {
  v: 1,
  consumer: "LockStock",
  reason: "invalid-data",
  error: { name: "Rejected", message: "order.created:1: not a number" },
  attempts: 0,
  firstAt: "2026-01-31T12:00:00.000Z",
  lastAt: "2026-01-31T12:00:01.000Z",
  replayId: "replay-7",
  dropped: ["campaign"],
};

describe("settings.schema.json", () => {
  const valid = compile("settings");

  it("is satisfied by what a stack writes", () => {
    expect(valid(JSON.parse(encodeSettings(settings)))).toBe(true);
  });

  it.each(Object.keys(settings))("checks %s, and needs it unless it is optional", (field) => {
    expect(valid({ ...settings, [field]: undefined })).toBe(optional.includes(field));
    expect(valid({ ...settings, [field]: {} })).toBe(false);
  });

  it("refuses another version and fields that it does not know", () => {
    expect(valid({ ...settings, v: 2 })).toBe(false);
    expect(valid({ ...settings, other: 1 })).toBe(false);
  });
});

describe("delivery-settings.schema.json", () => {
  const valid = compile("delivery-settings");
  const optional = ["retentionMs", "settleMs", "auto"];

  it("is satisfied by what a stack writes", () => {
    expect(valid(JSON.parse(encodeJobSettings(delivery)))).toBe(true);
  });

  it.each(Object.keys(delivery))("checks %s, and needs it unless it is optional", (field) => {
    expect(valid({ ...delivery, [field]: undefined })).toBe(optional.includes(field));
    expect(valid({ ...delivery, [field]: {} })).toBe(false);
  });

  it("refuses another version and fields that it does not know", () => {
    expect(valid({ ...delivery, v: 2 })).toBe(false);
    expect(valid({ ...delivery, other: 1 })).toBe(false);
  });
});

describe("reconciler-settings.schema.json", () => {
  const valid = compile("reconciler-settings");
  const optional = ["beginMs", "keepMs", "lateAfterMs", "auto", "callMs", "bucket"];

  it("is satisfied by what a stack writes", () => {
    expect(valid(JSON.parse(encodeJobSettings(reconciler)))).toBe(true);
  });

  it.each(Object.keys(reconciler))("checks %s, and needs it unless it is optional", (field) => {
    expect(valid({ ...reconciler, [field]: undefined })).toBe(optional.includes(field));
    expect(valid({ ...reconciler, [field]: {} })).toBe(false);
  });

  it("refuses another version and fields that it does not know", () => {
    expect(valid({ ...reconciler, v: 2 })).toBe(false);
    expect(valid({ ...reconciler, other: 1 })).toBe(false);
  });
});

describe("delayed.schema.json", () => {
  const valid = compile("delayed");
  const sealed: Required<WireMessage> = {
    ...{ topic: "moves.fifo", id: "1", source: "/web", type: "order.moved", body: "{}" },
    ...{ attributes: { type: "order.moved", cents: 1 }, groupId: "g", deduplicationId: "d", dueMs: 7 },
  };

  it("is satisfied by what publishers write", () => {
    const { groupId: _group, deduplicationId: _id, ...least } = sealed;

    expect(valid(JSON.parse(encodeDelayed(sealed, 1_000)))).toBe(true);
    expect(valid(JSON.parse(encodeDelayed(least, 1_000.5)))).toBe(true);
  });

  it("refuses another version, fields that it does not know, and what is no message", () => {
    const { dueMs: _, ...message } = sealed;

    expect(valid({ v: 1, dueMs: 1, message })).toBe(true);
    expect(valid({ v: 2, dueMs: 1, message })).toBe(false);
    expect(valid({ v: 1, dueMs: 1, message: sealed })).toBe(false);
    expect(valid({ v: 1, dueMs: 1, message, other: 1 })).toBe(false);
    expect(valid({ v: 1, dueMs: 1, message: { ...message, body: {} } })).toBe(false);
    expect(valid({ v: 1, dueMs: "1", message })).toBe(false);
  });
});

describe("dead-letter.schema.json", () => {
  const valid = compile("dead-letter");

  it("is satisfied by a note, with and without what it may leave out", () => {
    const { error: _error, replayId: _replayId, ...least } = note;

    expect(valid(note)).toBe(true);
    expect(valid(least)).toBe(true);
  });

  it.each(["v", "consumer", "reason", "attempts", "firstAt", "lastAt"])("needs %s", (field) => {
    expect(valid({ ...note, [field]: undefined })).toBe(false);
  });

  it("refuses another version and fields that it does not know", () => {
    expect(valid({ ...note, v: 2 })).toBe(false);
    expect(valid({ ...note, data: {} })).toBe(false);
  });
});
