import { describe, expect, it } from "@jest/globals";
import {
  createEventInvocations,
  type EventInvokeConfig,
  type FunctionSpec,
} from "../../local/lambda/index.ts";
import type { InvokeResult } from "../../local/mapping/index.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

const thrown: InvokeResult = {
  status: "error",
  kind: "thrown",
  payload: '{"errorType":"Error","errorMessage":"no","trace":[]}',
};
const ok: InvokeResult = { status: "ok", payload: '{"done":true}' };
const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

/** A queue of events before a modelled function, in virtual time. */
function rig({
  answers,
  config,
  spec = {},
  reserved,
  send,
}: {
  answers: (call: number) => InvokeResult;
  config?: EventInvokeConfig;
  spec?: Partial<FunctionSpec>;
  reserved?: number;
  send?: () => Promise<void>;
}) {
  const clock = virtualClock();
  const startMs = clock.nowMs();
  const calls: { atMs: number; payload: string; requestId: string | undefined }[] = [];
  const sent: { arn: string; body: string; attributes?: Readonly<Record<string, string>> }[] = [];
  const said: string[] = [];
  const events = createEventInvocations({
    clock,
    functions: {
      invoke: async (_name, payload, { requestId } = {}) => {
        calls.push({ atMs: clock.nowMs() - startMs, payload, requestId });
        return answers(calls.length);
      },
      reservedConcurrency: () => reserved,
    },
    send:
      send ??
      (async (arn, body, { attributes } = {}) =>
        void sent.push({ arn, body, ...(attributes ? { attributes } : {}) })),
    say: (_name, text) => said.push(text),
  });
  events.configure("work", config);
  const functionSpec: FunctionSpec = {
    name: "work",
    arn: "arn:aws:lambda:us-east-1:000000000000:function:work",
    runtime: "nodejs24.x",
    handler: "index.handler",
    codeDir: "/",
    environment: {},
    timeoutMs: 3_000,
    memoryMb: 128,
    ...spec,
  };
  return {
    clock,
    calls,
    sent,
    said,
    events,
    submit: (payload = '{"a":1}') => events.submit(functionSpec, payload),
  };
}

describe("createEventInvocations", () => {
  it("runs an event once when it succeeds", async () => {
    const { clock, calls, events, submit, sent } = rig({ answers: () => ok });

    const requestId = submit();
    expect(events.pending).toBe(1);
    await clock.advance(86_400_000);

    expect(calls).toEqual([{ atMs: 0, payload: '{"a":1}', requestId }]);
    expect([events.pending, sent]).toEqual([0, []]);
  });

  it("tries it twice more after an error, a minute and two minutes later, with the same request id", async () => {
    const { clock, calls, submit, said } = rig({ answers: () => thrown });

    const requestId = submit();
    await clock.advance(86_400_000);

    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 60_000, 180_000]);
    expect(new Set(calls.map((call) => call.requestId))).toEqual(new Set([requestId]));
    expect(said).toEqual([
      "failed on an event: it is tried again in 60 s, as on AWS",
      "failed on an event: it is tried again in 120 s, as on AWS",
      "gave up an event after 3 tries (RetriesExhausted)",
    ]);
  });

  it("stops trying when it succeeds", async () => {
    const { clock, calls, submit, sent } = rig({
      answers: (call) => (call === 1 ? thrown : ok),
      spec: { deadLetterArn: arnOf("dead") },
    });

    submit();
    await clock.advance(86_400_000);

    expect(calls).toHaveLength(2);
    expect(sent).toEqual([]);
  });

  it("gives what it gave up to the function's dead-letter queue, and its record to the destination", async () => {
    const { clock, submit, sent } = rig({
      answers: () => thrown,
      config: { maximumRetryAttempts: 0, onFailureArn: arnOf("failed"), onSuccessArn: arnOf("done") },
      spec: { deadLetterArn: arnOf("dead") },
    });

    const requestId = submit();
    await clock.advance(1_000);

    const [record, letter] = sent;
    expect(record?.arn).toBe(arnOf("failed"));
    expect(JSON.parse(record?.body ?? "{}")).toEqual({
      version: "1.0",
      timestamp: "2026-01-01T00:00:00.000Z",
      requestContext: {
        requestId,
        functionArn: "arn:aws:lambda:us-east-1:000000000000:function:work:$LATEST",
        condition: "RetriesExhausted",
        approximateInvokeCount: 1,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorType: "Error", errorMessage: "no", trace: [] },
    });
    expect(letter).toEqual({
      arn: arnOf("dead"),
      body: '{"a":1}',
      attributes: { RequestID: requestId, ErrorCode: "200", ErrorMessage: "no" },
    });
    expect(sent).toHaveLength(2);
  });

  it("tells the destination of success", async () => {
    const { clock, submit, sent } = rig({ answers: () => ok, config: { onSuccessArn: arnOf("done") } });

    submit();
    await clock.advance(1_000);

    expect(sent.map(({ arn }) => arn)).toEqual([arnOf("done")]);
    expect(JSON.parse(sent[0]?.body ?? "{}")).toMatchObject({
      requestContext: { condition: "Success", approximateInvokeCount: 1 },
      responsePayload: { done: true },
    });
  });

  it("waits longer and longer while the function is throttled, and counts that as no try", async () => {
    const { clock, calls, submit } = rig({
      answers: (call) => (call <= 4 ? { status: "throttled" } : call <= 6 ? thrown : ok),
    });

    submit();
    await clock.advance(86_400_000);

    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 75_000, 195_000]);
  });

  it("gives up at the event's age, which is six hours at most", async () => {
    const unbounded = rig({
      answers: () => ({ status: "throttled" }),
      spec: { deadLetterArn: arnOf("dead") },
    });
    const bounded = rig({
      answers: () => thrown,
      config: { maximumEventAgeMs: 90_000, onFailureArn: arnOf("failed") },
    });
    for (const one of [unbounded, bounded]) one.submit();

    await unbounded.clock.advance(21_599_999);
    expect(unbounded.sent).toEqual([]);
    await unbounded.clock.advance(1);
    await bounded.clock.advance(90_000);

    expect(unbounded.sent[0]?.attributes).toMatchObject({ ErrorCode: "429" });
    expect(bounded.calls).toHaveLength(2);
    expect(JSON.parse(bounded.sent[0]?.body ?? "{}")).toMatchObject({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 2 },
    });
  });

  it("gives up at once what can never run: a reserved concurrency of nought", async () => {
    const { clock, calls, submit, sent } = rig({
      answers: () => ({ status: "throttled" }),
      reserved: 0,
      spec: { deadLetterArn: arnOf("dead") },
    });

    submit();
    await clock.advance(1_000);

    expect([calls.length, sent.length]).toEqual([1, 1]);
  });

  it("says when a queue did not take what it was told", async () => {
    const { clock, submit, said } = rig({
      answers: () => thrown,
      config: { maximumRetryAttempts: 0 },
      spec: { deadLetterArn: arnOf("gone") },
      send: () => Promise.reject(new Error("no such queue")),
    });

    submit();
    await clock.advance(1_000);

    expect(said.at(-1)).toBe(`could not tell ${arnOf("gone")} of an event: no such queue`);
  });

  it("forgets what waits when it is stopped, and gives up nothing then", async () => {
    const { clock, calls, submit, sent, events } = rig({
      answers: () => thrown,
      spec: { deadLetterArn: arnOf("dead") },
    });
    submit();
    await clock.advance(30_000);

    events.stop();
    await clock.advance(86_400_000);

    expect([calls.length, sent.length, events.pending, clock.pending]).toEqual([1, 0, 0, 0]);
  });
});
