import { describe, expect, it } from "@jest/globals";
import { attempt } from "../../ops/doctor/attempt.ts";
import type {
  FunctionFacts,
  JobFacts,
  MappingFacts,
  QueueFacts,
  ScheduleFacts,
  SubscriptionFacts,
  TableFacts,
} from "../../ops/doctor/facts.ts";
import { type CloudReads, examine, type Finding, type Read, readVersions } from "../../ops/doctor/index.ts";
import { judgeVersions, type Versions } from "../../ops/doctor/judge-versions.ts";
import type { Target } from "../../ops/target.ts";
import { type ConsumerSettings, encodeSettings } from "../../src/env.ts";

const region = "us-east-1";
const account = "111122223333";
const target: Target = {
  endpoint: "http://127.0.0.1:4566",
  isRealCloud: false,
  region,
  identity: { account, arn: `arn:aws:iam::${account}:user/ann` },
  problem: undefined,
};
const versions = readVersions(process.cwd());
const arnOf = (queue: string) => `arn:aws:sqs:${region}:${account}:${queue}`;
const topicArn = `arn:aws:sns:${region}:${account}:shop-orders`;
const settings: ConsumerSettings = {
  v: 1,
  bus: "shop",
  consumer: "LockStock",
  on: ["order.created:1"],
  emits: [],
  mode: "once",
  fifo: false,
  account,
  region,
  attempts: 10,
  firstDelayMs: 5_000,
  maxDelayMs: 900_000,
  marginMs: 3_000,
  keepMs: 86_400_000,
  parallel: 10,
};
const letIn = (queue: string, from = topicArn) =>
  JSON.stringify({
    Statement: [
      { Effect: "Deny", Principal: "*", Action: "sqs:*" },
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arnOf(queue),
        Condition: { ArnEquals: { "aws:SourceArn": from } },
      },
    ],
  });
const queueFacts = (name: string, changes: Partial<QueueFacts> = {}): QueueFacts => ({
  name,
  arn: arnOf(name),
  waiting: 0,
  inFlight: 0,
  visibilitySeconds: 180,
  retentionSeconds: 345_600,
  redrive: undefined,
  policy: letIn(name),
  ...changes,
});

const tableFacts = (name: string, keys: readonly string[]): TableFacts => ({
  ...{ name, status: "ACTIVE", keys, stream: undefined },
});

/** A cloud with one healthy consumer. */
function healthy() {
  return {
    function: {
      name: "shop-LockStock",
      settings: encodeSettings(settings),
      timeoutSeconds: 30,
      memoryMb: 512,
      stack: "shop-stack",
      state: "Active",
      trouble: undefined,
      reservedConcurrency: 20,
    } as FunctionFacts,
    mapping: {
      uuid: "u-1",
      queueArn: arnOf("shop-LockStock"),
      state: "Enabled",
      batchSize: 10,
      windowSeconds: 0,
      maximumConcurrency: 20,
      pollers: undefined,
      partialAnswers: true,
      lastResult: undefined,
    } as MappingFacts,
    queue: queueFacts("shop-LockStock", {
      redrive: { targetArn: arnOf("shop-LockStock-dead"), maxReceiveCount: 100 },
    }),
    dead: queueFacts("shop-LockStock-dead", { retentionSeconds: 1_209_600 }),
    undelivered: queueFacts("shop-LockStock-undelivered", { retentionSeconds: 1_209_600 }),
    subscription: {
      arn: `${topicArn}:1`,
      topicArn,
      endpoint: arnOf("shop-LockStock"),
      raw: true,
      filterPolicy: { type: ["order.created"], country: ["de"] },
      redriveTargetArn: arnOf("shop-LockStock-undelivered"),
    } as SubscriptionFacts,
    ledger: tableFacts("shop-ledger", ["pk"]),
    limits: tableFacts("shop-limits", ["pk"]),
    jobs: tableFacts("shop-jobs", ["pk", "sk"]),
    schedule: {
      name: "shop-LockStock",
      state: "ENABLED",
      expression: "rate(1 minute)",
      targetArn: "arn:aws:lambda:us-east-1:111122223333:function:shop-LockStock",
    } as ScheduleFacts,
  };
}
type World = ReturnType<typeof healthy>;

