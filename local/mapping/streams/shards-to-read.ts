import type { PositionStore, StreamPort, StreamShard } from "./ports.ts";
import type { StreamMappingSpec } from "./stream-mapping-spec.ts";

/** Stands in the place of a position when a shard is closed and read out. */
export const shardEnd = "SHARD_END";

/** Where a mapping keeps its position in a shard. */
export function positionKey({ uuid, streamArn }: StreamMappingSpec, shardId: string): string {
  return `${uuid} ${streamArn} ${shardId}`;
}

/**
 * The shards that a mapping may read now, each with where to begin: those that are not read out, whose parents are. A
 * mapping that begins with what is new (`LATEST`) reads no shard that was closed before.
 */
export async function shardsToRead(
  spec: StreamMappingSpec,
  stream: StreamPort,
  positions: PositionStore,
): Promise<readonly { readonly shardId: string; readonly position: string }[]> {
  const shards = await stream.shards();
  const keyOf = (shardId: string) => positionKey(spec, shardId);
  const isKnown = shards.some(({ shardId }) => positions.get(keyOf(shardId)) !== undefined);
  if (!isKnown && spec.startingPosition === "LATEST") await beginWithNew(shards, stream, positions, keyOf);

  const found: { shardId: string; position: string }[] = [];
  for (const { shardId, parentShardId } of shards) {
    const kept = positions.get(keyOf(shardId));
    if (kept === shardEnd || isUnread(parentShardId, shards, positions, keyOf)) continue;
    const position = kept ?? (await stream.position(shardId, "TRIM_HORIZON"));
    if (kept === undefined) positions.set(keyOf(shardId), position);
    found.push({ shardId, position });
  }
  return found;
}

async function beginWithNew(
  shards: readonly StreamShard[],
  stream: StreamPort,
  positions: PositionStore,
  keyOf: (shardId: string) => string,
): Promise<void> {
  const parents = new Set(shards.map(({ parentShardId }) => parentShardId));
  // Asked for before any is kept: a failure half-way must not look like a beginning.
  const begun = await Promise.all(
    shards.map(async ({ shardId }) => {
      const position = parents.has(shardId) ? shardEnd : await stream.position(shardId, "LATEST");
      return [keyOf(shardId), position] as const;
    }),
  );
  for (const [key, position] of begun) positions.set(key, position);
}

function isUnread(
  parentShardId: string | undefined,
  shards: readonly StreamShard[],
  positions: PositionStore,
  keyOf: (shardId: string) => string,
): boolean {
  return (
    parentShardId !== undefined &&
    shards.some(({ shardId }) => shardId === parentShardId) &&
    positions.get(keyOf(parentShardId)) !== shardEnd
  );
}
