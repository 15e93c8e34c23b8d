import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsCallError } from "./aws-call.ts";
import type { Lasting } from "./deployment/lasting.ts";
import { type Platform, resourceTypes } from "./resources/index.ts";

/** What a data folder holds for the app, across runs. */
export interface Leftovers {
  /**
   * Once at the start, when all of the app stands: takes away what an earlier run made and the app has no longer, but
   * never tables and buckets, nor what its template retains. Answers a sentence about each, also about what is kept.
   */
  clear(
    app: { readonly stacks: readonly { readonly name: string }[]; readonly lasting: readonly Lasting[] },
    platform: Pick<Platform, "aws" | "region" | "account">,
  ): Promise<readonly string[]>;
  /** Writes down what stands now; `left` has gone from the app, and stays until the next start. */
  note(placed: readonly Lasting[], left: readonly Lasting[]): void;
}

/** Keeps its record in a file of the folder; does nothing where state is in memory. */
export function createLeftovers(dataDir: string | undefined): Leftovers {
  if (dataDir === undefined) return { clear: async () => [], note: () => {} };
  const file = join(dataDir, "omnibus-app.json");
  let left: readonly Lasting[] = [];
  const note = (placed: readonly Lasting[]) => {
    // In one step: a kill between leaves the old record or the new one.
    writeFileSync(`${file}.new`, JSON.stringify({ v: 1, made: withoutTwins([...placed, ...left]) }));
    renameSync(`${file}.new`, file);
  };
  return {
    async clear({ stacks, lasting }, platform) {
      const before = read(file);
      const here = new Set(lasting.map(keyOf));
      // Nothing in common: another app has used the folder, and what is its own stays.
      const sameApp = before.some(({ stack }) => stacks.some(({ name }) => name === stack));
      const gone = sameApp ? before.filter((thing) => !here.has(keyOf(thing))) : [];
      const told: string[] = [];
      // Last made, first taken away: subscriptions before their topics and queues.
      for (const thing of gone.toReversed()) told.push(await clearOne(thing, platform));
      note(lasting);
      return told;
    },
    note(placed, more) {
      left = [...left, ...more];
      note(placed);
    },
  };
}

async function clearOne(
  { type, name, retain }: Lasting,
  platform: Pick<Platform, "aws" | "region" | "account">,
): Promise<string> {
  const remove = resourceTypes.get(type)?.lasts;
  const kept = (why: string) =>
    `kept in the data folder: ${type} ${name}, which the app has no longer (${why}; delete it through any AWS SDK or CLI)`;
  if (remove === undefined || remove === "data") return kept("it may hold data");
  if (retain) return kept("its template retains it");
  try {
    await remove(name, platform);
  } catch (thrown) {
    // Gone already, by somebody's own hand.
    if (!(thrown instanceof AwsCallError)) throw thrown;
  }
  return `removed from the data folder: ${type} ${name}, which the app has no longer`;
}

const keyOf = ({ type, name }: Lasting) => `${type} ${name}`;

function withoutTwins(things: readonly Lasting[]): readonly Lasting[] {
  return [...new Map(things.toReversed().map((thing) => [keyOf(thing), thing])).values()].reverse();
}

/** A record that cannot be read is none: then nothing is taken away. */
function read(file: string): readonly Lasting[] {
  try {
    const { v, made } = JSON.parse(readFileSync(file, "utf8")) as { v: unknown; made: readonly Lasting[] };
    return v === 1 && Array.isArray(made) ? made : [];
  } catch {
    return [];
  }
}
