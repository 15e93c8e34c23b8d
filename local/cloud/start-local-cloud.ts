import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import {
  createEventInvocations,
  createFunctionHost,
  type FunctionHost,
  type InitChange,
} from "../lambda/index.ts";
import { findPython, makeOwnedDirectory, requireLambdaPython } from "../tools/index.ts";
import { type Assembly, readAssembly } from "./assembly/read-assembly.ts";
import { createAwsCall } from "./aws-call.ts";
import { type Applied, createDeployment } from "./deployment/deployment.ts";
import { type EndpointProcess, startEndpoint } from "./endpoint/endpoint-process.ts";
import type { ForwardedRequest } from "./endpoint/messages.ts";
import { requireEngines } from "./engines/require-engines.ts";
import { findInspected } from "./find-inspected.ts";
import { hiddenMessages } from "./hidden-messages.ts";
import { answerLambda, type LambdaApi } from "./lambda-api/index.ts";
import { createLeftovers } from "./leftovers.ts";
import { localAccount } from "./local-account.ts";
import type { LocalCloud } from "./local-cloud.ts";
import { makeDataFolder } from "./make-data-folder.ts";
import { createMappingHost } from "./mapping-host.ts";
import { memoryOfTreeMb } from "./process-memory.ts";
import { createQueueSender } from "./queue-sender.ts";
import type { Platform } from "./resources/index.ts";
import { createStreamPositions } from "./stream-positions.ts";

/** What `startLocalCloud` takes. */
export interface LocalCloudOptions {
  /** The folder of a synthesized CDK app. */
  readonly assembly: string;
  /** Where the endpoint listens, on 127.0.0.1; 0 takes any free port. @default 4566, where LocalStack's users look */
  readonly port?: number;
  /** Keeps queues, tables and objects there across restarts. @default in memory: a start begins anew */
  readonly dataDir?: string;
  /** Where Node functions run. Processes can be killed. @default "thread", which is quicker */
  readonly environments?: "thread" | "process";
  /** Most environments of one function. @default 4, what a laptop can take for a dozen functions */
  readonly maxEnvironments?: number;
  /** A function to debug: its name, its construct's id, or what its name ends in after a hyphen. */
  readonly inspect?: string;
  /**
   * The interpreter for functions in Python, with `awslambdaric` and `boto3`.
   * @default OMNIBUS_PYTHON, else `.venv/bin/python` in the working directory, else `python3`
   */
  readonly python?: string;
  /** Gets every line that a function writes. */
  readonly onLog?: (functionName: string, line: string) => void;
  /** Gets a sentence for people now and then. */
  readonly onProgress?: (text: string) => void;
  readonly clock?: Clock;
}

/** How long each part gets to end by itself: mappings, functions and endpoint together stay within two seconds. */
const patienceMs = 600;

