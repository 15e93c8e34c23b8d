import type { Contract, InputOf } from "../contract/index.ts";
import { describeError, InvalidEventError, OmnibusError, type PublishFailure } from "../errors.ts";
import { isFifo } from "../names.ts";
import type { Settle } from "./lane.ts";
import { publishError, toFailure } from "./publish-error.ts";
import type { PublishAllOptions, PublishAllReport, PublishOptions } from "./publisher.ts";
import type { Measured } from "./refuse-message.ts";
import type { Seal } from "./seal.ts";
import { overtaking, type Sender } from "./sender.ts";

/** A source whose events all fail is not read to its end: the list of failures would grow as long as the source. */
const maxFailed = 1_000;

/** What `publishAll` works with. */
export interface PublishAllParts {
  readonly seal: Seal;
  readonly sender: Sender;
  readonly isClosed: () => boolean;
  /** An array's events stay sealed from their validation up to so many bytes; the others are sealed twice. */
  readonly keepBytes: number;
}

/** Publishes everything that a source gives, as `Publisher.publishAll` promises. */
export async function publishAll<C extends Contract>(
  { seal, sender, isClosed, keepBytes }: PublishAllParts,
  contract: C,
  data: Iterable<InputOf<C>> | AsyncIterable<InputOf<C>>,
  options: PublishAllOptions<InputOf<C>> = {},
): Promise<PublishAllReport> {
  const optionsOf = (item: InputOf<C>, index: number): PublishOptions =>
    typeof options === "function" ? options(item, index) : options;
  const sealed = Array.isArray(data)
    ? await sealAhead(data, (item, index) => seal(contract, item, optionsOf(item, index)), keepBytes)
    : [];

  const failed: PublishFailure[] = [];
  const stuckGroups = new Set<string>();
  const ordered = isFifo(contract.topic);
  const { promise: drained, resolve: wake } = Promise.withResolvers<void>();
  let published = 0;
  let left = 1; // the reading itself counts as one, so that nothing drains before it ends
  const leave = () => {
    if (--left === 0) wake();
  };
  const settle: Settle = (message, result) => {
    if (result.ok) published++;
    else {
      failed.push(toFailure(message, result));
      if (ordered && message.groupId !== undefined) stuckGroups.add(message.groupId);
    }
    leave();
  };
  const offer = (measured: Measured) => {
    const { message } = measured;
    left++;
    if (message.groupId !== undefined && stuckGroups.has(message.groupId)) settle(message, overtaking);
    else sender.add(measured, settle);
  };
  const refuse = (error: unknown, index: number, { id = "", partitionkey }: PublishOptions) => {
    const code = error instanceof OmnibusError ? error.code : "invalid";
    const message = `event ${index}: ${describeError(error).message}`;
    failed.push({ id, type: contract.type, code, message, retryable: false });
    if (ordered && partitionkey !== undefined) stuckGroups.add(partitionkey);
  };

  let stopped: { code: string; why: string; cause?: unknown } | undefined;
  let index = 0;
  try {
    for await (const item of data) {
      if (isClosed()) stopped = { code: "publisher-closed", why: "the publisher was closed" };
      else if (failed.length >= maxFailed) stopped = { code: "publish-failed", why: "too many had failed" };
      if (stopped) break;
      const ready = sealed[index];
      sealed[index] = undefined;
      const given: PublishOptions = ready ? {} : optionsOf(item, index);
      try {
        const sealing = ready ?? seal(contract, item, given);
        const measured = sealing instanceof Promise ? await sealing : sealing;
        for (let room = sender.room(); room; room = sender.room()) await room;
        offer(measured);
      } catch (error) {
        refuse(error, index, given);
      }
      index++;
    }
  } catch (cause) {
    stopped = { code: "source-failed", why: `the source failed: ${describeError(cause).message}`, cause };
  }
  leave();
  sender.hurry();
  await drained;

  if (failed.length === 0 && !stopped) return { published };
  throw publishError(failed, published, stopped);
}

/** Seals a whole array, so that one bad event stops all; answers the first of them, up to `keepBytes` together. */
async function sealAhead<Item>(
  data: readonly Item[],
  seal: (item: Item, index: number) => Measured | Promise<Measured>,
  keepBytes: number,
): Promise<(Measured | undefined)[]> {
  const kept: Measured[] = [];
  let bytes = 0;
  for (const [index, item] of data.entries()) {
    try {
      const sealing = seal(item, index);
      const measured = sealing instanceof Promise ? await sealing : sealing;
      bytes += measured.bytes + (measured.heldBytes ?? 0);
      if (bytes <= keepBytes) kept.push(measured);
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      const message = `event ${index} of ${data.length}, and so none was sent: ${error.message}`;
      throw new InvalidEventError(error.code, message, { cause: error });
    }
  }
  return kept;
}