const none = { missing: true } as const;

/** The world as the doctor reads it; `reads` answers in place of it. */
function readsOf(world: World, reads: Partial<CloudReads> = {}): CloudReads {
  const queues = new Map([world.queue, world.dead, world.undelivered].map((one) => [one.name, one]));
  const read = <Value>(found: Value | undefined): Read<Value> => (found === undefined ? none : { found });
  return {
    functions: async () => ({ found: [world.function] }),
    functionState: async () => none,
    oldestSeconds: async () => undefined,
    bucket: async () => none,
    relaySettings: async () => none,
    standing: async () => none,
    alarms: async () => undefined,
    mappings: async () => ({ found: [world.mapping] }),
    queue: async (name) => read(queues.get(name)),
    schedule: async (name) => read([world.schedule].find((one) => one.name === name)),
    topics: async (prefix) => ({ found: prefix === "shop-" ? [topicArn] : [] }),
    subscriptions: async () => ({ found: [world.subscription] }),
    table: async (name) =>
      read([world.ledger, world.limits, world.jobs].find((table) => table.name === name)),
    ...reads,
  };
}

const look = async (
  world: World,
  reads: Partial<CloudReads> = {},
  bus?: string,
): Promise<readonly Finding[]> =>
  (await examine({ target, versions, reads: readsOf(world, reads), bus })).findings;
const troubles = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== "ok");

