import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type LagReads, measureLag, queueFlows } from "../../../ops/lag/index.ts";
import { systemClock } from "../../../src/clock.ts";

const consumers = [
  { bus: "shop", consumer: "Stock", fifo: false },
  { bus: "shop", consumer: "Gone", fifo: true },
];

/** A clock that jumps to whatever is waited for. */
function jumpingClock() {
  let nowMs = 0;
  return {
    ...systemClock,
    nowMs: () => nowMs,
    after: (delayMs: number, fire: () => void) => {
      queueMicrotask(() => {
        nowMs += delayMs;
        fire();
      });
      return () => {};
    },
  };
}

/** A queue of 100 that loses 10 at each look. */
function shrinkingReads(): LagReads & { readonly asked: string[] } {
  let visible = 110;
  const asked: string[] = [];
  return {
    asked,
    depth: async (name) => {
      if (name !== "shop-Stock") throw new Error("no such queue");
      visible -= 10;
      return { visible, inFlight: 0, delayed: 0 };
    },
    reader: async () => ({
      mappingState: "Enabled",
      isMissing: false,
      reservedConcurrency: undefined,
      holds: [],
      lastResult: undefined,
    }),
    flows: async (names) => {
      asked.push(names.join());
      return new Map([["shop-Stock", { inPerSecond: 1, outPerSecond: 6, oldestSeconds: 30 }]]);
    },
  };
}

describe("measureLag", () => {
  it("answers from the second look on how each stands, and what could not be seen", async () => {
    const reads = shrinkingReads();
    const looks = measureLag({ reads, consumers, everyMs: 2_000, clock: jumpingClock() });

    const first = (await looks.next()).value;
    const second = (await looks.next()).value;
    await looks.return();

    expect(first).toMatchObject([
      {
        consumer: "Stock",
        lag: { visible: 90, changePerSecond: -5, drainSeconds: 18, outPerSecond: 6, oldestSeconds: 30 },
      },
      { consumer: "Gone", problem: "shop-Gone.fifo: no such queue" },
    ]);
    expect(second).toMatchObject([{ lag: { visible: 80, changePerSecond: -5, drainSeconds: 16 } }, {}]);
  });

  it("asks the cloud's counts no more often than they change, and ends with an abort", async () => {
    const reads = shrinkingReads();
    const controller = new AbortController();
    let looks = 0;

    for await (const _ of measureLag({
      reads,
      consumers,
      everyMs: 5_000,
      clock: jumpingClock(),
      signal: controller.signal,
    })) {
      if (++looks === 8) controller.abort();
    }

    expect(looks).toBe(8);
    expect(reads.asked).toEqual(Array(3).fill("shop-Stock,shop-Gone.fifo"));
  });
});

describe("queueFlows", () => {
  const bodies: { target: unknown; authorization: unknown; body: Record<string, unknown> }[] = [];
  let answer: [status: number, body: unknown] = [200, {}];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { "x-amz-target": target, authorization } = request.headers;
    bodies.push({ target, authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(answer[0]).end(typeof answer[1] === "string" ? answer[1] : JSON.stringify(answer[1]));
  });
  let endpoint: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = (queueNames: readonly string[]) =>
    queueFlows({
      target: {
        endpoint,
        region: "us-east-1",
        domain: "amazonaws.com",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      },
      queueNames,
    });

  it("reads the newest minute of each metric, a second, in one signed call", async () => {
    answer = [
      200,
      {
        MetricDataResults: [
          { Id: "sent0", Values: [120, 60] },
          { Id: "deleted0", Values: [30] },
          { Id: "oldest0", Values: [] },
          { Id: "oldest1", Values: [7] },
        ],
      },
    ];

    const flows = await ask(["shop-Stock", "shop-Points"]);

    expect(flows.get("shop-Stock")).toEqual({ inPerSecond: 2, outPerSecond: 0.5, oldestSeconds: undefined });
    expect(flows.get("shop-Points")).toEqual({
      inPerSecond: undefined,
      outPerSecond: undefined,
      oldestSeconds: 7,
    });
    expect(bodies).toHaveLength(1);
    expect(bodies[0]?.target).toBe("GraniteServiceVersion20100801.GetMetricData");
    expect(bodies[0]?.authorization).toContain("/us-east-1/monitoring/aws4_request");
    expect(bodies[0]?.body.MetricDataQueries).toHaveLength(6);
  });

  it.each([
    [404, "no such service"],
    [403, { __type: "AccessDenied" }],
    [200, "<xml/>"],
    [200, {}],
  ] as const)("knows nothing where the answer is %d %j", async (status, body) => {
    answer = [status, body];

    expect((await ask(["shop-Stock"])).size).toBe(0);
  });
});
