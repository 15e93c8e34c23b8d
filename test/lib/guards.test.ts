import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type } from "arktype";
import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import { Aws, Duration, type Environment, Lazy, Stack, Stage } from "aws-cdk-lib/core";
import * as v from "valibot";
import * as z from "zod";
import {
  Consumer,
  type ConsumerFacts,
  type ConsumerProps,
  EventBus,
  type Expect,
  guards,
} from "../../lib/index.ts";
import type { Contract } from "../../src/contract/index.ts";
import { limit } from "../../src/limits/index.ts";
import {
  aBus,
  anApp,
  aStack,
  balanceMoved,
  entry,
  orderPaid,
  orderPlaced,
  stockLocked,
} from "../helpers/stacks.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

type Props = Partial<ConsumerProps> & { readonly id?: string };

/** A contract as a user's could be, without the checks of `defineEvent`. */
function contract(change: Partial<Contract>): Contract {
  return { ...(orderPlaced as Contract), ...change };
}

const fifty = limit("partner", { rate: "50/s", horizonMs: 2_000 });
const slow = limit("slow", { rate: "5/min" });
const daily = limit("daily", { quota: "1000/day" });
const shortRetry: Props = { retry: { survive: Duration.minutes(10) } };
const smallEvents: Props = { batchWindow: Duration.seconds(1), maxMessageBytes: 1_024 };
const expecting = (change: Partial<Expect>): Props => ({
  expect: { arrivals: "2/s", handlerMs: 40, ...change },
});
const fields = ["a", "b", "c", "d", "e"];
const filterable = contract({ filterable: fields });
const where = (...counts: number[]) =>
  ({
    on: [filterable],
    where: Object.fromEntries(counts.map((count, i) => [fields[i], Array.from({ length: count }, String)])),
  }) as unknown as Props;
const pythonEntry = new URL("../fixtures/python-app/handlers/recommend.py", import.meta.url);
const inPython = (schema: Contract["schema"]): Props => ({
  on: [contract({ schema })],
  language: "python",
  entry: pythonEntry,
});
const folders = temporaryFolder();
/** An entry with a `requirements.txt` and these packages beside it. */
function needing(requirements: string, ...packages: readonly string[]): string {
  const folder = mkdtempSync(join(folders, "packages-"));
  for (const name of packages) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "requirements.txt"), requirements);
  writeFileSync(join(folder, "app.py"), "");
  return join(folder, "app.py");
}
const types = (count: number) => ({
  on: Array.from({ length: count }, (_, i) => contract({ type: `order.happened-in-a-long-name-${i}` })),
});