/** What goes wrong with one thing: how the world changes, and the one finding that tells of it. */
const faults: readonly (readonly [
  what: string,
  level: "warn" | "fail",
  check: string,
  message: RegExp,
  change: (world: World) => Partial<World>,
])[] = [
  [
    "the function failed",
    "fail",
    "function",
    /is Failed: no image/,
    (w) => ({ function: { ...w.function, state: "Failed", trouble: "no image" } }),
  ],
  [
    "the last update failed",
    "fail",
    "function",
    /Active: Failed disk/,
    (w) => ({ function: { ...w.function, trouble: "Failed disk" } }),
  ],
  [
    "the settings are not ours to read",
    "fail",
    "function",
    /OMNIBUS has a format/,
    (w) => ({ function: { ...w.function, settings: '{"v":9}' } }),
  ],
  [
    "a copy of the function",
    "warn",
    "function",
    /settings of shop-LockStock/,
    (w) => ({ function: { ...w.function, name: "shop-Copy" } }),
  ],
  [
    "a short visibility timeout",
    "fail",
    "queue",
    /after 20 s, and the function may run 30 s/,
    (w) => ({ queue: { ...w.queue, visibilitySeconds: 20 } }),
  ],
  [
    "a scarce visibility timeout",
    "warn",
    "queue",
    /100 s; 180 s/,
    (w) => ({ queue: { ...w.queue, visibilitySeconds: 100 } }),
  ],
  [
    "no dead-letter queue",
    "fail",
    "queue",
    /has no dead-letter queue/,
    (w) => ({ queue: { ...w.queue, redrive: undefined } }),
  ],
  [
    "another one's dead letters",
    "fail",
    "queue",
    /sends dead letters to arn:x instead/,
    (w) => ({ queue: { ...w.queue, redrive: { targetArn: "arn:x", maxReceiveCount: 9 } } }),
  ],
  [
    "few receives",
    "warn",
    "queue",
    /dead after 3 receives/,
    (w) => ({ queue: { ...w.queue, redrive: { targetArn: w.dead.arn, maxReceiveCount: 3 } } }),
  ],
  [
    "dead letters",
    "warn",
    "dead-letters",
    /3 dead letters/,
    (w) => ({ dead: { ...w.dead, waiting: 2, inFlight: 1 } }),
  ],
  [
    "short-lived dead letters",
    "warn",
    "dead-letters",
    /keeps messages 60 s/,
    (w) => ({ dead: { ...w.dead, retentionSeconds: 60 } }),
  ],
  [
    "undelivered messages",
    "warn",
    "undelivered",
    /1 messages that SNS could not deliver/,
    (w) => ({ undelivered: { ...w.undelivered, waiting: 1 } }),
  ],
  [
    "a mapping of another queue alone",
    "fail",
    "mapping",
    /no mapping from its queue/,
    (w) => ({ mapping: { ...w.mapping, queueArn: "arn:x" } }),
  ],
  [
    "a disabled mapping",
    "warn",
    "mapping",
    /is Disabled/,
    (w) => ({ mapping: { ...w.mapping, state: "Disabled" } }),
  ],
  [
    "no partial answers",
    "fail",
    "mapping",
    /partial answers are off/,
    (w) => ({ mapping: { ...w.mapping, partialAnswers: false } }),
  ],
  [
    "over-pulling",
    "warn",
    "mapping",
    /pulls 50, and 20 may run/,
    (w) => ({ mapping: { ...w.mapping, maximumConcurrency: 50 } }),
  ],
  [
    "unbounded pulling",
    "warn",
    "mapping",
    /pulls without bound/,
    (w) => ({ mapping: { ...w.mapping, maximumConcurrency: undefined } }),
  ],
  [
    "a failing poll",
    "warn",
    "mapping",
    /PROBLEM: no permission/,
    (w) => ({ mapping: { ...w.mapping, lastResult: "PROBLEM: no permission" } }),
  ],
  [
    "no subscription",
    "fail",
    "subscription",
    /no topic of the bus sends/,
    (w) => ({ subscription: { ...w.subscription, endpoint: "arn:x" } }),
  ],
  [
    "an unconfirmed subscription",
    "fail",
    "subscription",
    /not confirmed/,
    (w) => ({ subscription: { ...w.subscription, arn: "PendingConfirmation" } }),
  ],
  [
    "a wrapping subscription",
    "warn",
    "subscription",
    /come wrapped/,
    (w) => ({ subscription: { ...w.subscription, raw: false } }),
  ],
  [
    "a subscription that loses",
    "fail",
    "subscription",
    /cannot deliver is lost/,
    (w) => ({ subscription: { ...w.subscription, redriveTargetArn: undefined } }),
  ],
  [
    "undeliverables elsewhere",
    "warn",
    "subscription",
    /goes to arn:x/,
    (w) => ({ subscription: { ...w.subscription, redriveTargetArn: "arn:x" } }),
  ],
  [
    "a queue without a policy",
    "fail",
    "permissions",
    /does not let .*shop-orders send/,
    (w) => ({ queue: { ...w.queue, policy: undefined } }),
  ],
  [
    "a policy for another topic",
    "fail",
    "permissions",
    /shop-LockStock: its policy/,
    (w) => ({ queue: { ...w.queue, policy: letIn("shop-LockStock", "arn:x") } }),
  ],
  [
    "a policy that only denies",
    "fail",
    "permissions",
    /shop-LockStock-undelivered: its policy/,
    (w) => ({ undelivered: { ...w.undelivered, policy: letIn("x").replace("Allow", "Deny") } }),
  ],
  [
    "a contract that is not subscribed",
    "fail",
    "contracts",
    /handles order.created, and no subscription/,
    (w) => ({ subscription: { ...w.subscription, filterPolicy: { type: ["order.paid"] } } }),
  ],
  [
    "a subscription that is not handled",
    "fail",
    "contracts",
    /is sent order.paid/,
    (w) => ({ subscription: { ...w.subscription, filterPolicy: { type: ["order.created", "order.paid"] } } }),
  ],
  [
    "a subscription without a filter",
    "warn",
    "contracts",
    /no filter on type/,
    (w) => ({ subscription: { ...w.subscription, filterPolicy: {} } }),
  ],
  [
    "another table's key",
    "fail",
    "ledger",
    /has the key \(id\)/,
    (w) => ({ ledger: { ...w.ledger, keys: ["id"] } }),
  ],
  [
    "a ledger on its way",
    "warn",
    "ledger",
    /is CREATING/,
    (w) => ({ ledger: { ...w.ledger, status: "CREATING" } }),
  ],
];

