import { describe, expect, it } from "@jest/globals";
import type { AlarmFacts, CloudReads, MappingFacts, OutboxFacts } from "../../ops/doctor/facts.ts";
import type { Finding } from "../../ops/doctor/finding.ts";
import { judgeOutbox } from "../../ops/doctor/judge-outbox.ts";
import { countStanding, readOutbox } from "../../ops/doctor/read-outbox.ts";
import { lookAtOutbox } from "../../ops/outbox/index.ts";
import { outboxAlarmName, outboxAlarms } from "../../src/names.ts";
import { outboxWorld, relaySettings } from "../helpers/outbox-world.ts";

const { bus, table } = relaySettings;
const arn = `arn:aws:dynamodb:us-east-1:111122223333:table/${table}/stream/2026-11-27T09:00:00.000`;
const none = { missing: true } as const;
const alarmOf = (name: string, state = "OK"): AlarmFacts => ({ name, state, description: "look there" });
const mappingOf = (queueArn: string) => ({ found: [{ queueArn } as MappingFacts] });
const nothing = { dead: 0, parked: 0, gaps: 0, waiting: 0, oldestMs: 0 };
const standing = (change: object) => ({ found: { ...nothing, ...change } });

/** An outbox that is well. */
const well: OutboxFacts = {
  settings: { found: relaySettings },
  table: { found: { name: table, status: "ACTIVE", keys: ["pk", "sk"], stream: { arn, view: "NEW_IMAGE" } } },
  mappings: mappingOf(arn),
  standing: { found: nothing },
  alarms: { found: outboxAlarms.map((alarm) => alarmOf(outboxAlarmName(bus, alarm))) },
};
const tableWith = (change: object) => {
  const { found } = well.table as { readonly found: object };
  return { table: { found: { ...found, ...change } } as OutboxFacts["table"] };
};
const alarmsWith = (change: (alarm: AlarmFacts) => readonly AlarmFacts[]) => {
  const { found } = well.alarms as { readonly found: readonly AlarmFacts[] };
  return { alarms: { found: found.flatMap(change) } };
};

