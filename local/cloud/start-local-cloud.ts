import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { findPython, makeOwnedDirectory, requireLambdaPython } from "../tools/index.ts";
import { readAssembly } from "./assembly/read-assembly.ts";
import { type Applied, createDeployment } from "./deployment/deployment.ts";
import { type EndpointProcess, startEndpoint } from "./endpoint/endpoint-process.ts";
import { requireEngines } from "./engines/require-engines.ts";
import { findInspected } from "./find-inspected.ts";
import { answerLambda, type LambdaApi } from "./lambda-api/index.ts";
import { createLeftovers } from "./leftovers.ts";
import { localAccount } from "./local-account.ts";
import type { LocalCloud } from "./local-cloud.ts";
import type { LocalCloudOptions } from "./local-cloud-options.ts";
import { makeDataFolder } from "./make-data-folder.ts";
import { memoryOfTreeMb } from "./process-memory.ts";
import type { Platform } from "./resources/index.ts";
import { answerScheduler, type SchedulerApi } from "./scheduler-api/index.ts";
import { startRuntime } from "./start-runtime.ts";

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
    const apis = Promise.withResolvers<{ lambda: LambdaApi; scheduler: SchedulerApi }>();
    const endpointProcess = await startEndpoint(
      {
        port: options.port ?? 4566,
        region,
        ...(dataDir === undefined ? {} : { dataDir }),
      },
      {
        answerLambda: async (request) => answerLambda(request, (await apis.promise).lambda),
        answerScheduler: async (request) => answerScheduler(request, (await apis.promise).scheduler),
        onExit: (reason) => onProgress(reason),
        onNote: onProgress,
      },
    );
    cleanups.push(() => endpointProcess.stop());
    const endpoint = `http://127.0.0.1:${endpointProcess.port}`;
    const python = options.python ?? findPython(process.cwd());
    const dynamodbEndpoint = `http://127.0.0.1:${endpointProcess.dynamodbPort}`;
    const runtime = startRuntime(
      {
        ...options,
        ...(python === undefined ? {} : { python }),
        ...(options.inspect === undefined ? {} : { inspect: findInspected(assembly, options.inspect) }),
      },
      { endpoint, dynamodbEndpoint, region, dataDir },
    );
    cleanups.push(...runtime.cleanups);
    const { functions, mappings, scheduler } = runtime;
    let stacks: () => LocalCloud["stacks"] = () => [];
    apis.resolve({
      lambda: {
        ...{ ...runtime, region, account: localAccount, concurrency: new WeakMap() },
        stacks: () => stacks(),
      },
      scheduler: { scheduler, region, tokens: new Map() },
    });

    const deployment = createDeployment();
    const platform: Omit<Platform, "assets"> = {
      ...runtime,
      region,
      account: localAccount,
      codeDirectory,
      requirePython: untilItHolds(() => requireLambdaPython(python)),
    };
    let current = await deployment.apply(assembly, { ...platform, assets: assembly.assets });
    stacks = () => current.stacks;
    const leftovers = createLeftovers(dataDir);
    for (const text of await leftovers.clear(current, platform)) onProgress(text);
    scheduler.start();
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
