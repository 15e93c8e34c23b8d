import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { freePort, startGuarded } from "../../tools/index.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Engine } from "./engine.ts";
import { EngineMissing } from "./engine-missing.ts";
import { addStreamIndex } from "./stream-index.ts";
import { forgetOldStreamRecords } from "./stream-retention.ts";

/** The release that the stream index and the known differences were tried on. */
export const dynoxideVersion = "1.2.1";

/** DynamoDB on SQLite, one native program: the usual engine. */
export const dynoxide: Engine = {
  name: "dynoxide",
  async start({ dataDir, removeDataDir }) {
    const program = findDynoxide();
    const databaseFile = join(dataDir, "dynamodb.db");
    let lastOutput = "";
    // The port is chosen here and taken there: another program may come between, so try again.
    for (let attempt = 0; attempt < 3; attempt++) {
      const port = await freePort();
      const child = startGuarded(program, ["--port", String(port), "--db-path", databaseFile], {
        remove: removeDataDir ? dataDir : "",
      });
      const { listening, output } = await untilListening(child);
      if (!listening) {
        lastOutput = output;
        continue;
      }
      const note = addStreamIndex(databaseFile);
      forgetOldStreamRecords(databaseFile, systemClock.nowMs());
      return {
        port,
        arnRegion: "dynoxide",
        notes: note === undefined ? [] : [note],
        stop: () => end(child),
      };
    }
    throw new LocalCloudError(
      "dynoxide-start",
      `dynoxide did not start: ${lastOutput.trim() || "it ended without a word"}`,
    );
  },
};

/** Where the program for this machine is. Throws `LocalCloudError` with the line that installs it. */
export function findDynoxide(
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  const name = `@dynoxide/${platform}-${architecture}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const program = join(dirname(manifest), platform === "win32" ? "dynoxide.exe" : "dynoxide");
    if (existsSync(program)) return program;
  } catch {
    // Said below.
  }
  throw new EngineMissing(
    `${name}@${dynoxideVersion}`,
    `no DynamoDB engine for this machine: the package ${name} is not installed (where npm has none for the platform, another program, such as AWS's own DynamoDB Local, can stand in through the engine port, local/cloud/engines/engine.ts).`,
  );
}

function untilListening(child: ChildProcess): Promise<{ listening: boolean; output: string }> {
  return new Promise((resolve) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes("listening on")) return;
      // Nobody reads on: a full pipe must not stop the program.
      child.stdout?.removeListener("data", read).resume();
      child.stderr?.removeListener("data", read).resume();
      resolve({ listening: true, output });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", (cause) => resolve({ listening: false, output: cause.message }));
    child.once("exit", () => resolve({ listening: false, output }));
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}