describe("examine", () => {
  it("finds nothing wrong where nothing is wrong, and names every part", async () => {
    const findings = await look(healthy());

    expect(troubles(findings)).toEqual([]);
    expect(findings.find(({ check }) => check === "function")?.message).toContain("stack shop-stack");
    expect(findings.map(({ check }) => check)).toEqual([
      ...[
        "target",
        "credentials",
        "node",
        "omnibus-aws",
        "aws-cdk-lib",
        "aws-cdk",
        "bus",
        "ledger",
        "limits",
        "jobs",
        "parked",
        "outbox",
        "archive",
      ],
      ...[
        "function",
        "queue",
        "dead-letters",
        "undelivered",
        "mapping",
        "subscription",
        "permissions",
        "contracts",
      ],
    ]);
  });

  it.each(faults)("tells of %s: %s", async (_what, level, check, message, change) => {
    const world = healthy();
    const findings = troubles(await look({ ...world, ...change(world) }));

    expect(findings).toContainEqual({
      check,
      level,
      message: expect.stringMatching(message),
      fix: expect.stringMatching(/./),
    });
  });

  it.each([
    ["LockStock", "queue"],
    ["LockStock-dead", "dead-letters"],
    ["LockStock-undelivered", "undelivered"],
  ])("tells when the queue %s is gone", async (name, check) => {
    const world = healthy();
    const reads = readsOf(world);

    const findings = await look(world, {
      queue: async (asked) => (asked === `shop-${name}` ? none : reads.queue(asked)),
    });

    // A plain deployment finds the template unchanged, and mends nothing.
    expect(troubles(findings)).toMatchObject([
      { check, level: "fail", fix: expect.stringContaining("--revert-drift") },
    ]);
  });

  it("tells when a table is gone that a consumer needs, and that handlers do not run then", async () => {
    const world = healthy();
    const line = (changes: Partial<ConsumerSettings>) => encodeSettings({ ...settings, ...changes });
    const without = async (changes: Partial<ConsumerSettings>) => {
      const fn = { ...world.function, settings: line(changes) };
      return troubles(await look({ ...world, function: fn }, { table: async () => none }));
    };

    expect(await without({})).toMatchObject([{ check: "ledger", level: "fail" }]);
    expect(await without({ mode: "none", limits: ["partner:50/s"] })).toMatchObject([
      { check: "limits", level: "fail", message: expect.stringContaining("LockStock need one") },
    ]);
    const breaker = { failures: 5, windowMs: 30_000, probeMs: 10_000 };
    expect(await without({ mode: "none", breaker })).toMatchObject([
      { check: "jobs", level: "fail", message: expect.stringContaining("not even an outage") },
      { check: "job", level: "warn", message: expect.stringContaining("shop-governor") },
    ]);
    expect(await without({ mode: "none", onPoison: "park" })).toMatchObject([
      { check: "parked", level: "fail", message: expect.stringContaining("no table for its parked groups") },
    ]);
    expect(await without({ mode: "none" })).toEqual([]);
  });

  it("tells when one limit has two meanings on a bus, whoever deployed them", async () => {
    const world = healthy();
    const holder = (consumer: string, ...limits: string[]): FunctionFacts => ({
      ...world.function,
      name: `shop-${consumer}`,
      settings: encodeSettings({ ...settings, consumer, limits }),
    });
    const [fifty, sixty, daily] = ["partner: rate 50/s (…)", "partner: rate 60/s (…)", "daily: quota 9/day"];
    const limitsOf = async (...functions: FunctionFacts[]) =>
      (await look(world, { functions: async () => ({ found: functions }) })).filter(
        ({ check, message }) => check === "limits" && !message.includes("active"),
      );

    const alike = await limitsOf(holder("LockStock", fifty), holder("Points", fifty, daily));
    const apart = await limitsOf(
      holder("LockStock", fifty),
      holder("Points", daily, sixty),
      holder("Mail", fifty),
    );

    expect(alike).toMatchObject([{ level: "ok", message: expect.stringContaining("(partner, daily)") }]);
    expect(apart).toMatchObject([
      {
        level: "fail",
        message: `limit partner of bus shop has 2 meanings (LockStock, Mail ${fifty}; Points ${sixty}): nobody keeps the sum of their starts`,
      },
    ]);
  });

  describe("where a schedule drains a consumer", () => {
    /** As it is deployed: no mapping. */
    const drained = () => {
      const world = healthy();
      const drain = { everyMs: 60_000, batchSize: 10 };
      const line = encodeSettings({ ...settings, limits: ["partner: rate 5/min"], drain });
      return { ...world, function: { ...world.function, settings: line } };
    };
    const unmapped: Partial<CloudReads> = { mappings: async () => ({ found: [] }) };

    it("looks at the schedule, and misses no mapping", async () => {
      const findings = await look(drained(), unmapped);

      expect(troubles(findings)).toEqual([]);
      expect(findings).toContainEqual({
        check: "schedule",
        level: "ok",
        message: "shop-LockStock: drained by its schedule, rate(1 minute)",
      });
      expect(findings.map(({ check }) => check)).not.toContain("mapping");
    });

    it.each([
      ["fail", "no schedule drains its queue", { schedule: async () => none }],
      [
        "warn",
        "scheduler:GetSchedule is not allowed",
        { schedule: async () => ({ denied: "scheduler:GetSchedule" }) },
      ],
      ["warn", "a mapping reads its queue beside the schedule", { mappings: undefined }],
    ] as const)("tells (%s) %s", async (level, message, reads) => {
      const world = drained();
      const given = { ...unmapped, ...reads } as Partial<CloudReads>;
      const { mappings = readsOf(world).mappings } = given;

      const findings = troubles(await look(world, { ...given, mappings }));

      expect(findings).toEqual([expect.objectContaining({ check: "schedule", level })]);
      expect(findings[0]?.message).toContain(message);
    });

    it.each([
      ["warn", "its schedule is DISABLED: messages wait", { state: "DISABLED" }],
      ["fail", "its schedule calls arn:x", { targetArn: "arn:x" }],
    ] as const)("tells (%s) that %s", async (level, message, change) => {
      const world = drained();

      const findings = troubles(
        await look({ ...world, schedule: { ...world.schedule, ...change } }, unmapped),
      );

      expect(findings).toEqual([expect.objectContaining({ check: "schedule", level })]);
      expect(findings[0]?.message).toContain(message);
    });
  });

  describe("where a bus has functions and an archive of its own", () => {
    const jobs = [
      "governor",
      "archiver",
      "journaler",
      "sealer",
      "reconciler",
      "relay",
      "delayer",
      "replayer",
    ].map((job) => `shop-${job}`);
    const bucketName = `shop-archive-${account}-${region}`;
    const stateOf = (name: string, change: object = {}) =>
      ({ found: { name, state: "Active", trouble: undefined, ...change } }) as JobFacts["function"];
    const scheduleOf = (name: string, change: object = {}) => ({
      found: { name, state: "ENABLED", expression: "rate(1 minute)", targetArn: `arn:x:${name}`, ...change },
    });
    const mappingOf = (world: World, change: object = {}) => ({
      found: [{ ...world.mapping, uuid: "u-2", queueArn: "arn:stream", ...change }],
    });
    /** All of it is there and well; `changes` answer for one name each. */
    const complete = (world: World, changes: Partial<CloudReads> = {}): Partial<CloudReads> => {
      const reads = readsOf(world);
      const well: CloudReads = {
        ...reads,
        functionState: async (name) => (jobs.includes(name) ? stateOf(name) : none),
        mappings: async (name) => (jobs.includes(name) ? mappingOf(world) : reads.mappings(name)),
        schedule: async (name) => (jobs.includes(name) ? scheduleOf(name) : reads.schedule(name)),
        queue: async (name) =>
          name.startsWith("shop-archive") || name.startsWith("shop-delayed")
            ? { found: queueFacts(name, { retentionSeconds: 604_800 }) }
            : reads.queue(name),
        bucket: async (name) => (name === bucketName ? { found: name } : none),
      };
      return { ...well, ...changes };
    };
    type Answers = {
      readonly [Part in "functionState" | "mappings" | "schedule" | "queue" | "bucket"]?: readonly [
        name: string,
        answer: Read<never>,
      ];
    };
    /** The same, where one name of each part given is answered otherwise. */
    const except = (world: World, answers: Answers): Partial<CloudReads> => {
      const well = complete(world) as CloudReads;
      const changed = Object.entries(answers).map(([part, [name, answer]]) => {
        const read = well[part as keyof Answers] as (asked: string) => Promise<unknown>;
        return [part, async (asked: string) => (asked === name ? answer : read(asked))];
      });
      return { ...well, ...Object.fromEntries(changed) };
    };

    it("names each, and finds nothing wrong", async () => {
      const findings = await look(healthy(), complete(healthy()));

      expect(troubles(findings)).toEqual([]);
      expect(findings.filter(({ check }) => check === "job").map(({ message }) => message)).toEqual([
        "shop-governor: Active, called by its mapping and its schedule",
        "shop-archiver: Active, called by its mapping",
        "shop-journaler: Active, called by its mapping",
        "shop-sealer: Active, called by its schedule",
        "shop-reconciler: Active, called by its schedule",
        "shop-relay: Active, called by its mapping and its schedule",
        "shop-delayer: Active, called by its mapping",
        "shop-replayer: Active",
      ]);
      expect(findings.filter(({ check }) => check === "archive").map(({ message }) => message)).toEqual([
        `${bucketName} is there`,
        "shop-archive: 0 waiting, 0 in flight",
      ]);
      expect(findings.filter(({ check }) => check === "delay").map(({ message }) => message)).toEqual([
        "shop-delayed: 0 waiting, 0 in flight",
      ]);
    });

    const world = healthy();
    const mapped = (change: object) => mappingOf(world, change) as Read<never>;
    const queued = (name: string, change: Partial<QueueFacts>) =>
      ({ found: queueFacts(name, change) }) as Read<never>;
    it.each<readonly [level: "warn" | "fail", check: string, message: RegExp, answers: Answers]>([
      ["fail", "job", /no function shop-archiver: what is/, { functionState: ["shop-archiver", none] }],
      [
        "fail",
        "job",
        /shop-sealer is Failed: no image: what is kept/,
        {
          functionState: [
            "shop-sealer",
            stateOf("x", { state: "Failed", trouble: "no image" }) as Read<never>,
          ],
        },
      ],
      [
        "warn",
        "job",
        /lambda:GetFunctionConfiguration is not allowed/,
        { functionState: ["shop-relay", { denied: "lambda:GetFunctionConfiguration" }] },
      ],
      [
        "fail",
        "job",
        /shop-journaler: no mapping calls it/,
        { mappings: ["shop-journaler", { found: [] as never }] },
      ],
      [
        "fail",
        "job",
        /mapping is Disabled: no breaker/,
        { mappings: ["shop-governor", mapped({ state: "Disabled" })] },
      ],
      [
        "warn",
        "job",
        /PROBLEM: no right/,
        { mappings: ["shop-archiver", mapped({ lastResult: "PROBLEM: no right" })] },
      ],
      ["fail", "job", /shop-sealer: no schedule calls it/, { schedule: ["shop-sealer", none] }],
      [
        "fail",
        "job",
        /shop-governor: its schedule is DISABLED/,
        { schedule: ["shop-governor", scheduleOf("shop-governor", { state: "DISABLED" }) as Read<never>] },
      ],
      [
        "fail",
        "job",
        /shop-reconciler: its schedule calls arn:x/,
        {
          schedule: ["shop-reconciler", scheduleOf("shop-reconciler", { targetArn: "arn:x" }) as Read<never>],
        },
      ],
      ["fail", "archive", /the bucket of its archive is gone/, { bucket: [bucketName, none] }],
      [
        "warn",
        "archive",
        /s3:ListBucket is not allowed/,
        { bucket: [bucketName, { denied: "s3:ListBucket" }] },
      ],
      ["fail", "archive", /the queue of its archive is gone/, { queue: ["shop-archive", none] }],
      [
        "fail",
        "archive",
        /a dead-letter queue of its archive is gone/,
        { queue: ["shop-archive-dead", none] },
      ],
      [
        "warn",
        "archive",
        /shop-archive-dead: 2 messages that could not be kept/,
        { queue: ["shop-archive-dead", queued("shop-archive-dead", { waiting: 2 })] },
      ],
      [
        "warn",
        "archive",
        /shop-archive-undelivered: 1 messages that SNS could not deliver/,
        { queue: ["shop-archive-undelivered", queued("shop-archive-undelivered", { inFlight: 1 })] },
      ],
      ["fail", "delay", /the queue of its delayed events is gone/, { queue: ["shop-delayed", none] }],
      ["fail", "delay", /what cannot be passed on is lost/, { queue: ["shop-delayed-dead", none] }],
      [
        "warn",
        "delay",
        /sqs:GetQueueAttributes is not allowed/,
        { queue: ["shop-delayed", { denied: "sqs:GetQueueAttributes" }] },
      ],
      [
        "warn",
        "delay",
        /shop-delayed-dead: 3 delayed events could not be passed on/,
        { queue: ["shop-delayed-dead", queued("shop-delayed-dead", { waiting: 3 })] },
      ],
    ])("tells (%s %s) %s", async (level, check, message, answers) => {
      const findings = troubles(await look(world, except(world, answers)));

      expect(findings).toEqual([
        { check, level, message: expect.stringMatching(message), fix: expect.stringMatching(/./) },
      ]);
    });

    it("tells when the archive's queue is not read any more, and not when it is merely busy", async () => {
      const waiting = queued("shop-archive", { waiting: 500, retentionSeconds: 604_800 });
      const of = async (oldestSeconds: number | undefined) => {
        const reads = except(world, { queue: ["shop-archive", waiting] });
        return troubles(await look(world, { ...reads, oldestSeconds: async () => oldestSeconds }));
      };

      expect(await of(undefined)).toEqual([]);
      expect(await of(900)).toEqual([]);
      expect(await of(7_200)).toMatchObject([
        {
          check: "archive",
          message: expect.stringMatching(/500 waiting.*the oldest for 120 min.* 7 days is gone/),
        },
      ]);
    });

    it("says nothing of delayed events where none are delayed", async () => {
      const reads = except(world, {
        functionState: ["shop-delayer", none],
        queue: ["shop-delayed", none],
      });

      const findings = await look(world, reads);

      expect(findings.filter(({ check }) => check === "delay")).toEqual([]);
    });

    it("misses no governor where no breaker counts on one, and tells of it as a choice where one does", async () => {
      const breaker = { failures: 5, windowMs: 30_000, probeMs: 10_000 };
      const settled = encodeSettings({ ...settings, breaker });
      const counting = { ...world, function: { ...world.function, settings: settled } };
      const without = (of: World) => look(of, except(of, { functionState: ["shop-governor", none] }));

      expect(troubles(await without(world))).toEqual([]);
      expect(troubles(await without(counting))).toMatchObject([
        {
          check: "job",
          level: "warn",
          message: expect.stringContaining("there is no function shop-governor"),
        },
      ]);
    });
  });

  it.each(["functions", "mappings", "queue", "topics", "subscriptions", "table"] as const)(
    "passes nothing over in silence that it may not look at: %s",
    async (part) => {
      const findings = troubles(await look(healthy(), { [part]: async () => ({ denied: `some:${part}` }) }));

      expect(findings.map(({ message }) => message).join("\n")).toContain(`some:${part} is not allowed`);
    },
  );

  it("tells that a bus is not there, and what to set", async () => {
    const [finding] = troubles(await look(healthy(), {}, "other"));

    expect(finding).toMatchObject({ check: "bus", level: "fail", message: "there is no bus other here" });
    expect(finding?.fix).toContain("AWS_ENDPOINT_URL");
  });

  it("tells that there is no bus at all", async () => {
    const findings = troubles(await look(healthy(), { functions: async () => ({ found: [] }) }));

    expect(findings).toMatchObject([{ check: "bus", level: "fail" }]);
  });

  it("does not judge from here what topics of another account send", async () => {
    const world = healthy();
    const line = encodeSettings({ ...settings, account: "444455556666" });
    const findings = troubles(await look({ ...world, function: { ...world.function, settings: line } }));

    expect(findings).toMatchObject([{ check: "subscription", level: "warn" }]);
    expect(findings[0]?.message).toContain("account 444455556666");
  });

  it("says plainly when it looks at the real cloud, and as whom", async () => {
    const { findings } = await examine({
      target: { ...target, endpoint: undefined, isRealCloud: true },
      versions,
      reads: readsOf(healthy()),
    });

    expect(findings[0]).toMatchObject({
      check: "target",
      level: "warn",
      message: `this looks at the real cloud (AWS_ENDPOINT_URL is not set), account ${account}, region us-east-1`,
    });
  });

  it("asks nothing more when there are no credentials", async () => {
    const { findings } = await examine({
      target: { ...target, identity: undefined, problem: "Could not load credentials" },
      versions,
      reads: readsOf(healthy(), { functions: () => Promise.reject(new Error("asked")) }),
    });

    expect(troubles(findings)).toMatchObject([{ check: "credentials", level: "fail" }]);
  });

  it("tells when the cloud stops answering", async () => {
    const findings = troubles(
      await look(healthy(), { functions: () => Promise.reject(new Error("socket hang up")) }),
    );

    expect(findings).toMatchObject([{ check: "target", level: "fail" }]);
    expect(findings[0]?.message).toContain("socket hang up");
  });
});