/** For each guard: what fires it, a word of the message, and what is only just allowed. */
const cases: Readonly<Record<string, { fires: Props; says: string; quiet: Props }[]>> = {
  "consumer-name": [
    { fires: { id: "lock_stock" }, says: '"lock_stock"', quiet: { id: "lock-stock" } },
    { fires: { id: "Points-dead" }, says: "reserved", quiet: { id: "Deadly" } },
  ],
  "topic-name": [
    {
      fires: { on: [contract({ topic: "Orders" })] },
      says: '"Orders"',
      quiet: { on: [contract({ topic: "orders" })] },
    },
  ],
  "contract-missing": [{ fires: { on: [] }, says: "`on` is empty", quiet: { on: [orderPlaced] } }],
  "contract-topic": [
    {
      fires: { on: [contract({ topic: "" })] },
      says: "no topic",
      quiet: { on: [contract({ topic: "stock" })] },
    },
    {
      fires: { emits: [contract({ topic: "refunds" })] },
      says: '"refunds"; the topics of bus shop are: orders',
      quiet: { emits: [stockLocked] },
    },
  ],
  "mixed-topics": [
    {
      fires: { on: [orderPlaced, balanceMoved] },
      says: "orders, balances.fifo",
      quiet: { on: [orderPlaced, stockLocked] },
    },
  ],
  "filter-field": [
    {
      fires: { where: { orderId: ["1"] } } as Props,
      says: "country, cents",
      quiet: { where: { country: ["de"] } } as Props,
    },
  ],
  language: [
    {
      fires: { entry: "handlers/recommend.py" },
      says: `language is "typescript" and entry ${resolve("handlers/recommend.py")}`,
      quiet: { entry: pythonEntry, language: "python" },
    },
    {
      fires: { language: "python" },
      says: "fixture-handler.ts",
      quiet: { language: "typescript", bundling: { minify: false } },
    },
    {
      fires: { entry: pythonEntry, language: "python", bundling: {} },
      says: "bundling is given for",
      quiet: { entry: pythonEntry, language: "python" },
    },
  ],
  "python-mode": [
    {
      fires: { ...inPython(z.object({})), mode: "transaction" },
      says: 'mode is "transaction" and language "python"',
      quiet: { ...inPython(z.object({})), mode: "record" },
    },
    {
      fires: { ...inPython(z.object({})), mode: "transaction" },
      says: "the Python runtime knows no transactions yet",
      quiet: { mode: "transaction" },
    },
  ],
  "python-schema": [
    {
      fires: inPython(z.object({ price: z.number().multipleOf(0.01) })),
      says: 'contract order.placed:1, schema.properties.price.multipleOf: the keyword "multipleOf" is not in the subset; allowed are type, ',
      quiet: inPython(z.object({ price: z.number().min(0.01) })),
    },
    {
      fires: {
        ...inPython(z.object({})),
        emits: [contract({ type: "stock.taken", schema: z.tuple([z.string()]) })],
      },
      says: "schema.prefixItems",
      quiet: {
        ...inPython(z.object({})),
        emits: [contract({ type: "stock.taken", schema: z.array(z.string()) })],
      },
    },
    {
      fires: inPython(z.object({ at: z.date() })),
      says: "its validator gives no JSON Schema (Error: Date cannot be represented in JSON Schema)",
      quiet: { on: [contract({ schema: z.object({ at: z.date() }) })] },
    },
    {
      fires: inPython(v.object({ orderId: v.string() })),
      says: "valibot offers no Standard JSON Schema",
      quiet: inPython(type({ orderId: "string" })),
    },
  ],
  "python-tenant": [
    {
      fires: { ...inPython(z.object({})), emits: [contract({ type: "stock.taken", tenant: () => "acme" })] },
      says: "the tenant of contract stock.taken:1 is a function of TypeScript",
      quiet: { ...inPython(z.object({})), emits: [contract({ type: "stock.taken", tenant: "country" })] },
    },
  ],
  "python-claims": [
    {
      fires: {
        ...inPython(z.object({})),
        bus: EventBus.fromName(aStack(), "Claiming", "shop", { claims: true }),
      },
      says: "the bus has claims",
      quiet: inPython(z.object({})),
    },
  ],
  "python-packages": [
    {
      fires: { language: "python", entry: needing("requests==2.32.3\nPyYAML  # for reading\n") },
      says: "requirements.txt names requests, PyYAML, and no such package lies in ",
      quiet: {
        language: "python",
        entry: needing(
          '# nothing else\n--only-binary=:all:\nboto3\nPy_YAML>=6\ntomli; python_version < "3.11"\n',
          "py_yaml-6.0.2.dist-info",
        ),
      },
    },
  ],
  "filter-policy": [
    { fires: where(1, 1, 1, 1, 1), says: "6 keys", quiet: where(1, 1, 1, 1) },
    { fires: where(151), says: "151 combinations", quiet: where(150) },
    { fires: where(13, 12), says: "156 combinations", quiet: where(15, 10) },
  ],
  "settings-size": [{ fires: types(90), says: "3072", quiet: types(60) }],
  "visibility-timeout": [
    {
      fires: { timeout: Duration.seconds(10), visibilityTimeout: Duration.seconds(59) },
      says: "at least 6 × timeout (10 s) + batchWindow (0 s) = 60 s",
      quiet: { timeout: Duration.seconds(10), visibilityTimeout: Duration.seconds(60) },
    },
    {
      fires: { batchWindow: Duration.seconds(1), visibilityTimeout: Duration.seconds(180) },
      says: "181 s",
      quiet: { batchWindow: Duration.seconds(1), visibilityTimeout: Duration.seconds(181) },
    },
  ],
  "receive-backstop": [
    {
      fires: { concurrency: 5, maxReceiveCount: 4, retry: { survive: Duration.seconds(0) } },
      says: "maxReceiveCount is 4 with 5 reserved",
      quiet: { concurrency: 5, maxReceiveCount: 5, retry: { survive: Duration.seconds(0) } },
    },
    {
      fires: { concurrency: 5, maxReceiveCount: 1, retry: { survive: Duration.seconds(0) } },
      says: "at least 5",
      quiet: { maxReceiveCount: 1, retry: { survive: Duration.seconds(0) } },
    },
  ],
  "retry-attempts": [
    { fires: { maxReceiveCount: 88 }, says: "up to 89 attempts", quiet: { maxReceiveCount: 89 } },
  ],
  "queue-retention": [
    { fires: { retention: Duration.hours(20) }, says: "0.83 d", quiet: { retention: Duration.hours(21) } },
    {
      // Longer than any queue keeps what its retries may last.
      fires: { retry: { survive: Duration.days(13), maxDelay: Duration.hours(11) } },
      says: "retries that survive 13 d can last",
      quiet: { retry: { survive: Duration.days(4), maxDelay: Duration.hours(1) } },
    },
  ],
  "queue-times": [
    {
      fires: { visibilityTimeout: Duration.seconds(43_201) },
      says: "visibilityTimeout is 43201 s; at most 43200 s",
      quiet: { visibilityTimeout: Duration.seconds(43_200) },
    },
    {
      fires: { deadLetterRetention: Duration.days(15) },
      says: "deadLetterRetention is 15 d; 60 s to 14 days",
      quiet: { deadLetterRetention: Duration.days(14) },
    },
    {
      fires: { retention: Duration.seconds(59) },
      says: "retention is 59 s",
      quiet: { retention: Duration.seconds(60), retry: { survive: Duration.seconds(0) } },
    },
  ],
  "retry-goal": [
    {
      fires: { retry: { survive: Duration.days(15) } },
      says: "retry.survive is 1296000000 ms; 0 to 14 days are allowed",
      quiet: { retry: { survive: Duration.days(1) } },
    },
    {
      fires: { retry: { firstDelay: Duration.millis(500) } },
      says: "retry.firstDelay is 500 ms",
      quiet: { retry: { firstDelay: Duration.seconds(1) } },
    },
    {
      fires: { retry: { maxDelay: Duration.hours(13) } },
      says: "a message stays invisible for 12 hours at most",
      quiet: { retry: { maxDelay: Duration.hours(11), survive: Duration.hours(1) } },
    },
    {
      fires: { retry: { survive: Duration.days(4), maxDelay: Duration.minutes(5) } },
      says: "takes more than 1000 attempts",
      quiet: { retry: { survive: Duration.days(4), maxDelay: Duration.hours(1) } },
    },
  ],
  pollers: [
    {
      fires: { pollers: { minimum: 1, maximum: 5 } },
      says: "pollers.minimum is 1; 2 to 200",
      quiet: { pollers: { minimum: 2, maximum: 5 } },
    },
    {
      fires: { pollers: { minimum: 201, maximum: 300 } },
      says: "pollers.minimum is 201",
      quiet: { pollers: { minimum: 200, maximum: 300 } },
    },
    {
      fires: { pollers: { minimum: 2, maximum: 10_001 } },
      says: "pollers.maximum is 10001; 2 to 10000",
      quiet: { pollers: { minimum: 2, maximum: 10_000 }, batchSize: 1 },
    },
    {
      fires: { pollers: { minimum: 6, maximum: 5 } },
      says: "at most 5",
      quiet: { pollers: { minimum: 5, maximum: 5 } },
    },
  ],
  "pollers-or-maximum": [
    {
      fires: { pollers: { minimum: 2, maximum: 5 }, maximumConcurrency: 50 },
      says: "both pollers and maximumConcurrency",
      quiet: { pollers: { minimum: 2, maximum: 5 } },
    },
  ],
  "pollers-reserved": [
    {
      fires: { pollers: { minimum: 2, maximum: 5 }, concurrency: 49 },
      says: "concurrency is 49, and 5 pollers have up to 5 × 10 = 50 invocations at once",
      quiet: { pollers: { minimum: 2, maximum: 5 }, concurrency: 50 },
    },
  ],
  "in-flight": [
    {
      fires: { maximumConcurrency: 121, batchSize: 1_000, ...smallEvents },
      says: "121,000 messages in flight; 120,000 are allowed",
      quiet: { maximumConcurrency: 120, batchSize: 1_000, ...smallEvents },
    },
    {
      fires: { maximumConcurrency: "unset", batchSize: 100, ...smallEvents },
      says: "125,000",
      quiet: { maximumConcurrency: "unset", batchSize: 90, ...smallEvents },
    },
  ],
  "account-concurrency": [
    { fires: { concurrency: 901 }, says: "Points 901 = 901 are reserved", quiet: { concurrency: 900 } },
  ],
  "event-circle": [
    {
      fires: { emits: [orderPlaced] },
      says: "order.placed → Points → order.placed",
      quiet: { emits: [stockLocked] },
    },
    {
      fires: { on: [orderPlaced, orderPaid], emits: [orderPaid] },
      says: "order.paid → Points → order.paid",
      quiet: { emits: [orderPlaced], recursiveLoop: RecursiveLoop.ALLOW },
    },
  ],
  "quota-window": [
    {
      fires: { limits: [daily], retention: Duration.days(1), ...shortRetry },
      says: "retention is 24 h, and limit daily: quota 1000/day begins anew every 24 h",
      quiet: { limits: [daily], retention: Duration.hours(25), ...shortRetry },
    },
  ],
  load: [
    {
      fires: expecting({ arrivals: "50/fortnight" }),
      says: '"50/fortnight" is no rate of arrivals',
      quiet: expecting({ arrivals: "50/min" }),
    },
    {
      fires: expecting({ handlerMs: Number.NaN }),
      says: "handler is NaN ms",
      quiet: expecting({ handlerMs: 0.5 }),
    },
    {
      fires: expecting({ burst: { arrivals: "1/s", lasts: Duration.seconds(10) } }),
      says: "a burst is what comes then in all",
      quiet: expecting({ burst: { arrivals: "10/s", lasts: Duration.seconds(10) } }),
    },
  ],
  "load-concurrency": [
    {
      fires: { ...expecting({ arrivals: "300/s" }), concurrency: 2 },
      says: "2 at once × 10 events ÷ 86 ms a batch = 233 a second can be handled; 300 × 86 ms ÷ 10 = 3 at once are needed",
      quiet: { ...expecting({ arrivals: "300/s" }), concurrency: 3 },
    },
  ],
  "load-limit": [
    {
      fires: { ...expecting({ arrivals: "49/s" }), limits: [fifty], concurrency: 10 },
      says: "limit partner: rate 50/s (horizon 2000 ms, lateness 20 ms, skew 5 ms, items 1) lets 48.7 a second through",
      quiet: { ...expecting({ arrivals: "48/s" }), limits: [fifty], concurrency: 10 },
    },
    {
      fires: { ...expecting({ arrivals: "1001/day" }), limits: [daily] },
      says: "quota 1000/day",
      quiet: { ...expecting({ arrivals: "1000/day" }), limits: [daily] },
    },
  ],
  "load-groups": [
    {
      fires: { ...expecting({ arrivals: "100/s", groups: 4 }), on: [balanceMoved], maximumConcurrency: 50 },
      says: "4 keys × 10 events ÷ 446 ms a batch = 89.7 a second can be handled in order",
      quiet: { ...expecting({ arrivals: "100/s", groups: 5 }), on: [balanceMoved], maximumConcurrency: 50 },
    },
    {
      fires: { ...expecting({ arrivals: "301/s", handlerMs: 1, groups: 1 }), on: [balanceMoved] },
      says: "SNS takes 300",
      quiet: { ...expecting({ arrivals: "150/s", handlerMs: 1, groups: 1 }), on: [balanceMoved] },
    },
  ],
  "load-timeout": [
    {
      fires: { ...expecting({ handlerMs: 4_600, arrivals: "1/s" }), timeout: Duration.seconds(5) },
      says: "1 × 4.6 s + 2 × 8 ms = 4.6 s; 4.5 s of the timeout (5 s) can be used",
      quiet: { ...expecting({ handlerMs: 4_400, arrivals: "1/s" }), timeout: Duration.seconds(5) },
    },
  ],
  "load-parallel": [
    {
      fires: { ...expecting({ handlerMs: 100 }), limits: [fifty], concurrency: 10, parallel: 4 },
      says: "5 run at once in a batch of 10, and parallel is 4",
      quiet: { ...expecting({ handlerMs: 100 }), limits: [fifty], concurrency: 10, parallel: 5 },
    },
  ],
  "load-survive": [
    {
      fires: { ...expecting({ outage: Duration.hours(2) }), retry: { survive: Duration.hours(1) } },
      says: "an outage of 2 h is expected, and retry survives 1 h",
      quiet: { ...expecting({ outage: Duration.hours(1) }), retry: { survive: Duration.hours(1) } },
    },
  ],
  "load-retention": [
    {
      fires: {
        ...expecting({ burst: { arrivals: "3000/s", lasts: Duration.minutes(10) } }),
        limits: [fifty],
        concurrency: 10,
        retention: Duration.hours(10),
        ...shortRetry,
      },
      says: "a burst of 1.8 million events leaves 1.8 million waiting, at 48.7 a second gone after 10.7 h; retention is 10 h",
      quiet: {
        ...expecting({ burst: { arrivals: "3000/s", lasts: Duration.minutes(10) } }),
        limits: [fifty],
        concurrency: 10,
        retention: Duration.hours(11),
        ...shortRetry,
      },
    },
    {
      fires: {
        ...expecting({ arrivals: "40/s", outage: Duration.hours(2) }),
        limits: [fifty],
        concurrency: 10,
        retention: Duration.hours(11),
        retry: { survive: Duration.hours(2) },
      },
      says: "an outage of 2 h leaves 288,000 waiting",
      quiet: {
        ...expecting({ arrivals: "40/s", outage: Duration.hours(2) }),
        limits: [fifty],
        concurrency: 10,
        retention: Duration.hours(12),
        retry: { survive: Duration.hours(2) },
      },
    },
  ],
  "dead-letter-retention": [
    {
      fires: { retention: Duration.days(4), deadLetterRetention: Duration.days(4) },
      says: "deadLetterRetention is 4 d",
      quiet: { retention: Duration.days(4), deadLetterRetention: Duration.days(5) },
    },
  ],
  "ledger-window": [
    { fires: { keep: Duration.days(58) }, says: "at least 59 d", quiet: { keep: Duration.days(59) } },
    {
      fires: { keep: Duration.days(1) },
      says: "keep is 1 d",
      quiet: { keep: Duration.days(1), mode: "none" },
    },
  ],
  "maximum-concurrency": [
    {
      fires: { concurrency: 5, maximumConcurrency: 6 },
      says: "maximumConcurrency is 6 and concurrency 5",
      quiet: { concurrency: 5, maximumConcurrency: 5 },
    },
    {
      fires: { concurrency: 5, maximumConcurrency: "unset" },
      says: "maximumConcurrency is unset",
      quiet: { maximumConcurrency: "unset" },
    },
    { fires: { concurrency: 1 }, says: "AWS has no maximum under 2", quiet: { concurrency: 2 } },
  ],
  "maximum-concurrency-range": [
    { fires: { maximumConcurrency: 1 }, says: "2 to 1000", quiet: { maximumConcurrency: 2 } },
    {
      fires: { concurrency: 0 },
      says: "at least 1",
      quiet: { maximumConcurrency: 1_000 },
    },
  ],
  "batch-size": [
    {
      fires: { batchSize: 11 },
      says: "at least 1 s",
      quiet: { batchSize: 11, batchWindow: Duration.seconds(1) },
    },
    { fires: { batchSize: 0 }, says: "1 to 10000", quiet: { batchSize: 1 } },
    {
      fires: { on: [balanceMoved], batchWindow: Duration.seconds(1) },
      says: "at most 0 s is allowed on ordered queues",
      quiet: { on: [balanceMoved], batchSize: 10 },
    },
    {
      fires: { on: [balanceMoved], batchSize: 11, batchWindow: Duration.seconds(1) },
      says: "1 to 10 is allowed on ordered queues",
      quiet: { on: [balanceMoved], batchSize: 1 },
    },
  ],
  "batch-payload": [
    {
      fires: { batchSize: 25, batchWindow: Duration.seconds(1) },
      says: "6553600 bytes; 6291456 are allowed",
      quiet: { batchSize: 24, batchWindow: Duration.seconds(1) },
    },
    {
      fires: { batchSize: 10, maxMessageBytes: 1_048_576 },
      says: "10485760",
      quiet: { batchSize: 1_000, batchWindow: Duration.seconds(1), maxMessageBytes: 6_000 },
    },
  ],
  mode: [
    {
      fires: { mode: "twice" as never },
      says: 'mode is "twice"; "once", "transaction", "record", "none" are allowed',
      quiet: { mode: "record" },
    },
    { fires: { mode: null as never }, says: "mode is null", quiet: { mode: "none" } },
  ],
  "memory-size": [
    { fires: { memorySize: 64 }, says: "memorySize is 64 MB; whole", quiet: { memorySize: 128 } },
    { fires: { memorySize: 512.5 }, says: "512.5 MB", quiet: { memorySize: 513 } },
    { fires: { memorySize: 10_241 }, says: "128 to 10240", quiet: { memorySize: 10_240 } },
    {
      fires: { memorySize: Number.NaN },
      says: "NaN",
      quiet: { memorySize: Lazy.number({ produce: () => 512 }) },
    },
  ],
  timeout: [
    {
      fires: { timeout: Duration.seconds(901) },
      says: "1 to 900",
      quiet: { timeout: Duration.seconds(900) },
    },
  ],
  parallel: [
    { fires: { parallel: 0 }, says: "parallel is 0", quiet: { parallel: 1 } },
    { fires: { parallel: Number.NaN }, says: "parallel is NaN", quiet: { parallel: 100 } },
    { fires: { parallel: 1.5 }, says: "parallel is 1.5", quiet: { parallel: 2 } },
  ],
  "max-receive-count": [
    { fires: { maxReceiveCount: 1_001 }, says: "1 to 1000 is allowed", quiet: { maxReceiveCount: 1_000 } },
    {
      fires: { maxReceiveCount: 0 },
      says: "maxReceiveCount is 0",
      quiet: { maxReceiveCount: 1, retry: { survive: Duration.seconds(0) } },
    },
    { fires: { maxReceiveCount: Number.NaN }, says: "NaN", quiet: {} },
  ],
  "environment-size": [
    {
      fires: { environment: { TEXT: "x".repeat(3_900) } },
      says: "4096 are allowed",
      quiet: { environment: { TEXT: "x".repeat(3_600) } },
    },
    // Four bytes each; and quotes, which JSON escapes.
    {
      fires: { environment: { TEXT: "💿".repeat(975) } },
      says: "4096",
      quiet: { environment: { TEXT: "💿".repeat(900) } },
    },
    {
      fires: { environment: { TEXT: '"'.repeat(1_950) } },
      says: "4096",
      quiet: { environment: { TEXT: '"'.repeat(1_800) } },
    },
    // What a token becomes is not known: neither it nor its own text counts.
    {
      fires: { environment: { TEXT: `${Aws.REGION}${"x".repeat(3_900)}` } },
      says: "4096",
      quiet: { environment: { TEXT: Aws.REGION.repeat(300) } },
    },
  ],
  breaker: [
    { fires: { breaker: { failures: 0 } }, says: "1 to 1000", quiet: { breaker: { failures: 1 } } },
    {
      fires: { breaker: { window: Duration.millis(999) } },
      says: "breaker.window is 999 ms",
      quiet: { breaker: { window: Duration.seconds(1) } },
    },
    {
      fires: { breaker: { probeEvery: Duration.minutes(16) } },
      says: "breaker.probeEvery is 960000 ms; 1 s to 15 min",
      quiet: { breaker: { probeEvery: Duration.minutes(15) } },
    },
  ],
  "breaker-unknown": [
    {
      fires: { ...inPython(z.object({})), breaker: {} },
      says: "for a handler in Python",
      quiet: inPython(z.object({})),
    },
  ],
  "limit-split": [
    {
      fires: { limits: [limit("a", { rate: "1500/s" }), limit("b", { rate: "2500/s" })] },
      says: "limit a is kept in 2 items, and limit b in 3; split: 3 on both",
      quiet: { limits: [limit("a", { rate: "1500/s", split: 3 }), limit("b", { rate: "2500/s" })] },
    },
    {
      fires: { limits: [fifty, limit("a", { rate: "2500/s" }), limit("b", { rate: "1500/s" })] },
      says: "limit a is kept in 3 items, and limit b in 2",
      quiet: { limits: [fifty, daily, limit("a", { rate: "2500/s" })], concurrency: 10 },
    },
  ],
  "limit-horizon": [
    {
      fires: { limits: [fifty], concurrency: 11 },
      says: "holds 100 starts in its horizon, and up to 110 are asked for at once (concurrency × batchSize: Points 110)",
      quiet: { limits: [fifty], concurrency: 10 },
    },
    {
      fires: { limits: [fifty], maximumConcurrency: 11 },
      says: "up to 110",
      quiet: { limits: [fifty], drain: "schedule" },
    },
    {
      fires: { limits: [slow], drain: "mapping", maximumConcurrency: 2, batchSize: 1 },
      says: "holds 0 starts in its horizon, and up to 2 are asked for at once",
      quiet: { limits: [slow] },
    },
    {
      fires: { limits: [fifty], maximumConcurrency: 11 },
      says: "up to 110",
      quiet: { limits: [limit("tenant", { rate: "1/s", key: ({ source }) => source })] },
    },
  ],
  "limit-timeout": [
    {
      fires: { limits: [fifty], timeout: Duration.seconds(3) },
      says: "timeout is 3 s",
      quiet: { limits: [fifty], timeout: Duration.seconds(4) },
    },
  ],
  "drain-limit": [
    {
      fires: { drain: "schedule", limits: [daily] },
      says: 'drain is "schedule" without a rate among the limits (daily: quota 1000/day)',
      quiet: { drain: "schedule", limits: [daily, fifty] },
    },
    { fires: { drain: "schedule" }, says: "(none)", quiet: { drain: "mapping" } },
  ],
  "drain-key": [
    {
      fires: { limits: [slow, limit("tenant", { rate: "1/s", key: ({ source }) => source })] },
      says: "a schedule drains it, and limit tenant: rate 1/s",
      quiet: { limits: [slow, daily] },
    },
  ],
  "drain-settings": [
    {
      fires: { limits: [slow], maximumConcurrency: 2 },
      says: "maximumConcurrency is given",
      quiet: { limits: [slow], concurrency: 2 },
    },
    {
      fires: { limits: [slow], pollers: { minimum: 2, maximum: 2 } },
      says: "pollers are given",
      quiet: { limits: [slow] },
    },
    {
      fires: { limits: [slow], batchWindow: Duration.seconds(1) },
      says: "batchWindow is 1 s",
      quiet: { limits: [slow], parallel: 1 },
    },
    {
      fires: { limits: [slow], ...smallEvents, batchSize: 11 },
      says: "batchWindow is 1 s",
      quiet: { limits: [slow], batchSize: 10 },
    },
  ],
  "drain-timeout": [
    {
      fires: { limits: [slow], timeout: Duration.seconds(119) },
      says: "timeout is 119 s, and a run comes every 60 s; at least 120 s",
      quiet: { limits: [slow], timeout: Duration.seconds(120) },
    },
  ],
  "limit-python": [
    {
      fires: { limits: [fifty], language: "python", entry: pythonEntry },
      says: "for a handler in Python",
      quiet: { language: "python", entry: pythonEntry },
    },
  ],
  "park-order": [
    {
      fires: { onPoison: "park" },
      says: 'onPoison is "park", and its topics have no order: orders',
      quiet: { onPoison: "park", on: [balanceMoved] },
    },
  ],
  "park-python": [
    {
      fires: { on: [balanceMoved], onPoison: "park", language: "python", entry: pythonEntry },
      says: 'onPoison is "park" for a handler in Python',
      quiet: { on: [balanceMoved], onPoison: "skip", language: "python", entry: pythonEntry },
    },
  ],
  environment: [
    { fires: { environment: { OMNIBUS: "{}" } }, says: "OMNIBUS", quiet: { environment: { OMNI: "" } } },
  ],
};

