import { describe, expect, it } from "@jest/globals";
import {
  createScheduler,
  type Schedule,
  type SchedulerState,
  type ScheduleTarget,
  TargetError,
} from "../../local/scheduler/index.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:sealer";
const deadLetterArn = "arn:aws:sqs:us-east-1:000000000000:dead";

/** A scheduler before a modelled target, in virtual time from 2026-01-01T00:00:00Z on. */
function rig({
  clock = virtualClock(),
  kept,
  answer = () => {},
}: {
  clock?: ReturnType<typeof virtualClock>;
  kept?: SchedulerState;
  answer?: (call: number) => void | Promise<void>;
} = {}) {
  const startMs = Date.UTC(2026, 0, 1);
  const runs: { at: number; input: string; target: ScheduleTarget }[] = [];
  const letters: { arn: string; body: string; attributes: Readonly<Record<string, string>> }[] = [];
  const said: string[] = [];
  let writes = 0;
  const scheduler = createScheduler({
    clock,
    arnOf: ({ group, name }) => `arn:aws:scheduler:us-east-1:000000000000:schedule/${group}/${name}`,
    targets: {
      invoke: async (target, input) => {
        runs.push({ at: (clock.nowMs() - startMs) / minuteMs, input, target });
        await answer(runs.length);
      },
      sendToQueue: async (arn, body, { attributes }) => void letters.push({ arn, body, attributes }),
    },
    store: { read: () => kept, changed: () => writes++ },
    say: (text) => said.push(text),
  });
  scheduler.start();
  const put = (
    more: Partial<Schedule> = {},
    options: { isFromTemplate?: boolean; afterFirst?: boolean } = {},
  ) =>
    scheduler.put(
      {
        ...{ name: "seal", group: "default", expression: "rate(10 minutes)", timezone: "UTC" },
        ...{ enabled: true, deleteAfterCompletion: false, target: { arn: functionArn, input: "{}" } },
        ...more,
      },
      options,
    );
  return {
    ...{ clock, scheduler, runs, letters, said, put },
    get minutes() {
      return runs.map(({ at }) => at);
    },
    get writes() {
      return writes;
    },
  };
}

