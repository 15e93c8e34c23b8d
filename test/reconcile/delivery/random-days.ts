import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import type { Filters } from "../../../src/env.ts";
import { matchesFilter } from "../../../src/filter/index.ts";
import { ledgerKey } from "../../../src/ledger/index.ts";
import type { DeliveryParts } from "../../../src/reconcile/delivery/delivery-parts.ts";
import { dayMs, hourMs, minuteMs, type Published } from "../sources/sealed-world.ts";
import { deliveryWorld } from "./delivery-world.ts";

const greyMs = 15 * minuteMs;
const grainMs = 5 * minuteMs;
const names = ["Points", "Stock"];
const types = ["order.created", "order.paid", "stock.locked"];

/** What one consumer was deployed with, and what could be known of it. */
interface Deployed {
  readonly filters: Filters;
  readonly atMs: number;
  /** When the function that reconciles had looked at it before, last. */
  readonly seenBeforeMs: number | undefined;
}

/** What was done over some days of chance, besides living: a test that does nothing proves nothing. */
export interface Done {
  lost: number;
  unarchived: number;
  duplicated: number;
  late: number;
  odd: number;
  redriven: number;
  claimed: number;
  edited: number;
  paused: number;
  grey: number;
  runs: number;
}

/** What is wrong about what was found; nothing where all is right. */
export interface Judged {
  readonly wrong: readonly string[];
  readonly done: Done;
}

/**
 * Lives through some days by chance: publishes, loses, repeats, delays, redrives, edits filters, pauses; reconciles now and then.
 * In the middle nothing may be called missing that is not; at the end all must be that is.
 */
