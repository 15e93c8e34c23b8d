import type { Clock } from "../../clock.ts";
import type { DeliverySettings } from "../../env.ts";
import { describeError } from "../../errors.ts";
import { archiveQueueName } from "../../names.ts";
import { atOnce } from "../sealed/at-once.ts";
import { type KnownConsumer, noteConsumer, noteGone } from "./known-consumer.ts";
import type { BusSight, KnownConsumers } from "./ports.ts";

/** A consumer of a bus, as it was seen. */
export interface SeenConsumer {
  readonly consumer: string;
  /** As it is known now; absent where nothing is known that it could be judged by. */
  readonly known?: KnownConsumer | undefined;
  /** Why it is not judged. */
  readonly why?: string | undefined;
  /** Topics that it was to be subscribed to, and is not. */
  readonly unsubscribed: readonly string[];
}

const functionsAtOnce = 8;

/**
 * Looks at the consumers of a bus: those that are subscribed, and those that were known. Remembers what they are to get from
 * now on. One that cannot be looked at now is not judged now, and no other one suffers for it.
 *
 * Throws where the topics themselves cannot be looked at, or what is known cannot be read.
 */
export async function viewBus(
  { bus, account, region, topics }: DeliverySettings,
  {
    sight,
    known: store,
    clock,
  }: {
    readonly sight: BusSight;
    readonly known: KnownConsumers;
    readonly clock: Clock;
  },
): Promise<readonly SeenConsumer[]> {
  const nowMs = clock.nowMs();
  const [subscribed, remembered] = await Promise.all([
    subscriptionsOf(bus, { account, region, topics }, sight),
    store.list(),
  ]);
  const before = new Map(remembered.map((one) => [one.known.consumer, one]));
  const lookedMs = Math.max(0, ...remembered.map((one) => one.known.seenMs));
  const names = [...new Set([...subscribed.keys(), ...before.keys()])].sort();

  return atOnce(names, functionsAtOnce, async (consumer): Promise<SeenConsumer> => {
    const { here = new Set<string>(), elsewhere = false } = subscribed.get(consumer) ?? {};
    const was = before.get(consumer);
    const seen = { consumer, unsubscribed: [] };
    if (here.size === 0 && elsewhere) {
      return { ...seen, why: "it is in another account or region, where this function may not look" };
    }
    try {
      const found = await sight.consumerFunction(consumer);
      const remember = async (known: KnownConsumer) => {
        // Whoever was quicker has noted the same.
        await store.save(known, was?.revision ?? 0);
        return known;
      };
      if (!found && here.size === 0) {
        const known = was && (was.known.isGone ? was.known : await remember(noteGone(was.known, nowMs)));
        return { ...seen, known, why: "it is gone" };
      }
      if (!found) {
        // Its queue fills: what it was to get, it is still to get.
        const why = was ? undefined : `there is no function ${bus}-${consumer}`;
        return { ...seen, known: was?.known, why };
      }
      if (!found.settings) {
        return {
          ...seen,
          why: `the settings of ${bus}-${consumer} cannot be read: it is no consumer, or of another version`,
        };
      }
      const { mode, filters } = found.settings;
      const known = await remember(
        noteConsumer(
          was?.known,
          { settings: found.settings, changedMs: found.changedMs },
          { nowMs, lookedMs },
        ),
      );
      const why =
        mode === "none"
          ? "mode none: it writes nothing down"
          : filters
            ? undefined
            : "its settings have no filters: they take too much room, or it was deployed by another version";
      const unsubscribed = Object.keys(filters ?? {}).filter((topic) => !here.has(topic));
      return { consumer, known, why, unsubscribed };
    } catch (thrown) {
      const { name, message } = describeError(thrown);
      return { ...seen, known: was?.known, why: `it could not be looked at (${name}: ${message})` };
    }
  });
}

interface Subscribed {
  /** Topics that its queue in this account and region is subscribed to. */
  readonly here: ReadonlySet<string>;
  readonly elsewhere: boolean;
}

/** Whose queues are subscribed, by the names of the queues. */
async function subscriptionsOf(
  bus: string,
  { account, region, topics }: Pick<DeliverySettings, "account" | "region" | "topics">,
  sight: BusSight,
): Promise<ReadonlyMap<string, Subscribed>> {
  const found = new Map<string, { here: Set<string>; elsewhere: boolean }>();
  for (const topic of topics) {
    for (const arn of await sight.subscribers(topic)) {
      const [, , , inRegion, inAccount, queue = ""] = arn.split(":");
      if (!queue.startsWith(`${bus}-`) || queue === archiveQueueName(bus)) continue;
      const consumer = queue.slice(bus.length + 1).replace(/\.fifo$/, "");
      const one = found.get(consumer) ?? { here: new Set(), elsewhere: false };
      if (inRegion === region && inAccount === account) one.here.add(topic);
      else one.elsewhere = true;
      found.set(consumer, one);
    }
  }
  return found;
}