function make({ id = "Points", ...props }: Props, stack: Stack = aStack()): Consumer {
  return new Consumer(stack, id, { bus: aBus(stack), on: [orderPlaced], entry, ...props });
}

describe.each(Object.entries(cases))("guard %s", (id, ofGuard) => {
  it.each(ofGuard)("fires: $says", ({ fires, says }) => {
    const making = () => make(fires);

    expect(making).toThrow(`[${id}]`);
    expect(making).toThrow(says);
  });

  it.each(ofGuard)("keeps quiet just beside: $says", ({ quiet }) => {
    expect(() => make(quiet)).not.toThrow();
  });
});

describe("guard consumer-taken", () => {
  const beside = (name: string, region: string) => {
    const app = anApp();
    const one = new Stack(app, "one", { env: { account: "111111111111", region: "eu-west-1" } });
    const other = new Stack(app, "other", { env: { account: "111111111111", region } });
    const bus = aBus(one);
    new Consumer(one, "Points", { bus, on: [orderPlaced], entry });
    return () => new Consumer(other, name, { bus, on: [orderPlaced], entry });
  };

  it("fires for a second consumer of the name, also in another stack", () => {
    expect(beside("Points", "eu-west-1")).toThrow(
      "[consumer-taken] bus shop has a consumer Points already, at one/Points",
    );
  });

  it("keeps quiet for another name, and for the same one in another region", () => {
    expect(beside("Stock", "eu-west-1")).not.toThrow();
    expect(beside("Points", "us-east-1")).not.toThrow();
  });

  const inStages = (env: Partial<Environment>, ids: readonly string[] = ["test", "prod"]) => {
    const app = anApp();
    const stages = new Map([...new Set(ids)].map((id) => [id, new Stage(app, id, { env })]));
    return () => {
      for (const [index, id] of ids.entries()) {
        const stack = new Stack(stages.get(id) ?? app, `shop${index}`);
        const bus = EventBus.fromName(stack, "Bus", "shop");
        new Consumer(stack, "Points", { bus, on: [orderPlaced], entry });
      }
    };
  };

  it("keeps quiet for one bus in two stages whose place is not known yet", () => {
    expect(inStages({})).not.toThrow();
    expect(inStages({ account: "111111111111" })).not.toThrow();
  });

  it("fires within such a stage, and for two stages in one place", () => {
    expect(inStages({}, ["test", "test"])).toThrow("at test/shop0/Points");
    expect(inStages({ account: "111111111111", region: "eu-west-1" })).toThrow("at test/shop0/Points");
  });
});