describe("judgeOutbox", () => {
  it("finds nothing wrong where nothing is wrong, nor where there is no CloudWatch to ask", () => {
    const healthy: Finding[] = [expect.objectContaining({ check: "outbox", level: "ok" }) as never];

    expect(judgeOutbox(bus, well)).toEqual(healthy);
    expect(judgeOutbox(bus, { ...well, alarms: undefined })).toEqual(healthy);
  });

  it("takes a stand-in's region for the table's own, where a mapping names another", () => {
    const { table: elsewhere } = tableWith({
      stream: { arn: arn.replace("us-east-1", "dynoxide"), view: "NEW_IMAGE" },
    });

    expect(judgeOutbox(bus, { ...well, table: elsewhere })).toMatchObject([{ level: "ok" }]);
  });

  it.each<readonly [level: "warn" | "fail", message: RegExp, change: Partial<OutboxFacts>]>([
    ["fail", /has no stream: rows go out by the sweep alone/, tableWith({ stream: undefined })],
    ["fail", /shows KEYS_ONLY, and no new images/, tableWith({ stream: { arn, view: "KEYS_ONLY" } })],
    ["fail", /has a new stream, and the relay is called by another/, { mappings: mappingOf(`${arn}-old`) }],
    ["fail", /has the key \(id\) instead of \(pk, sk\)/, tableWith({ keys: ["id"] })],
    ["warn", /is UPDATING/, tableWith({ status: "UPDATING" })],
    ["fail", /is gone: whoever writes an event there fails/, { table: none }],
    ["warn", /2 events that cannot be sent/, { standing: standing({ dead: 2 }) }],
    ["warn", /1 keys that wait behind an event/, { standing: standing({ parked: 1 }) }],
    ["warn", /3 keys that wait for a sequence/, { standing: standing({ gaps: 3 }) }],
    [
      "fail",
      /7 rows have waited for a sweep, the oldest for 61 min/,
      { standing: standing({ waiting: 7, oldestMs: 61 * 60_000 }) },
    ],
    [
      "warn",
      /shop-outbox-dead rings: look there/,
      alarmsWith((one) => [one.name.endsWith("-dead") ? alarmOf(one.name, "ALARM") : one]),
    ],
    [
      "warn",
      /no alarm for no-sweep: nobody is told/,
      alarmsWith((one) => (one.name.endsWith("no-sweep") ? [] : [one])),
    ],
    ["warn", /lambda:Get is not allowed/, { settings: { denied: "lambda:Get" } }],
    ["warn", /dynamodb:Describe is not allowed/, { table: { denied: "dynamodb:Describe" } }],
    ["warn", /lambda:List is not allowed/, { mappings: { denied: "lambda:List" } }],
    ["warn", /dynamodb:Query is not allowed/, { standing: { denied: "dynamodb:Query" } }],
    ["warn", /cloudwatch:Describe is not allowed/, { alarms: { denied: "cloudwatch:Describe" } }],
    ["warn", /no function shop-relay publishes/, { settings: none }],
    [
      "fail",
      /no function shop-relay publishes .*: 3 events and keys wait/,
      { settings: none, standing: standing({ waiting: 2, dead: 1, oldestMs: 1 }) },
    ],
  ])("tells (%s) %s", (level, message, change) => {
    expect(judgeOutbox(bus, { ...well, ...change })).toEqual([
      { check: "outbox", level, message: expect.stringMatching(message), fix: expect.stringMatching(/./) },
    ]);
  });

  it("does not complain of rows that the next sweeps bring, of a mapping that another line tells of, or of no outbox", () => {
    const soon = standing({ waiting: 5, oldestMs: relaySettings.graceMs + 300_000 });

    for (const change of [{ standing: soon }, { mappings: { found: [] } }, { settings: none, table: none }]) {
      expect(judgeOutbox(bus, { ...well, ...change })).toMatchObject([{ level: "ok" }]);
    }
  });
});

describe("readOutbox", () => {
  const asked: string[] = [];
  const say = <Value>(what: string, answer: Value) => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const reads = (settings: OutboxFacts["settings"]) =>
    ({
      relaySettings: (name) => say(`settings of ${name}`, settings),
      table: (name) => say(`table ${name}`, well.table),
      mappings: (name) => say(`mappings of ${name}`, well.mappings),
      standing: (one) => say(`standing in ${one.table} at ${one.prefix}`, well.standing),
      alarms: (names) => say(`${names.length} alarms`, well.alarms),
    }) as Partial<CloudReads> as CloudReads;

  it("looks where the relay's settings say, and without a relay at the usual place", async () => {
    const own = { ...relaySettings, table: "app", prefix: "outbox#" };

    expect(await readOutbox(reads({ found: own }), bus)).toMatchObject({ settings: { found: own } });
    expect(await readOutbox(reads(none), bus)).toMatchObject({ settings: none, alarms: undefined });

    expect(asked).toEqual([
      ...["settings of shop-relay", "table app", "mappings of shop-relay", "5 alarms"],
      "standing in app at outbox#",
      ...["settings of shop-relay", "table shop-outbox", "mappings of shop-relay"],
      "standing in shop-outbox at ",
    ]);
  });
});

describe("countStanding", () => {
  it("counts by kind, and tells the age of what waits alone", async () => {
    const world = outboxWorld({
      onMessage: ({ id }) =>
        id === "order-1"
          ? { ok: false, code: "InvalidParameter", message: "no", retryable: false }
          : undefined,
    });
    await world.stream([await world.write(1)]);
    await world.write(2);
    await world.clock.advance(relaySettings.graceMs + 1);
    const nowMs = world.clock.nowMs();

    const counted = countStanding(
      await lookAtOutbox(world.store, { graceMs: relaySettings.graceMs, nowMs }),
      nowMs,
    );

    expect(counted).toEqual({ dead: 1, parked: 0, gaps: 0, waiting: 1, oldestMs: relaySettings.graceMs + 1 });
  });
});
