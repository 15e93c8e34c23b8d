import { jobFunctionName } from "../../src/names.ts";
import { bus } from "./consumers.ts";

/** How the drill's archive is cut: an hour is a span elsewhere; here it can be seen how one is closed. Milliseconds. */
export const archiveTimes = { spanMs: 60_000, windowMs: 1_000, timeoutMs: 3_000 } as const;

/** Who keeps what was published and completed. */
export const keepers: readonly string[] = (["archiver", "journaler", "sealer"] as const).map((job) =>
  jobFunctionName(bus, job),
);
