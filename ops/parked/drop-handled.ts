import type { SQSClient } from "@aws-sdk/client-sqs";
import { lookAtDeadLetters, purgeDeadLetters } from "../dead-letters/index.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import type { ParkedLook } from "./list-parked.ts";
import type { ReleasedGroup } from "./release-parked.ts";

/**
 * Deletes the dead letters of poison that was handled at the head of its line: what is left of a death that is over. One
 * that stays is no harm, as the ledger knows its event as done. Answers how many went.
 */
export async function dropHandled({
  client,
  consumer,
  before,
  released,
  startedAtMs,
  waitSeconds,
}: {
  readonly client: SQSClient;
  readonly consumer: ConsumerRef;
  /** The groups as they were parked. */
  readonly before: readonly ParkedLook[];
  readonly released: readonly ReleasedGroup[];
  /** When the release began: a letter of a later death stays. */
  readonly startedAtMs: number;
  readonly waitSeconds?: number;
}): Promise<number> {
  let dropped = 0;
  for (const { group, poison } of before) {
    const end = released.find((one) => one.group === group);
    const isOver = end?.status === "released" || (end?.status === "parked" && end.poison.key !== poison.key);
    if (!isOver || poison.id === undefined) continue;
    const selection = { id: poison.id, untilMs: startedAtMs, kind: "processing" } as const;
    const query = { client, consumer, selection, ...(waitSeconds === undefined ? {} : { waitSeconds }) };
    const look = await lookAtDeadLetters(query);
    if (look.selected > 0) dropped += (await purgeDeadLetters({ ...query, look })).moved;
  }
  return dropped;
}
