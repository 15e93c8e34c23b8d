import { parseOffset, type Segments } from "../src/segments/index.ts";
import { UsageError } from "./usage-error.ts";

/** Looks whether there is a line at each offset that somebody has typed. Throws `UsageError` with what there is instead. */
export async function checkOffsets(
  segments: Segments,
  offsets: readonly (string | undefined)[],
): Promise<void> {
  const { ArchiveError, findOffset } = await import("../ops/archive/index.ts");
  for (const text of offsets) {
    const offset = text === undefined ? undefined : parseOffset(text);
    if (offset === undefined) continue;
    await findOffset(segments, offset).catch((thrown) => {
      throw thrown instanceof ArchiveError ? new UsageError(thrown.message) : thrown;
    });
  }
}
