import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { SqsRecord } from "../../src/consume/index.ts";
import { emittedId } from "../../src/contract/index.ts";
import { settingsFor } from "../helpers/consumer-world.ts";
import { type ConsumerCloud, startConsumerCloud } from "./consumer-cloud.ts";
import { type ConsumerProcess, type Language, startConsumer, stopConsumers } from "./consumer-process.ts";
import { failed, ids, orderEvent, redelivered } from "./scenario-events.ts";

const settings = settingsFor({ consumer: "Killed", on: ["order.created:1"] });
const points = ["claimed", "handled", "done"] as const;
type Point = (typeof points)[number];

let cloud: ConsumerCloud;
/** Who goes on: nobody kills these, so one of each language does for all. */
let survivors: Readonly<Record<Language, ConsumerProcess>>;
beforeAll(async () => {
  cloud = await startConsumerCloud();
  cloud.addConsumer(settings);
  const start = (language: Language) => startConsumer(language, settings, cloud.endpoints);
  const [inTypeScript, inPython] = await Promise.all([start("TypeScript"), start("Python")]);
  survivors = { TypeScript: inTypeScript, Python: inPython };
}, 120_000);
afterAll(async () => {
  await stopConsumers();
  await cloud.stop();
});

/** Who is killed, and who goes on: a consumer may be written anew in the other language between the two. */
const pairs: readonly (readonly [Language, Language])[] = [
  ["TypeScript", "TypeScript"],
  ["Python", "Python"],
  ["TypeScript", "Python"],
  ["Python", "TypeScript"],
];

describe.each(pairs)("a consumer in %s that is killed, with one in %s after it", (killed, next) => {
  /** One for each point: started side by side, since a start is what costs here. */
  const doomed = new Map<Point, ConsumerProcess>();
  beforeAll(async () => {
    const start = async (point: Point) =>
      doomed.set(point, await startConsumer(killed, settings, cloud.endpoints, point));
    await Promise.all(points.map(start));
  }, 120_000);
  const dieAt = async (point: Point, records: readonly SqsRecord[]) => {
    const first = doomed.get(point);
    if (!first) throw new Error(`no consumer was started to die ${point}`);
    return first.deliver(records);
  };

  it.each(["claimed", "handled"] as const)("runs again after its lease when it died %s", async (point) => {
    const order = orderEvent();
    const records = await cloud.receive(settings, order.body);

    const died = await dieAt(point, records);

    expect(died.ended).toBe("SIGKILL");
    expect(died.runs.length).toBe(point === "claimed" ? 0 : 1);
    const left = await cloud.item(settings, order.id);
    expect(left).toMatchObject({ state: "claimed", attempts: 1, hash: order.hash });
    const second = survivors[next];
    const held = await second.deliver(redelivered(records));
    expect(failed(held.answer)).toEqual(ids(records));
    expect(held.runs).toEqual([]);

    await cloud.leave(settings, order.id, { hash: order.hash, lease: Date.now() - 1, attempts: 1 });
    const after = await second.deliver(redelivered(records));

    expect(failed(after.answer)).toEqual([]);
    expect(after.runs).toEqual([expect.objectContaining({ id: order.id, attempt: 2, effectKey: left?.key })]);
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "done", attempts: 2 });
  });

  it("sends exactly the stored bytes and runs nothing when it died done, before its event was out", async () => {
    const order = orderEvent("emit");
    const records = await cloud.receive(settings, order.body);

    const died = await dieAt("done", records);

    expect(died.ended).toBe("SIGKILL");
    const left = await cloud.item(settings, order.id);
    expect(left).toMatchObject({ state: "done", emits: [expect.objectContaining({ topic: "stock" })] });
    expect(await cloud.emitted()).toEqual([]);

    const after = await survivors[next].deliver(redelivered(records));

    expect(failed(after.answer)).toEqual([]);
    expect(after.runs).toEqual([]);
    expect(after.lines).toContainEqual(expect.objectContaining({ outcome: "duplicate", id: order.id }));
    const sent = await cloud.emitted();
    expect(sent.map(({ body, type }) => ({ body, type }))).toEqual([
      { body: left?.emits?.[0]?.body, type: "stock.locked" },
    ]);
    const { consumer } = settings;
    expect(sent[0]?.envelope.id).toBe(emittedId({ consumer, source: "/shop/web", id: order.id, key: "#0" }));
    expect((await cloud.item(settings, order.id))?.emits).toBeUndefined();
  });
});
