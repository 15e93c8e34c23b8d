import { sleep, systemClock } from "../../src/clock.ts";
import { describeError } from "../../src/errors.ts";
import { readAnswer } from "./answer.ts";
import { createBackoff } from "./backoff.ts";
import { createDeleter } from "./deleter.ts";
import { type Entry, gather } from "./gather.ts";
import { checkMappingSpec, type MappingSpec } from "./mapping-spec.ts";
import type { InvokeResult, QueueMessage } from "./ports.ts";
import { eventJson } from "./record.ts";
import type { Mapping, MappingPorts } from "./running-mapping.ts";
import { createScale, scaling } from "./scale.ts";

const idOf = ({ messageId }: QueueMessage) => messageId;
const pauses = { receive: { firstMs: 200, maxMs: 20_000 }, refused: { firstMs: 1_000, maxMs: 30_000 } };

/**
 * Starts Lambda's poller over a queue. Work is done in *lanes*: each gathers a batch, invokes, has the handled messages
 * deleted, and begins again. One lane waits in a long poll while the queue is empty; lanes are added while there is more
 * to fetch, up to what `scale.ts` allows. What fails is left alone: it comes back when its visibility timeout is over.
 */
export function startMapping(spec: MappingSpec, ports: MappingPorts): Mapping {
  const { queue, functions, clock = systemClock, onEvent = () => {} } = ports;
  let settings = checkMappingSpec(spec);
  let polls = new AbortController();
  let stopped = false;
  let receiving = 0;
  let running = 0;
  /** Whether the last receive came back full: more is there. */
  let backlog = false;
  let cancelLook: (() => void) | undefined;
  const stats = { received: 0, deleted: 0, failed: 0, throttled: 0, invocations: 0, inFlight: 0 };
  const lanes = new Set<Promise<void>>();
  const scale = createScale(clock);
  const receiveBackoff = createBackoff(clock, pauses.receive);
  const refusals = createBackoff(clock, pauses.refused);
  const deleter = createDeleter({
    queue,
    clock,
    onDeleted: (count) => {
      stats.deleted += count;
    },
    onFailed: (messages, error) =>
      onEvent({ type: "delete-failed", messages, error: describeError(error).message }),
  });

  const open = () => settings.enabled && !stopped;
  const allowed = () =>
    scale.allowed({
      maximumConcurrency: settings.maximumConcurrency,
      capacity: functions.capacity?.(settings.functionName),
    });

  /** Starts one more lane where there is something to fetch and room to handle it. */
  const extend = () => {
    if (!open() || !(receiving === 0 || backlog)) return;
    if (lanes.size < allowed()) {
      const lane = run().finally(() => {
        lanes.delete(lane);
        extend();
      });
      lanes.add(lane);
    } else if (backlog) {
      scale.busy();
      cancelLook ??= clock.after(scaling.lookMs, () => {
        cancelLook = undefined;
        extend();
      });
    }
  };

  const run = async () => {
    let carried: readonly Entry[] = [];
    while (carried.length > 0 || (open() && lanes.size <= allowed() && (receiving === 0 || backlog))) {
      const batch = await fetch(carried);
      carried = batch.carried;
      if (batch.batch.length === 0) continue;
      extend();
      if (stopped) {
        stats.inFlight -= batch.batch.length + carried.length;
        return;
      }
      const { result, failed } = await handle(batch.batch);
      if (settings.fifo) carried = leaveGroupsOf(failed, carried);
      if (result.status === "throttled" || (result.status === "error" && result.kind === "init")) {
        await sleep(clock, refusals.nextMs(), polls.signal);
      } else {
        refusals.reset();
      }
    }
  };

  const fetch = async (carried: readonly Entry[]) => {
    receiving++;
    try {
      const gathered = await gather({
        queue,
        queueArn: settings.queueArn,
        batchSize: settings.batchSize,
        windowMs: settings.windowMs,
        carried,
        signal: polls.signal,
        clock,
        onReceived: (count, max) => {
          receiveBackoff.reset();
          stats.received += count;
          stats.inFlight += count;
          backlog = count === max;
          if (count === 0) scale.quiet();
        },
      });
      return gathered;
    } catch (error) {
      backlog = false;
      const retryMs = receiveBackoff.nextMs();
      onEvent({ type: "receive-failed", error: describeError(error).message, retryMs });
      await sleep(clock, retryMs, polls.signal);
      return { batch: [], carried };
    } finally {
      receiving--;
    }
  };

  const handle = async (batch: readonly Entry[]) => {
    const messages = batch.map((entry) => entry.message);
    const startMs = clock.nowMs();
    running++;
    const result = await invoke(eventJson(batch.map((entry) => entry.record)));
    running--;
    const { done, failed, reason } = readAnswer(result, messages, idOf, settings.reportBatchItemFailures);
    stats.inFlight -= messages.length;
    stats.failed += failed.length;
    if (result.status === "throttled") {
      stats.throttled++;
      scale.failed(running);
      onEvent({ type: "throttled", messages: messages.length });
    } else {
      stats.invocations++;
      if (result.status === "error") scale.failed(running + 1);
      onEvent({
        type: "batch",
        messages: messages.length,
        failed: failed.length,
        durationMs: clock.nowMs() - startMs,
        ...(reason === undefined ? {} : { reason }),
      });
    }
    if (done.length > 0) deleter.add(done.map((message) => message.receiptHandle));
    return { result, failed };
  };

  /** In an ordered queue, what is in hand of a failed message's group has to come again, after it. */
  const leaveGroupsOf = (failed: readonly QueueMessage[], carried: readonly Entry[]) => {
    const groups = new Set(failed.map((message) => message.attributes.MessageGroupId));
    const kept = carried.filter(({ message }) => !groups.has(message.attributes.MessageGroupId));
    stats.inFlight -= carried.length - kept.length;
    stats.failed += carried.length - kept.length;
    return kept;
  };

  const invoke = async (payload: string): Promise<InvokeResult> => {
    try {
      return await functions.invoke(settings.functionName, payload);
    } catch (error) {
      // The port promises not to reject; a batch must not be lost to one that does.
      return { status: "error", kind: "exit", payload: describeError(error).message };
    }
  };

  extend();
  return {
    get spec() {
      return settings;
    },
    state: () => (settings.enabled ? "Enabled" : lanes.size > 0 ? "Disabling" : "Disabled"),
    update(change) {
      const { maximumConcurrency, ...others } = { ...settings, ...withoutUndefined(change) };
      const bound = "maximumConcurrency" in change ? change.maximumConcurrency : maximumConcurrency;
      settings = checkMappingSpec({
        ...others,
        ...(bound === undefined ? {} : { maximumConcurrency: bound }),
      });
      // What waits in a poll began with the old settings.
      polls.abort();
      polls = new AbortController();
      extend();
    },
    stats: () => ({ ...stats }),
    async stop() {
      stopped = true;
      cancelLook?.();
      polls.abort();
      await Promise.all(lanes);
      await deleter.idle();
    },
  };
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}