describe("guards of limits that several share", () => {
  const beside = (first: Props, second: Props, region = "eu-west-1") => {
    const app = anApp();
    const one = new Stack(app, "one", { env: { account: "111111111111", region: "eu-west-1" } });
    const other = new Stack(app, "other", { env: { account: "111111111111", region } });
    const bus = aBus(one);
    new Consumer(one, "Points", { bus, on: [orderPlaced], entry, ...first });
    return () => new Consumer(other, "Stock", { bus, on: [orderPlaced], entry, ...second });
  };
  const sixty = limit("partner", { rate: "60/s", horizonMs: 2_000 });

  it("limit-twice fires for one name with two rates, and keeps quiet for one", () => {
    expect(beside({ limits: [fifty], concurrency: 2 }, { limits: [sixty], concurrency: 2 })).toThrow(
      /\[limit-twice\] limit partner: rate 60.*consumer Points has partner: rate 50/,
    );
    expect(beside({ limits: [fifty], concurrency: 2 }, { limits: [fifty], concurrency: 2 })).not.toThrow();
  });

  it("limit-twice fires for two rates under one name in one consumer", () => {
    expect(beside({}, { limits: [fifty, sixty], concurrency: 2 })).toThrow(
      /\[limit-twice\] limit partner: rate 50.*consumer Stock has partner: rate 60/,
    );
  });

  it("load-limit leaves others what they expect", () => {
    const first = { limits: [fifty], concurrency: 2, ...expecting({ arrivals: "30/s" }) };

    expect(beside(first, { ...first, ...expecting({ arrivals: "19/s" }) })).toThrow(
      "less 30 a second that others are expected to take = 18.7",
    );
    expect(beside(first, { ...first, ...expecting({ arrivals: "18/s" }) })).not.toThrow();
  });

  it("limit-horizon counts all who share it", () => {
    expect(beside({ limits: [fifty], concurrency: 8 }, { limits: [fifty], concurrency: 3 })).toThrow(
      "(concurrency × batchSize: Points 80 + Stock 30)",
    );
    expect(beside({ limits: [fifty], concurrency: 8 }, { limits: [fifty], concurrency: 2 })).not.toThrow();
    expect(beside({ limits: [fifty], concurrency: 8 }, { concurrency: 3 })).not.toThrow();
  });

  it("limit-elsewhere fires in another region than the bus's", () => {
    expect(beside({}, { limits: [fifty], concurrency: 2 }, "us-east-1")).toThrow(
      "[limit-elsewhere] limits are given (partner)",
    );
    expect(beside({}, {}, "us-east-1")).not.toThrow();
  });
});

