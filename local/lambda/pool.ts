import { type Clock, uuidv7 } from "../../src/clock.ts";
import type { InvokeResult } from "../mapping/index.ts";
import { type Call, leaveOnAbort } from "./call.ts";
import type { Environment, EnvironmentAnswer } from "./environment.ts";
import { errorPayload, timeoutPayload } from "./error-payload.ts";
import { createInitBackoff } from "./init-backoff.ts";
import { createInitHealth, type InitChange } from "./init-health.ts";

/** Lambda gives code ten seconds to load; where many start at once on a small machine, the timeout is added. */
const initLimitMs = 10_000;

/** How the environments of a function are made; replaced as a whole when the function is defined again. */
export interface PoolPlan {
  readonly start: () => Environment;
  /** `undefined`: no limit, while someone debugs. */
  readonly timeoutMs: number | undefined;
  /** Most environments on this machine. */
  readonly ceiling: number;
}

/** The environments of one function, and the invocations that wait for one. */
export interface Pool {
  invoke(payload: string, options: { requestId?: string; signal?: AbortSignal }): Promise<InvokeResult>;
  /** Uses another plan from now on; what runs finishes under the old one, what waits gets the new one. */
  replan(plan: PoolPlan): void;
  reserve(concurrency: number | undefined): void;
  reserved(): number | undefined;
  readonly plan: PoolPlan;
  stats(): PoolStats;
  /** Environments that have a process of their own and have started. */
  processes(): readonly { readonly pid: number; readonly busy: boolean }[];
  /** Answers what waits with `payload`, ends idle environments now and busy ones when they are done, or all at once. */
  close(payload: string, atOnce: boolean): Promise<void>;
}

export interface PoolStats {
  /** Handlers that run now, one that is being ended included. */
  readonly running: number;
  /** Those that are being ended left out. */
  readonly environments: number;
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
}

interface Slot {
  readonly environment: Environment;
  readonly plan: PoolPlan;
  state: "starting" | "idle" | "busy" | "gone";
  ending?: Promise<void>;
}

/**
 * Keeps a function's environments: started when asked for, used again last in first out (so that what is not needed
 * stays cold), replaced after a crash by the next need.
 *
 * Two limits, which differ in what happens beyond them. The *reserved concurrency* is the function's own: running and
 * waiting invocations together count against it, and one more is throttled, as in Lambda. The *ceiling* is this
 * machine's: Lambda would have started another environment, so an invocation beyond it waits its turn instead. A
 * function with 20 reserved on a machine with a ceiling of 4 runs 4, lets 16 wait and throttles the 21st; and no more
 * than its reserved concurrency ever runs, old code that finishes included.
 */
