import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LocalCloud, startLocalCloud, synthesize } from "../../local/cloud/index.ts";
import type { Stage } from "../ports.ts";
import type { OrdersOptions } from "./options.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** The drill's cloud, running. */
export interface StagedCloud {
  readonly cloud: LocalCloud;
  /** Ends it, with all its processes, and removes what was only needed to run it. */
  end(): Promise<void>;
}

/**
 * Synthesizes the project's own CDK app and starts it on this machine. With chaos, handlers run in processes, because
 * a thread cannot be killed.
 */
export async function stageCloud({
  options,
  stage,
  onLog,
}: {
  readonly options: OrdersOptions;
  readonly stage: Pick<Stage, "say">;
  readonly onLog: (functionName: string, line: string) => void;
}): Promise<StagedCloud> {
  const cache = join(project, ".cache");
  await mkdir(cache, { recursive: true });
  // A folder of its own: two runs side by side must not write into each other's assembly.
  const outDir = await mkdtemp(join(cache, "orders-"));
  const remove = () => rm(outDir, { recursive: true, force: true });
  try {
    stage.say("synthesizing the CDK app …");
    const { assembly } = await synthesize({
      directory: project,
      outDir,
      onLine: (line) => stage.say(`  ${line}`),
    });
    const cloud = await startLocalCloud({
      assembly,
      port: options.port,
      ...(options.data === undefined ? {} : { dataDir: options.data }),
      environments: options.chaos ? "process" : "thread",
      onLog,
      onProgress: (text) => stage.say(text),
    });
    return {
      cloud,
      end: async () => {
        await cloud.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