describe("guards of consumers beside each other", () => {
  const all = (...props: readonly Props[]) => {
    const stack = aStack();
    const bus = aBus(stack);
    return () => {
      for (const [index, { id = `C${index}`, ...one }] of props.entries()) {
        new Consumer(stack, id, { bus, on: [orderPlaced], entry, ...one });
      }
    };
  };

  it("account-concurrency adds up what all reserve", () => {
    expect(all({ concurrency: 600 }, {}, { concurrency: 301 })).toThrow("C0 600 + C2 301 = 901 are reserved");
    expect(all({ concurrency: 600 }, {}, { concurrency: 300 })).not.toThrow();
  });

  it("event-circle follows events through others", () => {
    expect(all({ emits: [stockLocked] }, { on: [stockLocked], emits: [orderPlaced] })).toThrow(
      "[event-circle] events run in a circle: stock.locked → C1 → order.placed → C0 → stock.locked",
    );
    expect(all({ emits: [stockLocked] }, { on: [stockLocked], emits: [balanceMoved] })).not.toThrow();
  });

  it("filter-policies counts the subscriptions of a topic", () => {
    const guard = guards.find(({ id }) => id === "filter-policies");
    const told = (count: number) =>
      guard?.check({
        topics: ["orders"],
        siblings: Array.from({ length: count - 1 }, () => ({ topics: ["orders"] })),
      } as unknown as ConsumerFacts);

    expect(told(201)).toBe("topic orders gets its 201th subscription with a filter; 200 are allowed");
    expect(told(200)).toBeUndefined();
  });
});

