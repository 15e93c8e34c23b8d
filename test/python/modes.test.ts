import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { SqsRecord } from "../../src/consume/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { record, settingsFor } from "../helpers/consumer-world.ts";
import { type ConsumerCloud, startConsumerCloud } from "./consumer-cloud.ts";
import { type Language, startConsumer, stopConsumers } from "./consumer-process.ts";
import { failed, ids, orderEvent, redelivered } from "./scenario-events.ts";

let cloud: ConsumerCloud;
beforeAll(async () => {
  cloud = await startConsumerCloud();
}, 60_000);
afterAll(async () => {
  await stopConsumers();
  await cloud.stop();
});

describe.each<Language>(["TypeScript", "Python"])("a consumer in %s", (language) => {
  const begin = async (over: Partial<ConsumerSettings>) => {
    const consumer = `${language}-${over.mode ?? (over.fifo ? "fifo" : "once")}`;
    const settings = settingsFor({ consumer, on: ["order.created:1"], ...over });
    cloud.addConsumer(settings);
    return { settings, consumer: await startConsumer(language, settings, cloud.endpoints) };
  };

  it("keeps the order of each group, and stops a group at what must come again", async () => {
    const { settings, consumer } = await begin({ fifo: true });
    const queueArn = `arn:aws:sqs:us-east-1:000000000000:shop-${settings.consumer}.fifo`;
    const of = (group: string, ...what: Parameters<typeof orderEvent>[0][]): SqsRecord[] =>
      what.map((one) => record(orderEvent(one).body, { group, queueArn }));
    const ann = of("ann", "handle", "permanent", "fail", "handle");
    const bob = of("bob", "handle", "handle");
    const records = [ann[0], bob[0], ann[1], ann[2], bob[1], ann[3]].filter((one) => one !== undefined);

    const { answer, runs, lines } = await consumer.deliver(records);

    expect(failed(answer)).toEqual(ids(ann.slice(2)));
    const idOf = ({ body }: SqsRecord) => JSON.parse(body).id as string;
    const ranOf = (group: SqsRecord[]) =>
      runs.map(({ id }) => id).filter((id) => group.some((one) => idOf(one) === id));
    expect(ranOf(ann)).toEqual(ann.slice(0, 3).map(idOf));
    expect(ranOf(bob)).toEqual(bob.map(idOf));
    expect(lines.map(({ reason }) => reason)).toContain("group-stopped");
    const [last] = ann.slice(3);
    expect(await cloud.item(settings, last ? idOf(last) : "")).toMatchObject({
      state: "released",
      attempts: 0,
    });
    expect((await cloud.deadLetters(settings)).length).toBe(1);
  });

  it("records without a claim where the handler is idempotent by nature", async () => {
    const { settings, consumer } = await begin({ mode: "record" });
    const [order, doomed] = [orderEvent("emit"), orderEvent("permanent")];
    const records = await cloud.receive(settings, order.body, doomed.body);

    const first = await consumer.deliver(records);
    const second = await consumer.deliver(redelivered(records.slice(0, 1)));

    expect(failed(first.answer)).toEqual([]);
    expect(failed(second.answer)).toEqual([]);
    expect(second.runs.length).toBe(1);
    expect(second.lines.at(-1)).toMatchObject({ Handled: 0, Duplicate: 1 });
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "done", owner: "", attempts: 1 });
    expect(await cloud.item(settings, doomed.id)).toMatchObject({ state: "dead", reason: "permanent" });
    expect((await cloud.emitted()).length).toBe(1);
  });

  it("writes nothing down where nothing is to be kept", async () => {
    const { settings, consumer } = await begin({ mode: "none" });
    const order = orderEvent("emit");
    const records = await cloud.receive(settings, order.body);

    const { answer, runs } = await consumer.deliver(records);

    expect(failed(answer)).toEqual([]);
    expect(runs.length).toBe(1);
    expect(await cloud.item(settings, order.id)).toBeUndefined();
    expect((await cloud.emitted()).length).toBe(1);
  });
});
