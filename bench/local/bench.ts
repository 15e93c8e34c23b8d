import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../local/cloud/index.ts";
import type { Bench } from "../frame/bench.ts";
import { offlineEnvironment, startChild } from "../frame/children.ts";
import type { Stretch } from "../frame/contender.ts";
import { consumers } from "./consumers.ts";

const project = join(import.meta.dirname, "../..");
let assembly: Promise<string> | undefined;

/**
 * What the local cloud gets through end to end: from the first publish to the last message deleted, ledger included,
 * three consumers whose handlers do nothing. Publisher, endpoint, DynamoDB and functions share this machine.
 */
export const localBench: Bench<"ours"> = {
  contenders: ["ours"],
  packages: ["fauxqs", "@dynoxide/linux-x64", "@aws-sdk/client-dynamodb", "@aws-sdk/client-sns"],
  /** Events; each is delivered to every consumer. */
  size: 4_000,
  run: async (_name, size) => {
    assembly ??= synthesizeApp();
    const task = JSON.stringify({ warmUp: Math.ceil(size / 4), measured: size });
    // Nothing of it may find another endpoint than the one that it starts.
    const environment = offlineEnvironment("http://127.0.0.1:9");
    const script = join(import.meta.dirname, "contender.ts");
    const contender = startChild(script, [await assembly, task], environment);
    try {
      await contender.ask("warm up");
      const { wallMs, figures } = (await contender.ask("go")) as Stretch;
      await contender.ask("stop");
      return { deliveriesPerSecond: (size * consumers.length) / (wallMs / 1_000), ...figures };
    } finally {
      await contender.stop();
    }
  },
  close: async () => {
    if (assembly) await rm(await assembly, { recursive: true, force: true });
  },
};

async function synthesizeApp(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "bench-local-"));
  const app = `${JSON.stringify(process.execPath)} bench/local/app.ts`;
  return (await synthesize({ directory: project, app, outDir })).assembly;
}