export async function randomDays(
  seed: number,
  { hours = 40, broken = (parts: DeliveryParts): Partial<DeliveryParts> => parts && {} } = {},
): Promise<Judged> {
  const world = deliveryWorld();
  world.restart(broken(world.parts));
  const { clock } = world;
  const chance = virtualClock({ seed });
  const maybe = (share: number) => chance.random() < share;
  const oneOf = <One>(all: readonly One[]) => all[Math.floor(chance.random() * all.length)] as One;
  const done: Done = {
    lost: 0,
    unarchived: 0,
    duplicated: 0,
    late: 0,
    odd: 0,
    redriven: 0,
    claimed: 0,
    edited: 0,
    paused: 0,
    grey: 0,
    runs: 0,
  };
  const wrong: string[] = [];
  const deployed = new Map<string, Deployed[]>(names.map((name) => [name, []]));
  const all = new Map<string, Published & { publishedMs: number; isArchived: boolean }>();
  const paused = new Set<string>();
  let lastRunMs: number | undefined;
  let beganMs = 0;

  const someFilters = (): Filters => ({
    orders: { type: types.filter(() => maybe(0.6)).concat("order.created") },
  });
  const deploy = (name: string, filters: Filters) => {
    deployed.get(name)?.push({ filters, atMs: clock.nowMs(), seenBeforeMs: lastRunMs });
    const before = world.consumers.get(name)?.subscriptions;
    world.deploy(name, filters);
    const consumer = world.consumers.get(name);
    // SNS takes its time: it may have the filters before as long as it is grey.
    if (consumer && before && maybe(0.5)) {
      consumer.subscriptions = before;
      clock.after(Math.floor(chance.random() * greyMs), () => {
        if (consumer.subscriptions === before) consumer.subscriptions = filters;
      });
    }
  };

  /** Whether an event was to be delivered, by all that can have been in force. */
  const wanted = (
    name: string,
    { publishedMs, type = "order.created" }: { publishedMs: number; type?: string },
  ) => {
    const versions = deployed.get(name) ?? [];
    const attributes = { type: { DataType: "String", StringValue: type } };
    const first = versions[0];
    if (!first || publishedMs <= first.atMs + greyMs) return "grey";
    const possible = versions.filter(({ atMs, seenBeforeMs }, index) => {
      const fromMs = (index === 0 ? atMs : Math.min(seenBeforeMs ?? atMs, atMs)) - greyMs;
      const next = versions[index + 1];
      return publishedMs >= fromMs && (!next || publishedMs <= next.atMs + greyMs);
    });
    const answers = new Set(possible.map(({ filters }) => matchesFilter(filters.orders ?? {}, attributes)));
    return answers.size > 1 ? "grey" : answers.has(true) ? "yes" : "no";
  };
  const endedAs = (name: string, { id, source = "/shop" }: Published) =>
    world.items.get(ledgerKey({ consumer: name, source, id }))?.state;
  const isHandled = (name: string, event: Published) => ["done", "dead"].includes(endedAs(name, event) ?? "");
  const isQueued = (name: string, event: Published) =>
    world.consumers.get(name)?.queue.some(({ id }) => id === event.id) === true;
  const isMissing = (name: string, event: Published & { publishedMs: number; isArchived: boolean }) =>
    event.isArchived && wanted(name, event) === "yes" && !isHandled(name, event) && !isQueued(name, event);

  const judge = async (isLast: boolean) => {
    const nowMs = clock.nowMs();
    for (const name of names) {
      const open = new Set(await world.open(name));
      for (const event of all.values()) {
        const { id, isArchived } = event;
        const isJudged = event.timeMs >= beganMs + grainMs || event.publishedMs >= beganMs + 2 * grainMs;
        const missing = isMissing(name, event) && isJudged;
        const unarchived = !isArchived && isHandled(name, event);
        const says = { right: open.has(`missing-right ${id}`), left: open.has(`missing-left ${id}`) };
        if (says.right && !missing) wrong.push(`${name}: ${id} is called missing, and is not`);
        if (says.left && !unarchived) wrong.push(`${name}: ${id} is called unarchived, and is not`);
        if (isLast && missing && !says.right) wrong.push(`${name}: ${id} is missing, and was not found`);
        if (isLast && unarchived && !says.left)
          wrong.push(`${name}: ${id} is not archived, and was not found`);
        if (isLast && wanted(name, event) === "grey") done.grey++;
      }
      for (const text of open) if (text.startsWith("mismatch")) wrong.push(`${name}: ${text} at ${nowMs}`);
    }
  };
  const run = async () => {
    await world.run();
    done.runs++;
    lastRunMs = clock.nowMs();
  };

  for (const name of names) deploy(name, someFilters());
  await run();
  await clock.advance(2 * greyMs);
  beganMs = clock.nowMs();

  for (let step = 0; step < hours * 4; step++) {
    const count = Math.floor(chance.random() * 4);
    for (let nth = 0; nth < count; nth++) {
      const nowMs = clock.nowMs();
      const isLate = maybe(0.1);
      const isOdd = !isLate && maybe(0.05);
      const timeMs = isLate
        ? nowMs - Math.floor(chance.random() * 20 * hourMs)
        : isOdd
          ? nowMs - Math.floor((1 + chance.random()) * dayMs)
          : nowMs - Math.floor(chance.random() * minuteMs);
      if (timeMs < beganMs + 2 * grainMs) continue;
      const event = {
        id: `e-${step}-${nth}`,
        type: oneOf(types),
        timeMs,
        publishedMs: nowMs,
        isArchived: true,
      };
      if (isLate) done.late++;
      if (isOdd) done.odd++;
      all.set(event.id, event);
      const isUnarchived = maybe(0.03);
      if (isUnarchived) {
        done.unarchived++;
        world.now.archives = false;
        event.isArchived = false;
      }
      await world.publish(event);
      if (!isUnarchived && maybe(0.05)) {
        done.duplicated++;
        await clock.advance(1_000);
        await world.publish({ ...event });
      }
      world.now.archives = true;
      for (const name of names) {
        const queue = world.consumers.get(name)?.queue ?? [];
        if (!isQueued(name, event) || !maybe(0.06)) continue;
        const copies = queue.filter(({ id }) => id !== event.id);
        queue.splice(0, queue.length, ...copies);
        if (maybe(0.3)) {
          // Its consumer had begun, and nobody has seen it since.
          world.note([{ ...event, by: name, state: "claimed", lease: nowMs }]);
          done.claimed++;
        }
        done.lost++;
      }
    }
    for (const name of names) {
      if (maybe(0.02)) {
        if (paused.delete(name)) done.paused++;
        else paused.add(name);
      }
      const queue = world.consumers.get(name)?.queue ?? [];
      if (paused.has(name)) continue;
      const [dies] = maybe(0.05) ? queue.splice(0, 1) : [];
      await world.drain(name);
      if (dies && !isHandled(name, dies)) {
        await world.complete([{ ...dies, by: name, state: "dead" }]);
        // A person redrives it, some time.
        if (maybe(0.5)) {
          done.redriven++;
          clock.after(Math.floor(chance.random() * 5 * hourMs), () => queue.push(dies));
        }
      }
      if (maybe(0.01)) {
        deploy(name, someFilters());
        done.edited++;
      }
    }
    await clock.advance(15 * minuteMs);
    await world.seal(0);
    if (maybe(0.15)) {
      await run();
      await judge(false);
    }
  }
  await world.settle(6);
  await world.drain();
  await world.settle(6);
  await run();
  await judge(true);
  return { wrong, done };
}