export function createPool(
  first: PoolPlan,
  clock: Clock,
  onInitFailed: (payload: string) => void,
  onInitChange: (change: InitChange) => void = () => {},
): Pool {
  let plan = first;
  let reserved: number | undefined;
  let closed: string | undefined;
  const slots = new Set<Slot>();
  const idle: Slot[] = [];
  const waiting: Call[] = [];
  const endings = new Set<Promise<void>>();
  let running = 0;
  let starting = 0;
  let invocations = 0;
  let errors = 0;
  let throttles = 0;
  const backoff = createInitBackoff(clock, () => pump());
  const health = createInitHealth(onInitChange);

  /** Its place is free when it has really ended, not before: what it runs may still do something. */
  const retire = (slot: Slot): Promise<void> => {
    if (slot.ending) return slot.ending;
    if (slot.state === "idle") idle.splice(idle.indexOf(slot), 1);
    slot.state = "gone";
    const ending = slot.environment.end().finally(() => {
      slots.delete(slot);
      endings.delete(ending);
      pump();
    });
    slot.ending = ending;
    endings.add(ending);
    return ending;
  };

  const rest = (slot: Slot) => {
    if (slot.plan !== plan || closed !== undefined) {
      void retire(slot);
      return;
    }
    slot.state = "idle";
    idle.push(slot);
  };

  const start = () => {
    const slot: Slot = { environment: plan.start(), plan, state: "starting" };
    slots.add(slot);
    starting++;
    const limitMs = initLimitMs + (plan.timeoutMs ?? Number.POSITIVE_INFINITY);
    const slow = Promise.withResolvers<string>();
    const cancel = Number.isFinite(limitMs)
      ? clock.after(limitMs, () =>
          slow.resolve(errorPayload("Sandbox.Timedout", `Error: Init timed out after ${limitMs} ms`)),
        )
      : () => {};
    void Promise.race([slot.environment.ready, slow.promise]).then((failure) => {
      cancel();
      starting--;
      if (failure === undefined && slot.state === "starting") {
        if (slot.plan === plan) {
          backoff.succeeded();
          health.succeeded();
        }
        rest(slot);
      } else {
        const current = slot.plan === plan && slot.state === "starting";
        void retire(slot);
        if (failure !== undefined && current) fail(failure);
      }
      pump();
    });
    void slot.environment.ended.then(() => {
      // One that dies while it is used or started is noticed there.
      if (slot.state === "idle") void retire(slot);
    });
  };

  const fail = (payload: string) => {
    backoff.failed();
    onInitFailed(payload);
    health.failed();
    const call = waiting.shift();
    if (!call) return;
    errors++;
    call.resolve({ status: "error", kind: "init", payload });
  };

  const run = (slot: Slot, call: Call) => {
    slot.state = "busy";
    running++;
    let over = false;
    const finish = (result: EnvironmentAnswer) => {
      if (over) return;
      over = true;
      cancel();
      if (result.status === "error") errors++;
      const answer = () => {
        running--;
        call.resolve(result);
        pump();
      };
      const ends = result.status === "error" && result.kind !== "thrown";
      if (ends || slot.state === "gone") return void retire(slot).then(answer);
      rest(slot);
      answer();
    };
    const { timeoutMs } = slot.plan;
    const cancel =
      timeoutMs === undefined
        ? () => {}
        : clock.after(timeoutMs, () =>
            finish({ status: "error", kind: "timeout", payload: timeoutPayload(call.requestId, timeoutMs) }),
          );
    const deadlineMs = clock.nowMs() + (timeoutMs ?? 86_400_000);
    void slot.environment
      .invoke({ requestId: call.requestId, payload: call.payload, deadlineMs })
      .then(finish);
  };

  const pump = () => {
    while (waiting.length > 0) {
      const slot = idle.pop();
      if (!slot) break;
      const call = waiting.shift();
      if (call) run(slot, call);
    }
    if (closed !== undefined) return;
    while (starting < waiting.length && slots.size < plan.ceiling && backoff.mayStart(starting)) start();
  };

  return {
    get plan() {
      return plan;
    },
    invoke(payload, { requestId = uuidv7(clock), signal }) {
      if (closed !== undefined) {
        return Promise.resolve({ status: "error", kind: "init", payload: closed } as const);
      }
      if (reserved !== undefined && running + waiting.length >= reserved) {
        throttles++;
        return Promise.resolve({ status: "throttled" } as const);
      }
      invocations++;
      return new Promise<InvokeResult>((resolve) => {
        const call: Call = { requestId, payload, resolve };
        waiting.push(signal ? leaveOnAbort(signal, call, waiting) : call);
        pump();
      });
    },
    replan(next) {
      plan = next;
      backoff.succeeded();
      health.replaced();
      for (const slot of [...idle]) void retire(slot);
      pump();
    },
    reserve(concurrency) {
      reserved = concurrency;
    },
    reserved: () => reserved,
    stats: () => ({
      running,
      environments: [...slots].filter(({ state }) => state !== "gone").length,
      invocations,
      errors,
      throttles,
    }),
    processes: () =>
      [...slots].flatMap((slot) => {
        const { pid } = slot.environment;
        return pid === undefined || slot.state === "starting" || slot.state === "gone"
          ? []
          : [{ pid, busy: slot.state === "busy" }];
      }),
    async close(payload, atOnce) {
      closed = payload;
      backoff.succeeded();
      for (const call of waiting.splice(0)) call.resolve({ status: "error", kind: "init", payload });
      for (const slot of [...slots]) if (atOnce || slot.state === "idle") void retire(slot);
      await Promise.all(endings);
    },
  };
}
