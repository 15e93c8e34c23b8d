import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
  synthesize,
} from "../../local/cloud/index.ts";
import { isRunning } from "../../local/tools/index.ts";
import type { Stage } from "../ports.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const cache = join(project, ".cache");
/** Each run has an assembly folder of its own, by its process id: two side by side must not write into one. */
const prefix = "drill-";

/**
 * A drill's functions share this machine: more environments take memory (some 90 MB a process) and time to warm up, and
 * handle nothing sooner on two cores. With two, one is at work while the other is killed and started again.
 */
const environmentsPerFunction = 2;

/** What `stageCloud` takes: a CDK app of this project, and how the local cloud is to run it. */
export interface StageCloudOptions extends Omit<LocalCloudOptions, "assembly" | "onProgress"> {
  /** The command that makes the app. @default the one in the project's `cdk.json` */
  readonly app?: string;
  readonly stage: Pick<Stage, "say">;
}

/** The drill's cloud, running. */
export interface StagedCloud {
  readonly cloud: LocalCloud;
  /** Ends it, with all its processes, and removes what was only needed to run it. */
  end(): Promise<void>;
}

/** Synthesizes a CDK app and starts it on this machine. */
export async function stageCloud({ app, stage, ...options }: StageCloudOptions): Promise<StagedCloud> {
  const outDir = join(cache, `${prefix}${process.pid}`);
  await sweep();
  await mkdir(outDir, { recursive: true });
  const remove = () => rm(outDir, { recursive: true, force: true });
  try {
    stage.say("synthesizing the CDK app …");
    const { assembly } = await synthesize({
      directory: project,
      ...(app === undefined ? {} : { app }),
      outDir,
      onLine: (line) => stage.say(`  ${line}`),
    });
    const cloud = await startLocalCloud({
      maxEnvironments: environmentsPerFunction,
      ...options,
      assembly,
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

/** Removes the folders of runs that were killed before they could. */
async function sweep(): Promise<void> {
  const folders = await readdir(cache).catch(() => []);
  const left = folders.filter(
    (name) => name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length))),
  );
  await Promise.all(left.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}
