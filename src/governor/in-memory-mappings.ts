import { type Clock, systemClock } from "../clock.ts";
import type { MappingFacts } from "../probing/index.ts";
import type { Mappings, MappingUpdate } from "./ports.ts";

/** One mapping, as a test or a simulation gives it. */
export interface ModelledMapping {
  readonly consumer: string;
  readonly queue: string;
  /** As it is deployed. */
  readonly enabled?: boolean;
  readonly maximumConcurrency?: number;
  readonly isProvisioned?: boolean;
  /** Called when a change has taken effect. */
  readonly onChange?: (now: {
    readonly enabled: boolean;
    readonly maximumConcurrency: number | undefined;
  }) => void;
}

/** Mappings in memory, to be looked into and interfered with. */
export interface InMemoryMappings extends Mappings {
  facts(consumer: string): MappingFacts | undefined;
  /** What a deployment does: the mapping, and what is planned, are as the template says, at once. */
  deploy(consumer: string, change: MappingUpdate): void;
  remove(consumer: string): void;
  /** Changes that were accepted. */
  readonly updates: readonly (MappingUpdate & { readonly consumer: string })[];
}

interface Stored {
  readonly model: ModelledMapping;
  enabled: boolean;
  maximumConcurrency: number | undefined;
  planned: number | undefined;
  /** On its way to what it was told. */
  under: "Enabling" | "Disabling" | "Updating" | undefined;
}

/** Makes `InMemoryMappings`: a change takes `settleMs`, and another one meanwhile is refused, as Lambda does. */
export function inMemoryMappings(
  mappings: readonly ModelledMapping[],
  { clock = systemClock, settleMs = 0 }: { clock?: Clock; settleMs?: number } = {},
): InMemoryMappings {
  const stored = new Map<string, Stored>();
  for (const model of mappings) {
    const { consumer, enabled = true, maximumConcurrency } = model;
    const planned = maximumConcurrency;
    stored.set(consumer, { model, enabled, maximumConcurrency, planned, under: undefined });
  }
  const updates: (MappingUpdate & { consumer: string })[] = [];

  const factsOf = ({ model, enabled, maximumConcurrency, under }: Stored): MappingFacts => ({
    uuid: model.consumer,
    consumer: model.consumer,
    queue: model.queue,
    state: under ?? (enabled ? "Enabled" : "Disabled"),
    maximumConcurrency,
    isProvisioned: model.isProvisioned ?? false,
  });
  const apply = (one: Stored, { enabled, maximumConcurrency: most }: MappingUpdate) => {
    one.enabled = enabled ?? one.enabled;
    if (most !== undefined) one.maximumConcurrency = most === "unset" ? undefined : most;
    one.under = undefined;
    one.model.onChange?.({ enabled: one.enabled, maximumConcurrency: one.maximumConcurrency });
  };

  return {
    updates,
    facts: (consumer) => {
      const one = stored.get(consumer);
      return one && factsOf(one);
    },
    deploy: (consumer, change) => {
      const one = stored.get(consumer);
      if (!one) return;
      apply(one, change);
      if (change.maximumConcurrency !== undefined) one.planned = one.maximumConcurrency;
    },
    remove: (consumer) => stored.delete(consumer),
    list: async () => [...stored.values()].map(factsOf),
    async update(uuid, change) {
      const one = stored.get(uuid);
      if (!one) return "gone";
      if (one.under) return "busy";
      updates.push({ ...change, consumer: uuid });
      const turns = change.enabled !== undefined && change.enabled !== one.enabled;
      if (settleMs <= 0) {
        apply(one, change);
        return "accepted";
      }
      one.under = turns ? (change.enabled ? "Enabling" : "Disabling") : "Updating";
      clock.after(settleMs, () => {
        if (one.under) apply(one, change);
      });
      return "accepted";
    },
    plannedConcurrency: async (consumer) => stored.get(consumer)?.planned,
  };
}
