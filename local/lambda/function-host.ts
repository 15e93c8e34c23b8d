import { type Clock, systemClock, uuidv7 } from "../../src/clock.ts";
import { SettingsError } from "../../src/errors.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { InvokePort, InvokeResult } from "../mapping/index.ts";
import type { EnvironmentOptions } from "./environment.ts";
import { errorPayload } from "./error-payload.ts";
import type { FunctionSpec } from "./function-spec.ts";
import { functionVariables } from "./function-variables.ts";
import type { InitChange } from "./init-health.ts";
import { createPool, type Pool, type PoolPlan, type PoolStats } from "./pool.ts";
import { startProcess } from "./process-environment.ts";
import { startThread } from "./thread-environment.ts";

/** What `createFunctionHost` takes. */
export interface FunctionHostOptions {
  /** Where the functions find AWS: it becomes their `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /**
   * Where they find DynamoDB, as `AWS_ENDPOINT_URL_DYNAMODB`: its calls are most of what functions do, and need not go
   * through the front. @default `endpoint`
   */
  readonly dynamodbEndpoint?: string;
  readonly region: string;
  readonly account: string;
  /**
   * Where Node functions run: in worker threads (quickest), or in processes that speak Lambda's Runtime API (these can
   * be killed). Python always runs in processes.
   */
  readonly environments: "thread" | "process";
  /** Most environments of one function at a time. @default 4, what a laptop can take for a dozen functions */
  readonly maxEnvironments?: number;
  /** A function to debug: one process that listens for a debugger, without a timeout. */
  readonly inspect?: string;
  /** The Python interpreter, with `awslambdaric` installed. @default "python3" */
  readonly python?: string;
  /** Gets each line that a function writes, and the host's own words about it. */
  readonly onLog?: (functionName: string, line: string) => void;
  /** Hears when a function's code does not load, and when it was replaced after that or loads again; each turn once. */
  readonly onInitChange?: (functionName: string, change: InitChange) => void;
  readonly clock?: Clock;
}

/** Lambda on this machine. Made by `createFunctionHost`. */
export interface FunctionHost extends InvokePort {
  /**
   * Adds a function, or replaces its code and settings: running invocations finish on the old code, waiting ones get
   * the new one. Throws `SettingsError` for a runtime that this host cannot run.
   */
  define(spec: FunctionSpec): void;
  /** Forgets a function; what runs finishes, what waits is answered as if the function had never been. */
  remove(name: string): void;
  specs(): readonly FunctionSpec[];
  /** Changes how many invocations may be in progress; 0 throttles all, `undefined` takes the reservation away. */
  setReservedConcurrency(name: string, concurrency: number | undefined): void;
  /** What holds now; `undefined` without a reservation, and for a function that is not there. */
  reservedConcurrency(name: string): number | undefined;
  /** Throws `SettingsError` for a function that is not there. */
  stats(name: string): PoolStats;
  /**
   * Calls a function and waits for its answer. Never rejects. An aborted `signal` takes a waiting call back; a running
   * one runs on unheard, as it does in Lambda.
   */
  invoke(
    functionName: string,
    payload: string,
    options?: { signal?: AbortSignal; requestId?: string },
  ): Promise<InvokeResult>;
  /** How many environments of the function this machine runs at once: what a mapping needs to pull no more than that. */
  capacity(functionName: string): number;
  /**
   * Kills one process by SIGKILL, a busy one where there is one, else an idle one, never one that still starts; chosen
   * by the clock's chance. `among` names the functions that it may hit. @default all
   */
  killOne(among?: readonly string[]): { readonly functionName: string; readonly pid: number } | undefined;
  /** Ends all environments, also those at work: their callers are answered with an error of kind `exit`. */
  stop(): Promise<void>;
}

interface Hosted {
  readonly spec: FunctionSpec;
  readonly pool: Pool;
}

