import { spawn } from "node:child_process";
import { machineEnvironment } from "../machine-environment.ts";
import { ToolsError } from "./tools-error.ts";

/** Of a program's output, as much as helps to see what it died of. */
const keptCharacters = 4_000;

/**
 * Runs a program to its end and answers what it wrote to standard output. Throws `ToolsError` with the end of all its
 * output when it fails or cannot be started.
 */
export function runTool(
  program: string,
  parameters: readonly string[],
  {
    directory,
    environment = machineEnvironment(),
    signal,
  }: { directory?: string; environment?: Readonly<NodeJS.ProcessEnv>; signal?: AbortSignal } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      ...(directory === undefined ? {} : { cwd: directory }),
      ...(signal === undefined ? {} : { signal }),
      env: { ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const answer: Buffer[] = [];
    let said = "";
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-keptCharacters);
    };
    child.stdout.on("data", (chunk: Buffer) => {
      answer.push(chunk);
      hear(chunk);
    });
    child.stderr.on("data", hear);
    const line = [program, ...parameters].join(" ");
    child.once("error", (cause) =>
      reject(new ToolsError("tool-start", `${line} did not run: ${cause.message}`, { cause })),
    );
    child.once("close", (code, killedBy) => {
      if (code === 0) return resolve(Buffer.concat(answer).toString());
      const how = killedBy === null ? `ended with ${code}` : `was ended by ${killedBy}`;
      reject(new ToolsError("tool-failed", `${line} ${how}:\n${said.trim()}`));
    });
  });
}
