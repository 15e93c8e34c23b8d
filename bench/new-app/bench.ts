import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packLibrary } from "../../package/index.ts";
import type { Bench } from "../frame/bench.ts";
import { fromNothingToGreen } from "./from-nothing.ts";

/** The time from an empty folder to an app whose tests pass and which has handled an event: `--runs 1` is enough. */
export const newAppBench: Bench<"ours"> = {
  contenders: ["ours"],
  packages: [],
  /** Apps. */
  size: 1,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "omnibus-new-app-"));
    try {
      const tarball = await packLibrary();
      const { figures } = await fromNothingToGreen({ folder, tarball, say: (line) => console.error(line) });
      return { ...figures };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
