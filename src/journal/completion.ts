/** A value in an image of a stream record. */
export interface StreamValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
}

type Image = Readonly<Record<string, StreamValue | undefined>>;

/** What the journal's function reads of a record of the ledger table's stream (NEW_AND_OLD_IMAGES). */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?: {
    readonly NewImage?: Image | undefined;
    readonly OldImage?: Image | undefined;
  };
}

/** An event that has just been done or died, as its ledger item tells. */
export interface Completion {
  readonly consumer: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** The event's own time, RFC 3339. */
  readonly time: string;
  readonly hash: string;
  readonly state: "done" | "dead";
  readonly attempts: number;
  readonly completedMs: number;
  readonly reason: string | undefined;
  readonly replay: string | undefined;
}

/**
 * The completion in a record, where there is one: an item that became `done` or `dead`, or did so anew. Not a claim, not emitted
 * events that are cleared later, not an item that expires, not what is no ledger item.
 */
export function completionOf({ dynamodb }: StreamRecord): Completion | undefined {
  const image = dynamodb?.NewImage;
  const state = image?.state?.S;
  if (!image || (state !== "done" && state !== "dead")) return undefined;
  const before = dynamodb?.OldImage;
  const isSame = before?.state?.S === state && before.ended?.N === image.ended?.N;
  const completedMs = Number(image.ended?.N);
  const { consumer, source, id, type, time, hash } = image;
  const isItem = [consumer, source, id, type, time, hash].every((value) => value?.S !== undefined);
  if (isSame || !isItem || !Number.isSafeInteger(completedMs) || completedMs < 0) return undefined;
  return {
    consumer: consumer?.S ?? "",
    source: source?.S ?? "",
    id: id?.S ?? "",
    type: type?.S ?? "",
    time: time?.S ?? "",
    hash: hash?.S ?? "",
    state,
    attempts: Number(image.attempts?.N ?? 0),
    completedMs,
    // One that was dead before keeps its old reason when it is done.
    reason: state === "dead" ? image.reason?.S : undefined,
    replay: image.replay?.S,
  };
}