/** Starts a host with no functions in it. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { maxEnvironments = 4, clock = systemClock, onLog = () => {} } = options;
  const hosted = new Map<string, Hosted>();
  let removals: Promise<void>[] = [];

  const planOf = (spec: FunctionSpec): PoolPlan => {
    const inspected = options.inspect === spec.name;
    const node = spec.runtime.startsWith("nodejs");
    const logStream = () =>
      `${new Date(clock.nowMs()).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${uuidv7(clock).replaceAll("-", "")}`;
    const environmentOptions = (): EnvironmentOptions => ({
      functionName: spec.name,
      functionArn: spec.arn,
      codeDir: spec.codeDir,
      handler: spec.handler,
      memoryMb: spec.memoryMb,
      variables: functionVariables(spec, { ...options, logStream: logStream() }),
      onLine: (line) => onLog(spec.name, line),
    });
    return {
      ceiling: inspected ? 1 : maxEnvironments,
      timeoutMs: inspected ? undefined : spec.timeoutMs,
      start: () =>
        node && options.environments === "thread" && !inspected
          ? startThread(environmentOptions())
          : startProcess(environmentOptions(), {
              language: node ? "node" : "python",
              python: options.python ?? "python3",
              inspect: inspected && node,
            }),
    };
  };

  const find = (name: string): Hosted => {
    const found = hosted.get(name);
    if (found) return found;
    throw new SettingsError(
      "function-unknown",
      `there is no function ${JSON.stringify(name)} on this machine; there are: ${[...hosted.keys()].join(", ") || "none"}`,
    );
  };

  return {
    define(spec) {
      if (!/^(nodejs|python)\d/.test(spec.runtime)) {
        throw new SettingsError(
          "function-runtime",
          `function ${spec.name} has the runtime ${JSON.stringify(spec.runtime)}; this machine runs nodejs* and python*`,
        );
      }
      const plan = planOf(spec);
      const pool =
        hosted.get(spec.name)?.pool ??
        createPool(
          plan,
          clock,
          (payload) => onLog(spec.name, `could not start: ${payload}`),
          (change) => options.onInitChange?.(spec.name, change),
        );
      pool.reserve(spec.reservedConcurrency);
      if (pool.plan !== plan) pool.replan(plan);
      hosted.set(spec.name, { spec, pool });
    },
    remove(name) {
      const found = hosted.get(name);
      if (!found) return;
      hosted.delete(name);
      removals.push(found.pool.close(notFound(options, name), false));
    },
    specs: () => [...hosted.values()].map(({ spec }) => spec),
    setReservedConcurrency: (name, concurrency) => find(name).pool.reserve(concurrency),
    reservedConcurrency: (name) => hosted.get(name)?.pool.reserved(),
    stats: (name) => find(name).pool.stats(),
    capacity: (name) => hosted.get(name)?.pool.plan.ceiling ?? maxEnvironments,
    async invoke(name, payload, invokeOptions = {}) {
      const found = hosted.get(name);
      if (!found) return { status: "error", kind: "init", payload: notFound(options, name) };
      const bytes = Buffer.byteLength(payload);
      if (bytes > lambda.invokePayloadBytes) {
        return { status: "error", kind: "thrown", payload: tooLarge(bytes) };
      }
      return found.pool.invoke(payload, invokeOptions);
    },
    killOne(among) {
      const all = [...hosted]
        .filter(([functionName]) => among?.includes(functionName) ?? true)
        .flatMap(([functionName, { pool }]) => pool.processes().map((found) => ({ functionName, ...found })));
      const busy = all.filter((candidate) => candidate.busy);
      const candidates = busy.length > 0 ? busy : all;
      const chosen = candidates[Math.floor(clock.random() * candidates.length)];
      if (!chosen) return undefined;
      process.kill(chosen.pid, "SIGKILL");
      return { functionName: chosen.functionName, pid: chosen.pid };
    },
    async stop() {
      const stopped = errorPayload("Runtime.ExitError", "Error: the local function host was stopped");
      await Promise.all([...removals, ...[...hosted.values()].map(({ pool }) => pool.close(stopped, true))]);
      removals = [];
    },
  };
}

function notFound({ region, account }: { region: string; account: string }, name: string): string {
  return errorPayload(
    "ResourceNotFoundException",
    `Function not found: arn:aws:lambda:${region}:${account}:function:${name}`,
  );
}

function tooLarge(bytes: number): string {
  return errorPayload(
    "RequestEntityTooLargeException",
    `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${lambda.invokePayloadBytes} bytes)`,
  );
}
