import { missingCommands, type WantedCommand } from "../../local/tools/index.ts";
import type { Tally } from "./tally.ts";

/** What the machine must have for the whole suite; the README names the same. */
export const toolsOfTheSuite: readonly WantedCommand[] = [
  { command: "node", for: "everything" },
  { command: "python3", for: "the Python consumer, the emulator" },
  { command: "java", for: "the Java publisher, DynamoDB Local" },
  { command: "mvn", for: "the Java publisher, DynamoDB Local" },
  { command: "go", for: "the Go publisher" },
];

/**
 * Says before anything else which of the machine's programs are missing. What needs them is skipped, and in CI, where
 * a skipped test shows nothing, each missing one is a failure.
 */
export async function checkTools({
  ci,
  environment,
  say = console.log,
}: {
  readonly ci: boolean;
  readonly environment?: Readonly<NodeJS.ProcessEnv>;
  readonly say?: (line: string) => void;
}): Promise<Tally> {
  const missing = await missingCommands(toolsOfTheSuite, environment);
  for (const { message } of missing) say(`${ci ? "FAIL" : "MISSING"} ${message}`);
  return { passed: 0, failed: ci ? missing.length : 0, skipped: 0 };
}
