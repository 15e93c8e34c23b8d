import type { ReplaySelection } from "../../src/replay/index.ts";
import { ReplayError } from "./replay-error.ts";
import type { ReplayedConsumer } from "./replayed-consumer.ts";

/**
 * What is asked for, as far as the consumer is concerned: events of the types that it handles, and that its filters let through, unless
 * `unfiltered`. Throws `ReplayError` (`type-unhandled`) where it handles none of the types that are asked for.
 */
export function selectFor(
  { name, types, settings }: ReplayedConsumer,
  asked: ReplaySelection,
  { unfiltered = false }: { readonly unfiltered?: boolean } = {},
): ReplaySelection {
  const handled = asked.type === undefined ? types : types.filter((type) => asked.type?.some(matches(type)));
  if (handled.length === 0) {
    throw new ReplayError(
      "type-unhandled",
      `${name} does not handle ${asked.type?.join(", ")}; it handles ${types.join(", ")}`,
    );
  }
  const { filters } = settings;
  return { ...asked, type: handled, ...(filters === undefined || unfiltered ? {} : { filters }) };
}

function matches(type: string): (text: string) => boolean {
  return (text) => (text.endsWith("*") ? type.startsWith(text.slice(0, -1)) : type === text);
}