describe("createScheduler", () => {
  it("runs a rate at once and then on, until it is removed", async () => {
    const { clock, put, scheduler, ...rest } = rig();

    put();
    await clock.advance(35 * minuteMs);
    expect(rest.runs.map(({ at }) => at)).toEqual([0, 10, 20, 30]);
    expect(scheduler.remove("default", "seal")).toBe(true);
    await clock.advance(dayMs);

    expect(rest.runs).toHaveLength(4);
    expect(scheduler.remove("default", "seal")).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it("runs a rate for the first time after a period where that is asked for", async () => {
    const { clock, put, runs } = rig();

    put({}, { afterFirst: true });
    await clock.advance(25 * minuteMs);

    expect(runs.map(({ at }) => at)).toEqual([10, 20]);
  });

  it("runs a cron in its time zone", async () => {
    const { clock, put, runs } = rig();

    put({ expression: "cron(30 9 * * ? *)", timezone: "Asia/Kolkata" });
    await clock.advance(2 * dayMs);

    expect(runs.map(({ at }) => at)).toEqual([240, 240 + 1_440]);
  });

  it("runs a single time once, however far away, and goes then if it is to", async () => {
    const { clock, put, runs, scheduler } = rig();

    put({ name: "once", expression: "at(2026-03-01T00:00:00)" });
    put({ name: "gone", expression: "at(2026-03-01T00:00:30)", deleteAfterCompletion: true });
    put({ name: "past", expression: "at(2025-12-31T23:59:59)" });
    await clock.advance(400 * dayMs);

    expect(runs.map(({ at }) => at)).toEqual([59 * 1_440, 59 * 1_440 + 0.5]);
    expect(scheduler.list().map(({ schedule }) => schedule.name)).toEqual(["once", "past"]);
  });

  it("holds to start and end, and goes after its last run if it is to", async () => {
    const { clock, put, runs, scheduler } = rig();
    const startMs = Date.UTC(2026, 0, 1, 0, 5);

    put({ startMs, endMs: startMs + 20 * minuteMs, deleteAfterCompletion: true });
    await clock.advance(dayMs);

    expect(runs.map(({ at }) => at)).toEqual([5, 15, 25]);
    expect(scheduler.list()).toEqual([]);
  });

  it("does not run while it is disabled, and makes nothing up", async () => {
    const { clock, put, runs } = rig();

    put({ enabled: false });
    await clock.advance(25 * minuteMs);
    put({ enabled: true });
    await clock.advance(10 * minuteMs);

    expect(runs.map(({ at }) => at)).toEqual([30]);
  });

  it("takes another expression at once", async () => {
    const { clock, put, runs } = rig();
    put();
    await clock.advance(15 * minuteMs);

    put({ expression: "rate(4 minutes)" });
    await clock.advance(10 * minuteMs);

    expect(runs.map(({ at }) => at)).toEqual([0, 10, 16, 20, 24]);
  });

  it("keeps groups apart, and removes one with all that is in it", async () => {
    const { clock, put, runs, scheduler } = rig();
    scheduler.putGroup("later");
    put({ group: "later" });
    put();

    expect(scheduler.groups().map(({ name }) => name)).toEqual(["default", "later"]);
    expect(scheduler.removeGroup("later")).toBe(true);
    expect(scheduler.removeGroup("later")).toBe(false);
    await clock.advance(15 * minuteMs);

    expect(runs).toHaveLength(2);
    expect(scheduler.get("later", "seal")).toBeUndefined();
  });

  it.each([
    [{ name: "a b" }, /name that is none/],
    [{ expression: "rate(5 fortnights)" }, /is none: at\(/],
    [{ timezone: "Nowhere" }, /no time zone/],
    [{ startMs: 2, endMs: 1 }, /EndDate before its StartDate/],
    [{ target: { arn: "sealer" } }, /an ARN is needed/],
    [{ target: { arn: functionArn, maximumRetryAttempts: 186 } }, /MaximumRetryAttempts 186: 0 to 185/],
  ])("refuses %j", (more, message) => {
    expect(() => rig().put(more)).toThrow(message);
  });
});

describe("what the target gets", () => {
  it("is the schedule's input, with the attributes of the run", async () => {
    const input =
      '{"at":"<aws.scheduler.scheduled-time>","of":"<aws.scheduler.schedule-arn>","n":<aws.scheduler.attempt-number>,"x":"<aws.scheduler.other>"}';
    const { clock, put, runs } = rig();

    put({ target: { arn: functionArn, input } });
    await clock.advance(0);

    expect(JSON.parse(runs[0]?.input ?? "{}")).toEqual({
      at: "2026-01-01T00:00:00Z",
      of: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/seal",
      n: 1,
      x: "<aws.scheduler.other>",
    });
  });

  it("is a description of the run where there is no input", async () => {
    const { clock, put, runs } = rig();

    put({ target: { arn: functionArn } });
    await clock.advance(0);

    expect(JSON.parse(runs[0]?.input ?? "{}")).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: "000000000000",
      time: "2026-01-01T00:00:00Z",
      region: "us-east-1",
      resources: ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/seal"],
      detail: "{}",
    });
  });
});

describe("a target that does not take a run", () => {
  const refuse = () => {
    throw new Error("not now");
  };

  it("is asked again, with pauses that double, and is done with when it takes it", async () => {
    const { clock, put, runs, letters } = rig({ answer: (call) => (call < 4 ? refuse() : undefined) });

    put({ expression: "at(2026-01-01T00:01:00)", target: { arn: functionArn, deadLetterArn } });
    await clock.advance(dayMs);

    expect(runs.map(({ at }) => at)).toEqual([1, 1 + 1 / 60, 1 + 3 / 60, 1 + 7 / 60]);
    expect(letters).toEqual([]);
  });

  it("is asked as often as the policy says; then the run goes to the dead-letter queue", async () => {
    const { clock, put, runs, letters, said } = rig({ answer: refuse });
    const target = { arn: functionArn, input: '{"a":1}', deadLetterArn, maximumRetryAttempts: 2 };

    put({ expression: "at(2026-01-01T00:01:00)", target });
    await clock.advance(dayMs);

    expect(runs).toHaveLength(3);
    expect(letters).toEqual([
      {
        arn: deadLetterArn,
        body: '{"a":1}',
        attributes: {
          ERROR_CODE: "InternalFailure",
          ERROR_MESSAGE: "not now",
          EXECUTION_ID: expect.any(String),
          EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
          IS_PAYLOAD_TRUNCATED: "false",
          RETRY_ATTEMPTS: "2",
          SCHEDULED_TIME: "2026-01-01T00:01:00.000Z",
          SCHEDULE_ARN: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/seal",
          TARGET_ARN: functionArn,
        },
      },
    ]);
    expect(said[0]).toContain("its target");
  });

  it("is asked as long as the policy says", async () => {
    const { clock, put, letters } = rig({ answer: refuse });

    put({
      expression: "at(2026-01-01T00:01:00)",
      target: { arn: functionArn, deadLetterArn, maximumEventAgeMs: 3_600_000 },
    });
    await clock.advance(70 * minuteMs);

    expect(letters[0]?.attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds" });
  });

  it("is not asked again when that is hopeless", async () => {
    const { clock, put, runs, letters } = rig({
      answer: () => {
        throw new TargetError("ResourceNotFoundException", "there is no such function");
      },
    });

    put({ expression: "at(2026-01-01T00:01:00)", target: { arn: functionArn, deadLetterArn } });
    await clock.advance(dayMs);

    expect(runs).toHaveLength(1);
    expect(letters[0]?.attributes).toMatchObject({
      ERROR_CODE: "ResourceNotFoundException",
      RETRY_ATTEMPTS: "0",
    });
    expect(letters[0]?.attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });

  it("loses the run aloud where there is no dead-letter queue", async () => {
    const { clock, put, said } = rig({ answer: refuse });

    put({ expression: "at(2026-01-01T00:01:00)", target: { arn: functionArn, maximumRetryAttempts: 0 } });
    await clock.advance(dayMs);

    expect(said).toEqual([expect.stringMatching(/schedule seal: .*the run is lost$/)]);
  });

  it("does not hold up the next run", async () => {
    const { clock, put, runs } = rig({
      answer: (call) => (call === 1 ? new Promise<void>(() => {}) : undefined),
    });

    put();
    await clock.advance(25 * minuteMs);

    expect(runs).toHaveLength(3);
  });
});

describe("a restart", () => {
  it("keeps what was made at run time, and leaves out what repeats was missed", async () => {
    const first = rig();
    first.put();
    first.scheduler.putGroup("later");
    await first.clock.advance(15 * minuteMs);
    const kept = JSON.parse(JSON.stringify(first.scheduler.state())) as SchedulerState;
    first.scheduler.stop();
    await first.clock.advance(100 * minuteMs);

    const second = rig({ clock: first.clock, kept });
    await second.clock.advance(30 * minuteMs);

    expect(first.runs).toHaveLength(2);
    expect(second.runs.map(({ at }) => at)).toEqual([120, 130, 140]);
    expect(second.scheduler.groups().map(({ name }) => name)).toEqual(["default", "later"]);
    expect(first.writes).toBeGreaterThan(0);
  });

  it("makes up for a single time that came meanwhile, once", async () => {
    const first = rig();
    first.put({ expression: "at(2026-01-01T01:00:00)", deleteAfterCompletion: true });
    const kept = first.scheduler.state();
    first.scheduler.stop();
    await first.clock.advance(90 * minuteMs);

    const second = rig({ clock: first.clock, kept });
    await second.clock.advance(dayMs);

    expect(second.runs.map(({ at }) => at)).toEqual([90]);
    expect(second.scheduler.list()).toEqual([]);
    const third = rig({ clock: first.clock, kept: second.scheduler.state() });
    await third.clock.advance(dayMs);
    expect(third.runs).toEqual([]);
  });

  it("runs a single time again that was being tried", async () => {
    const first = rig({ answer: () => new Promise<void>(() => {}) });
    first.put({ expression: "at(2026-01-01T00:01:00)" });
    await first.clock.advance(2 * minuteMs);
    const kept = first.scheduler.state();
    first.scheduler.stop();

    const second = rig({ clock: first.clock, kept });
    await second.clock.advance(minuteMs);

    expect([first.runs.length, second.runs.length]).toEqual([1, 1]);
  });

  it("has a template's schedules made again by it, as old as they are", async () => {
    const first = rig();
    first.put({}, { isFromTemplate: true });
    first.put({ name: "once", expression: "at(2026-01-01T00:05:00)" }, { isFromTemplate: true });
    first.put({ name: "dropped" }, { isFromTemplate: true });
    await first.clock.advance(12 * minuteMs);
    const kept = first.scheduler.state();
    first.scheduler.stop();

    const second = rig({ clock: first.clock, kept });
    second.put({}, { isFromTemplate: true });
    second.put({ name: "once", expression: "at(2026-01-01T00:05:00)" }, { isFromTemplate: true });
    await second.clock.advance(10 * minuteMs);

    expect(second.runs.map(({ at }) => at)).toEqual([20]);
    expect(second.scheduler.list().map(({ schedule }) => schedule.name)).toEqual(["once", "seal"]);
  });
});
