import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { fingerprint } from "./fingerprint.ts";
import { makeOnce } from "./make-once.ts";
import { runTool } from "./run-tool.ts";

/** A Go module that was built. */
export interface GoBuild {
  readonly program: string;
  /** Its tests: a program of their own. */
  readonly tests: string;
}

/**
 * Builds the Go program of a module, and its tests, into `folder`, once per change of its files. Nothing is written
 * into the module itself. Throws `ToolsError` with the compiler's words when it fails.
 *
 * @example
 * const { program } = await goBuild({ project: "templates/publishers/go", folder: cacheFolder("publisher-go") });
 */
export async function goBuild({
  project,
  folder,
  clock = systemClock,
}: {
  readonly project: string;
  readonly folder: string;
  readonly clock?: Clock;
}): Promise<GoBuild> {
  const built = { program: join(folder, "program"), tests: join(folder, "tests") };
  await makeOnce({
    folder,
    recipe: fingerprint(project, ["*.go", "go.mod", "go.sum"]),
    make: async () => {
      await runTool("go", ["build", "-o", built.program, "."], { directory: project });
      await runTool("go", ["test", "-c", "-o", built.tests, "."], { directory: project });
    },
    clock,
  });
  return built;
}
