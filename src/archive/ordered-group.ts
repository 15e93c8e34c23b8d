import type { ArchiveLine } from "./archive-line.ts";

/**
 * The group of an archived event in an ordered queue: the one it had, where the archive knows it, or its `partitionkey`, which our
 * publishers use. One of others cannot be known, and an event alone in its group is as good as any.
 */
export function orderedGroup({
  group,
  partitionkey,
  source,
  id,
}: {
  readonly [Field in "group" | "partitionkey" | "source" | "id"]?: ArchiveLine[Field] | undefined;
}): string {
  // What a group id may hold. (API_SendMessage)
  return group ?? partitionkey ?? `${source}/${id}`.replace(/[^!-~]/g, "_").slice(0, 128);
}