/**
 * Runs a synthesized CDK app on this machine: its templates' topics, queues, tables, buckets, functions and mappings
 * behind one AWS endpoint. Reads only the assembly.
 *
 * Throws `LocalCloudError` for an app that cannot run here, a data folder that cannot be used and a taken port; nothing is
 * left running then.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { onProgress = () => {}, clock = systemClock } = options;
  requireEngines();
  const assembly = readAssembly(options.assembly);
  const region = assembly.stacks.find((stack) => stack.region !== undefined)?.region ?? "us-east-1";
  const dataDir = options.dataDir === undefined ? undefined : makeDataFolder(options.dataDir);
  const codeDirectory = makeOwnedDirectory(tmpdir(), "omnibus-code-");
  const cleanups: (() => Promise<unknown>)[] = [
    async () => rmSync(codeDirectory, { recursive: true, force: true }),
  ];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll(cleanups, clock);
    return stopping;
  };
  try {
    const api = Promise.withResolvers<LambdaApi>();
    const endpointProcess = await startEndpoint(
      {
        port: options.port ?? 4566,
        region,
        ...(dataDir === undefined ? {} : { dataDir }),
      },
      {
        answerLambda: async (request: ForwardedRequest) => answerLambda(request, await api.promise),
        onExit: (reason) => onProgress(reason),
        onNote: onProgress,
      },
    );
    cleanups.push(() => endpointProcess.stop());
    const endpoint = `http://127.0.0.1:${endpointProcess.port}`;
    const python = options.python ?? findPython(process.cwd());
    const dynamodbEndpoint = `http://127.0.0.1:${endpointProcess.dynamodbPort}`;
    const place = { endpoint, dynamodbEndpoint, region };
    const aws = createAwsCall(endpoint, region);
    const functions = startFunctions({ ...options, python }, assembly, place, (name, change) => {
      hiddenMessages(name, change, { mappings, aws }).then(
        (told) => told.forEach(onProgress),
        // The cloud is stopping.
        () => {},
      );
    });
    cleanups.push(() => functions.stop());
    const positions = createStreamPositions(dataDir, clock);
    cleanups.push(async () => positions.close());
    const sendToQueue = createQueueSender(aws);
    const events = createEventInvocations({
      ...{ functions, clock, send: sendToQueue },
      say: (name, text) => onProgress(`${name} ${text}`),
    });
    cleanups.push(async () => events.stop());
    const mappings = createMappingHost({
      ...{ endpoint, region, functions, positions, sendToQueue, clock },
      say: onProgress,
    });
    cleanups.push(() => mappings.stop());
    let stacks: () => LocalCloud["stacks"] = () => [];
    api.resolve({
      ...{ functions, events, mappings, region, account: localAccount, concurrency: new WeakMap() },
      stacks: () => stacks(),
    });

    const deployment = createDeployment();
    const platform: Omit<Platform, "assets"> = {
      region,
      account: localAccount,
      aws,
      functions,
      events,
      mappings,
      codeDirectory,
      requirePython: untilItHolds(() => requireLambdaPython(python)),
    };
    let current = await deployment.apply(assembly, { ...platform, assets: assembly.assets });
    stacks = () => current.stacks;
    const leftovers = createLeftovers(dataDir);
    for (const text of await leftovers.clear(current, platform)) onProgress(text);
    endpointProcess.stands();
    report(current, endpointProcess, onProgress);
    return {
      endpoint,
      account: localAccount,
      region,
      get stacks() {
        return stacks();
      },
      get unsupported() {
        return current.unsupported;
      },
      functions,
      mappings: () => mappings.all(),
      streamMappings: () => mappings.streams(),
      queues: () => endpointProcess.queues(),
      memoryMb: () => memoryOfTreeMb(process.pid),
      async reload(directory) {
        const next = readAssembly(directory);
        current = await deployment.apply(next, { ...platform, assets: next.assets });
        leftovers.note(current.lasting, current.left);
        for (const text of current.notApplied) onProgress(`not applied: ${text}`);
        return { changed: current.changed, notApplied: current.notApplied };
      },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

function startFunctions(
  { environments = "thread", maxEnvironments = 4, inspect, python, onLog, clock }: LocalCloudOptions,
  assembly: Assembly,
  place: { endpoint: string; dynamodbEndpoint: string; region: string },
  onInitChange: (functionName: string, change: InitChange) => void,
): FunctionHost {
  return createFunctionHost({
    ...place,
    account: localAccount,
    environments,
    maxEnvironments,
    onInitChange,
    ...(python === undefined ? {} : { python }),
    ...(inspect === undefined ? {} : { inspect: findInspected(assembly, inspect) }),
    ...(onLog === undefined ? {} : { onLog }),
    ...(clock === undefined ? {} : { clock }),
  });
}

/** Asks once; what failed is asked again the next time, when it may have been put right. */
function untilItHolds(ask: () => Promise<void>): () => Promise<void> {
  let held: Promise<void> | undefined;
  return () => {
    held ??= ask().catch((problem) => {
      held = undefined;
      throw problem;
    });
    return held;
  };
}

function report(
  { unsupported }: Applied,
  { notes }: EndpointProcess,
  onProgress: (text: string) => void,
): void {
  for (const note of notes) onProgress(note);
  for (const text of unsupported) onProgress(`not supported here: ${text}`);
}

/** Last started, first ended: mappings poll no more before functions end, and the endpoint outlives both. */
async function stopAll(cleanups: readonly (() => Promise<unknown>)[], clock: Clock): Promise<void> {
  for (const clean of [...cleanups].reverse()) {
    const end = new AbortController();
    // One part that fails or hangs must not keep the others running.
    await Promise.race([clean().catch(() => undefined), sleep(clock, patienceMs, end.signal)]);
    end.abort();
  }
}