describe("judgeVersions", () => {
  const good: Versions = {
    node: "24.1.0",
    "omnibus-aws": undefined,
    "aws-cdk-lib": "2.300.0",
    "aws-cdk": "2.1200.0",
  };

  it("is content with what goes together", () => {
    expect(troubles(judgeVersions(good))).toEqual([]);
  });

  it.each([
    ["node", "22.17.9", "fail"],
    ["aws-cdk-lib", "2.275.9", "fail"],
    ["aws-cdk-lib", undefined, "warn"],
    ["aws-cdk", "3.0.0", "fail"],
    ["aws-cdk", "2.1147.0", "fail"],
    ["omnibus-aws", "9.9.9", "warn"],
  ] as const)("complains of %s %s", (name, version, level) => {
    expect(troubles(judgeVersions({ ...good, [name]: version }))).toMatchObject([{ check: name, level }]);
  });
});

describe("attempt", () => {
  const failing = (name: string) =>
    attempt("a:B", () => Promise.reject(Object.assign(new Error(name), { name })));

  it.each(["QueueDoesNotExist", "ResourceNotFoundException", "NotFoundException"])(
    "takes %s as not there",
    async (name) => {
      expect(await failing(name)).toEqual({ missing: true });
    },
  );

  it.each(["AccessDeniedException", "AuthorizationErrorException", "AccessDenied"])(
    "takes %s as not allowed",
    async (name) => {
      expect(await failing(name)).toEqual({ denied: "a:B" });
    },
  );

  it("throws on what is neither", async () => {
    await expect(failing("ECONNRESET")).rejects.toThrow("ECONNRESET");
  });
});