describe("guard park-elsewhere", () => {
  const inRegion = (region: string) => {
    const app = anApp();
    const one = new Stack(app, "one", { env: { account: "111111111111", region: "eu-west-1" } });
    const other = new Stack(app, "other", { env: { account: "111111111111", region } });
    const bus = aBus(one);
    const parks = { bus, on: [balanceMoved], entry, onPoison: "park" } as const;
    return () => new Consumer(other, "Points", parks);
  };

  it("fires in another region than the bus's, and keeps quiet in its own", () => {
    expect(inRegion("us-east-1")).toThrow('[park-elsewhere] onPoison is "park", in another account');
    expect(inRegion("eu-west-1")).not.toThrow();
  });
});

describe("guards", () => {
  it("are all shown firing and keeping quiet", () => {
    // The name of a bus is refused when the bus is made: event-bus.test.ts.
    const elsewhere = [
      ...["consumer-taken", "bus-name", "limit-twice", "limit-elsewhere", "filter-policies"],
      "park-elsewhere",
    ];
    const shown = [...Object.keys(cases), ...elsewhere];

    expect(guards.map(({ id }) => id).toSorted()).toEqual(shown.toSorted());
  });

  it("each tell a reason, a fix and where AWS says so", () => {
    for (const { id, reason, fix, link } of guards) {
      expect(`${id}: ${reason}`).toMatch(/: .{20}/);
      expect(`${id}: ${fix}`).toMatch(/: .{5}/);
      expect(link).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("report together, and say how to go on", () => {
    const making = () => make({ keep: Duration.days(1), batchSize: 0 });

    expect(making).toThrow(expect.objectContaining({ code: "ledger-window" }));
    expect(making).toThrow("Consumer shop/Points");
    expect(making).toThrow("[batch-size]");
    expect(making).toThrow('acknowledge: [{ id: "ledger-window", reason: "…" }]');
  });

  it.each([
    "concurrency",
    "maximumConcurrency",
    "batchSize",
    "parallel",
    "maxReceiveCount",
    "maxMessageBytes",
  ])("call a %s that is a token by what it is", (option) => {
    const making = () => make({ [option]: Lazy.number({ produce: () => 5 }) });

    expect(making).toThrow(`${option} is a value that is only known at deployment`);
    expect(making).not.toThrow(/e\+?\d{3}|maximumConcurrency is \d/);
  });

  it("keep quiet when acknowledged with a reason, which stays in the assembly", () => {
    const reason = "a test shows what happens without it";

    const consumer = make({
      concurrency: 5,
      maximumConcurrency: "unset",
      acknowledge: [{ id: "maximum-concurrency", reason }],
    });

    expect(consumer.node.metadata).toContainEqual(
      expect.objectContaining({ type: "omnibus:acknowledged", data: { id: "maximum-concurrency", reason } }),
    );
  });

  it.each([
    ["is no guard", { id: "maximum-speed", reason: "hurry" }],
    ["cannot be", { id: "batch-size", reason: "hurry" }],
    ["without a reason", { id: "ledger-window", reason: " " }],
  ])("refuse an acknowledgement that %s", (says, acknowledgement) => {
    expect(() => make({ acknowledge: [acknowledgement] })).toThrow(says);
  });
});
