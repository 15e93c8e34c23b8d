import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { runTool } from "../../local/tools/index.ts";

/** How long each step took, in seconds. */
export interface GreenFigures {
  readonly scaffoldSeconds: number;
  readonly installSeconds: number;
  readonly testSeconds: number;
  readonly startSeconds: number;
  readonly totalSeconds: number;
}

/** What was made, and what its own commands said. */
export interface GreenApp {
  readonly directory: string;
  readonly figures: GreenFigures;
  readonly testReport: string;
  readonly startReport: string;
}

/**
 * From nothing to green, as a newcomer does it, in an empty folder outside this project: the packed program writes an app,
 * npm installs it, its tests pass, and it runs with one event published and handled. Throws with what a step said.
 */
export async function fromNothingToGreen({
  folder,
  tarball,
  say = () => {},
}: {
  /** Empty. */
  readonly folder: string;
  /** The packed library. */
  readonly tarball: string;
  readonly say?: (line: string) => void;
}): Promise<GreenApp> {
  // What `npx` fetches: the program with its own few packages.
  const program = join(folder, "program");
  mkdirSync(program);
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const seconds: number[] = [];
  const step = async (name: string, directory: string, command: string, ...words: string[]) => {
    say(`${name} …`);
    const startMs = performance.now();
    const output = await runTool(command, words, { directory });
    seconds.push((performance.now() - startMs) / 1_000);
    say(`${name}: ${seconds.at(-1)?.toFixed(1)} s`);
    return output;
  };

  const app = join(folder, "shop");
  await step("get bus", program, "npm", "install", "--no-save", ...quiet, tarball);
  const bus = join(program, "node_modules/.bin/bus");
  await step("bus new app", folder, bus, "new", "app", "shop", "--package", tarball);
  await step("npm install", app, "npm", "install", ...quiet);
  const testReport = await step("npm test", app, "npm", "test");
  const startReport = await step("npm start", app, "npm", "start", "--", "--once", "--port", "0");

  const [get = 0, scaffold = 0, install = 0, test = 0, start = 0] = seconds;
  return {
    directory: app,
    testReport,
    startReport,
    figures: {
      scaffoldSeconds: get + scaffold,
      installSeconds: install,
      testSeconds: test,
      startSeconds: start,
      totalSeconds: seconds.reduce((sum, one) => sum + one, 0),
    },
  };
}
