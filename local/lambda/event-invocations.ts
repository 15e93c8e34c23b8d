import { type Clock, sleep, systemClock, uuidv7 } from "../../src/clock.ts";
import { describeError } from "../../src/errors.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { InvokeResult } from "../mapping/index.ts";
import { deadLetterAttributes, invocationRecord } from "./event-record.ts";
import type { FunctionHost } from "./function-host.ts";
import type { FunctionSpec } from "./function-spec.ts";

/** How a function's events are treated (`AWS::Lambda::EventInvokeConfig`). */
export interface EventInvokeConfig {
  /** After an error: 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** From the moment the event was taken. @default 6 hours, which is the most */
  readonly maximumEventAgeMs?: number;
  /** Queues that get a record of the invocation. */
  readonly onSuccessArn?: string | undefined;
  readonly onFailureArn?: string | undefined;
}

/** What the queue of events stands on. */
export interface EventInvocationPorts {
  readonly functions: Pick<FunctionHost, "invoke" | "reservedConcurrency">;
  /** Sends a message to the queue of an ARN; rejects when it was not taken. */
  readonly send: (
    arn: string,
    body: string,
    more?: { readonly attributes?: Readonly<Record<string, string>> },
  ) => Promise<void>;
  /** Gets a sentence for people, about a function, when an event is tried again or given up. */
  readonly say?: (functionName: string, text: string) => void;
  readonly clock?: Clock;
}

/** Lambda's queue of events, for invocations that nobody waits for. Made by `createEventInvocations`. */
export interface EventInvocations {
  /** Takes an event; answers the id of the request, which all its tries have. */
  submit(spec: FunctionSpec, payload: string): string;
  /** From now on; `undefined` means AWS's defaults. */
  configure(functionName: string, config: EventInvokeConfig | undefined): void;
  /** Events that are not done with. */
  readonly pending: number;
  /** Forgets what waits; what runs finishes, and nobody hears of it. */
  stop(): void;
}

/** (invocation-async) */
const retryDelaysMs = [60_000, 120_000];
const throttled = { firstMs: 1_000, maxMs: 300_000 };

/**
 * Events in memory, each tried as Lambda does: after an error twice more, a minute and then two minutes later; while the
 * function is throttled as long as the event's age allows. What is given up goes to the destination and to the dead-letter
 * queue of the function, where it has them.
 */
export function createEventInvocations(ports: EventInvocationPorts): EventInvocations {
  const { functions, send, say = () => {}, clock = systemClock } = ports;
  const configs = new Map<string, EventInvokeConfig>();
  const end = new AbortController();
  let pending = 0;

  const deliver = async (functionName: string, arn: string | undefined, ...message: [string, object?]) => {
    if (arn === undefined || end.signal.aborted) return;
    try {
      await send(arn, ...message);
    } catch (error) {
      say(functionName, `could not tell ${arn} of an event: ${describeError(error).message}`);
    }
  };

  const run = async (spec: FunctionSpec, payload: string, requestId: string) => {
    const takenMs = clock.nowMs();
    let failures = 0;
    let invocations = 0;
    let pauseMs: number = throttled.firstMs;
    let result: InvokeResult | undefined;
    const ended = (condition: string) =>
      invocationRecord({ spec, requestId, payload, condition, invocations, result, clock });

    const giveUp = async (condition: "RetriesExhausted" | "EventAgeExceeded") => {
      say(spec.name, `gave up an event after ${invocations} tries (${condition})`);
      await deliver(spec.name, configs.get(spec.name)?.onFailureArn, ended(condition));
      const attributes = deadLetterAttributes(requestId, result);
      await deliver(spec.name, spec.deadLetterArn, payload, { attributes });
    };

    while (!end.signal.aborted) {
      const {
        maximumRetryAttempts = lambda.maxEventRetryAttempts,
        maximumEventAgeMs = lambda.maxEventAgeMs,
      } = configs.get(spec.name) ?? {};
      result = await functions.invoke(spec.name, payload, { requestId });
      // The host that ends answers for the functions it has ended.
      if (end.signal.aborted) return;
      let waitMs: number;
      if (result.status === "throttled") {
        // Nothing will ever run it: no use in waiting. (invocation-async)
        if (functions.reservedConcurrency(spec.name) === 0) return giveUp("RetriesExhausted");
        waitMs = pauseMs;
        pauseMs = Math.min(throttled.maxMs, 2 * pauseMs);
      } else {
        invocations++;
        if (result.status === "ok") {
          return deliver(spec.name, configs.get(spec.name)?.onSuccessArn, ended("Success"));
        }
        if (failures >= maximumRetryAttempts) return giveUp("RetriesExhausted");
        waitMs = retryDelaysMs[failures++] ?? 0;
        say(spec.name, `failed on an event: it is tried again in ${waitMs / 1_000} s, as on AWS`);
      }
      if (clock.nowMs() + waitMs - takenMs >= maximumEventAgeMs) {
        await sleep(clock, takenMs + maximumEventAgeMs - clock.nowMs(), end.signal);
        return end.signal.aborted ? undefined : giveUp("EventAgeExceeded");
      }
      await sleep(clock, waitMs, end.signal);
    }
  };

  return {
    submit(spec, payload) {
      const requestId = uuidv7(clock);
      pending++;
      void run(spec, payload, requestId).finally(() => {
        pending--;
      });
      return requestId;
    },
    configure(functionName, config) {
      if (config === undefined) configs.delete(functionName);
      else configs.set(functionName, config);
    },
    get pending() {
      return pending;
    },
    stop: () => end.abort(),
  };
}
