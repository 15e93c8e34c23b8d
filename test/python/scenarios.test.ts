import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { dataHash, emittedId } from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { settingsFor } from "../helpers/consumer-world.ts";
import { badInput } from "./bad-input.ts";
import { type ConsumerCloud, startConsumerCloud } from "./consumer-cloud.ts";
import { type ConsumerProcess, type Language, startConsumer, stopConsumers } from "./consumer-process.ts";
import { failed, ids, orderEvent, redelivered } from "./scenario-events.ts";
import { schemaProblems } from "./schema-problems.ts";

let cloud: ConsumerCloud;
beforeAll(async () => {
  cloud = await startConsumerCloud();
}, 60_000);
afterAll(async () => {
  await stopConsumers();
  await cloud.stop();
});

const minuteMs = 60_000;

describe.each<Language>(["TypeScript", "Python"])("a consumer in %s", (language) => {
  const settings: ConsumerSettings = settingsFor({ consumer: `In${language}`, on: ["order.created:1"] });
  let consumer: ConsumerProcess;
  beforeAll(async () => {
    cloud.addConsumer(settings);
    consumer = await startConsumer(language, settings, cloud.endpoints);
  }, 120_000);

  it("handles an event once, though it is delivered twice", async () => {
    const order = orderEvent();
    const records = await cloud.receive(settings, order.body);

    const first = await consumer.deliver(records);
    const second = await consumer.deliver(redelivered(records));

    expect(failed(first.answer)).toEqual([]);
    expect(failed(second.answer)).toEqual([]);
    expect(first.runs).toEqual([{ id: order.id, attempt: 1, effectKey: expect.any(String) }]);
    expect(second.runs).toEqual([]);
    expect(second.lines[0]).toMatchObject({ outcome: "duplicate", id: order.id, level: "info" });
    expect(await cloud.item(settings, order.id)).toMatchObject({
      key: first.runs[0]?.effectKey,
      state: "done",
      attempts: 1,
      hash: order.hash,
      type: "order.created",
      time: "2026-01-31T12:00:00Z",
    });
  });

  it("handles an event once that comes twice in a batch", async () => {
    const order = orderEvent();
    const records = await cloud.receive(settings, order.body, order.body);

    const { answer, runs, lines } = await consumer.deliver(records);

    expect(failed(answer)).toEqual([]);
    expect(runs.length).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      Handled: 1,
      Duplicate: 1,
      Bus: "shop",
      Consumer: settings.consumer,
    });
  });

  it("leaves an event alone that another run holds", async () => {
    const order = orderEvent();
    await cloud.leave(settings, order.id, { hash: order.hash, lease: Date.now() + minuteMs, attempts: 1 });
    const records = await cloud.receive(settings, order.body);

    const { answer, runs, lines } = await consumer.deliver(redelivered(records));

    expect(failed(answer)).toEqual(ids(records));
    expect(runs).toEqual([]);
    expect(lines[0]).toMatchObject({ outcome: "retry", reason: "held", level: "warn" });
    expect(lines[0]?.delayMs).toBeGreaterThan(minuteMs / 2);
    expect(lines[0]?.delayMs).toBeLessThanOrEqual(minuteMs + 1_000);
    expect(cloud.visible(settings)).toBe(0);
  });

  it.each([
    ["as SQS says it is a redelivery", 2],
    ["as SQS says it is the first delivery", 1],
  ])("takes over an expired lease, %s", async (_name, receives) => {
    const order = orderEvent();
    await cloud.leave(settings, order.id, { hash: order.hash, lease: Date.now() - 1, attempts: 1 });
    const records = await cloud.receive(settings, order.body);

    const { answer, runs } = await consumer.deliver(receives === 2 ? redelivered(records) : records);

    expect(failed(answer)).toEqual([]);
    expect(runs).toEqual([expect.objectContaining({ id: order.id, attempt: 2 })]);
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "done", attempts: 2 });
  });

  it("gives up an event whose runs never ended", async () => {
    const order = orderEvent();
    const { attempts } = settings;
    await cloud.leave(settings, order.id, { hash: order.hash, lease: Date.now() - 1, attempts });
    const records = await cloud.receive(settings, order.body);

    const { answer, runs } = await consumer.deliver(redelivered(records));

    expect(failed(answer)).toEqual([]);
    expect(runs).toEqual([]);
    expect(await cloud.deadLetters(settings)).toEqual([
      {
        body: order.body,
        note: expect.objectContaining({
          v: 1,
          consumer: settings.consumer,
          reason: "attempts-exhausted",
          error: { name: "Unfinished", message: expect.stringContaining(`${attempts} of ${attempts}`) },
          attempts: attempts + 1,
        }),
      },
    ]);
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "dead" });
  });

  it("sends a permanent failure to the dead letters, and gives it all its attempts when it comes back", async () => {
    const order = orderEvent("permanent");
    const records = await cloud.receive(settings, order.body);

    const first = await consumer.deliver(records);
    const redrive = await consumer.deliver(records);

    expect(failed(first.answer)).toEqual([]);
    expect(first.lines[0]).toMatchObject({ outcome: "dead", reason: "permanent", level: "error" });
    expect(redrive.runs).toEqual([expect.objectContaining({ attempt: 1 })]);
    const [letter] = await cloud.deadLetters(settings);
    expect(letter?.body).toBe(order.body);
    expect(letter?.note).toEqual({
      v: 1,
      consumer: settings.consumer,
      reason: "permanent",
      error: expect.objectContaining({ name: "PermanentError", message: "no such order" }),
      attempts: 1,
      firstAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/),
      lastAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/),
    });
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "dead", reason: "permanent" });
  });

  it("has a failed event come again, and counts its runs", async () => {
    const order = orderEvent("fail");
    const records = await cloud.receive(settings, order.body);

    const first = await consumer.deliver(records);
    const released = await cloud.item(settings, order.id);
    const second = await consumer.deliver(redelivered(records));

    expect(failed(first.answer)).toEqual(ids(records));
    expect(first.lines[0]).toMatchObject({
      outcome: "retry",
      reason: "failed",
      message: "the partner said no",
    });
    expect(first.lines[0]?.delayMs).toBeLessThanOrEqual(settings.firstDelayMs);
    expect(released).toMatchObject({ state: "released", attempts: 1 });
    expect(second.runs).toEqual([expect.objectContaining({ attempt: 2 })]);
    expect(second.lines[0]?.delayMs).toBeLessThanOrEqual(2 * settings.firstDelayMs);
  });

  it("answers a mixed batch with what has to come again, and nothing else", async () => {
    const orders = [orderEvent(), orderEvent("fail"), orderEvent("permanent"), orderEvent("emit")];
    const records = await cloud.receive(settings, ...orders.map(({ body }) => body), "no event");

    const { answer, lines } = await consumer.deliver(records);

    expect(failed(answer)).toEqual([records[1]?.messageId]);
    expect(lines.at(-1)).toMatchObject({ Handled: 2, Duplicate: 0, Retried: 1, DeadLettered: 2 });
    expect(lines.at(-1)?.HandlerMs).toHaveLength(4);
    expect(lines.flatMap((line) => schemaProblems("_aws" in line ? "metrics" : "log", line))).toEqual([]);
    const states = await Promise.all(orders.map(async ({ id }) => (await cloud.item(settings, id))?.state));
    expect(states).toEqual(["done", "released", "dead", "done"]);
    const letters = await cloud.deadLetters(settings);
    expect(letters.length).toBe(2);
    expect(letters.flatMap(({ note }) => schemaProblems("dead-letter", note))).toEqual([]);
    expect((await cloud.emitted()).length).toBe(1);
  });

  it("keeps the events of one message together: none is buried while another must come again", async () => {
    const orders = [orderEvent(), orderEvent("fail"), orderEvent("permanent")];
    const records = await cloud.receive(settings, JSON.stringify(orders.map(({ envelope }) => envelope)));

    const { answer, lines } = await consumer.deliver(records);

    expect(failed(answer)).toEqual(ids(records));
    expect(lines.map(({ reason }) => reason)).toEqual([undefined, "failed", "packed-together", undefined]);
    const states = await Promise.all(orders.map(async ({ id }) => (await cloud.item(settings, id))?.state));
    expect(states).toEqual(["done", "released", "released"]);
    expect(await cloud.deadLetters(settings)).toEqual([]);
  });

  it("starts nothing when too little time is left, and gives it back uncounted", async () => {
    const order = orderEvent();
    const records = await cloud.receive(settings, order.body);

    const { answer, runs, lines } = await consumer.deliver(records, settings.marginMs - 1);

    expect(failed(answer)).toEqual(ids(records));
    expect(runs).toEqual([]);
    expect(lines[0]).toMatchObject({ outcome: "retry", reason: "no-time", delayMs: 0 });
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "released", attempts: 0 });
    expect(cloud.visible(settings)).toBe(1);
  });

  it("tells a handler when its time is over", async () => {
    const order = orderEvent("abort");
    const records = await cloud.receive(settings, order.body);

    const { answer, lines } = await consumer.deliver(records, settings.marginMs + 200);

    expect(failed(answer)).toEqual(ids(records));
    expect(lines[0]).toMatchObject({ outcome: "retry", reason: "failed", message: "aborted" });
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "released", attempts: 1 });
  });

  it("takes the same identity with other data for a mistake", async () => {
    const order = orderEvent();
    const other = { ...order.envelope, data: { ...order.envelope.data, cents: 9 } };
    const records = await cloud.receive(settings, order.body);
    await consumer.deliver(records);
    const second = await cloud.receive(settings, JSON.stringify(other));

    const { answer, runs } = await consumer.deliver(second);

    expect(failed(answer)).toEqual([]);
    expect(runs).toEqual([]);
    const [letter] = await cloud.deadLetters(settings);
    expect(letter?.note).toMatchObject({ reason: "id-reused" });
    expect(letter?.note.error.message).toMatch(/\bid\b/);
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "done", hash: order.hash });
  });

  it("publishes what a handler emits, under an id that any language would give it", async () => {
    const order = orderEvent("emit", { partitionkey: "c-7", correlationid: "chain-1", hop: 2 });
    const records = await cloud.receive(settings, order.body);

    const { answer, runs } = await consumer.deliver(records);

    expect(failed(answer)).toEqual([]);
    expect(runs.length).toBe(1);
    const { consumer: name } = settings;
    const id = emittedId({ consumer: name, source: "/shop/web", id: order.id, key: "#0" });
    expect(await cloud.emitted()).toEqual([
      {
        type: "stock.locked",
        body: expect.any(String),
        envelope: {
          specversion: "1.0",
          id,
          source: `/shop/${name}`,
          type: "stock.locked",
          time: expect.stringMatching(/Z$/),
          datacontenttype: "application/json",
          dataschema: "urn:omnibus:stock.locked:1",
          correlationid: "chain-1",
          causationid: order.id,
          partitionkey: "c-7",
          hop: 3,
          data: { orderId: order.envelope.data.orderId },
        },
      },
    ]);
    expect((await cloud.item(settings, order.id))?.emits).toBeUndefined();
  });

  it.each(badInput().map((bad) => [bad.name, bad] as const))(
    "sends %s to the dead letters with the field in the reason, and handles its mates",
    async (_name, { before, body, reason, field, mates = [] }) => {
      if (before !== undefined) await consumer.deliver(await cloud.receive(settings, before));
      const mate = orderEvent();
      const records = await cloud.receive(settings, body, mate.body);

      const { answer, runs } = await consumer.deliver(records);

      expect(failed(answer)).toEqual([]);
      expect(runs.map(({ id }) => id).toSorted()).toEqual([...mates, mate.id].toSorted());
      const letters = await cloud.deadLetters(settings);
      expect(letters).toEqual([
        {
          body,
          note: expect.objectContaining({
            reason,
            error: { name: expect.any(String), message: expect.stringMatching(field) },
          }),
        },
      ]);
      // What can be read and fits no contract: whoever asks the ledger what became of it is told.
      if (!["unknown-type", "unknown-version", "invalid-data"].includes(reason)) return;
      const { id, type, time, data } = JSON.parse(body);
      const item = { state: "dead", reason, attempts: 0, type, time, hash: dataHash(data), owner: "" };
      expect(await cloud.item(settings, id)).toMatchObject(item);
    },
  );

  it("writes down once that an event fits no contract, however often it is in a batch", async () => {
    const unfit = orderEvent("handle", { dataschema: "urn:omnibus:order.created:9" });
    const [twin, mate] = [orderEvent("handle", { id: unfit.id }), orderEvent()];
    const records = await cloud.receive(settings, unfit.body, unfit.body, mate.body);

    const first = await consumer.deliver(records);
    const second = await consumer.deliver(await cloud.receive(settings, unfit.body, twin.body));

    expect([failed(first.answer), failed(second.answer)]).toEqual([[], []]);
    expect(await cloud.item(settings, mate.id)).toMatchObject({ state: "done" });
    expect(await cloud.item(settings, unfit.id)).toMatchObject({ state: "dead", attempts: 0 });
    expect((await cloud.deadLetters(settings)).length).toBe(4);
  });

  it("counts a run that catches the refusal of an emit, and sends what else it emitted", async () => {
    const order = orderEvent("emit-too-much");
    const records = await cloud.receive(settings, order.body);

    const { answer } = await consumer.deliver(records);

    expect(failed(answer)).toEqual([]);
    expect(await cloud.item(settings, order.id)).toMatchObject({ state: "done" });
    const sent = await cloud.emitted();
    expect(sent.map(({ envelope }) => envelope.data)).toEqual([{ orderId: order.envelope.data.orderId }]);
    const { consumer: name } = settings;
    expect(sent[0]?.envelope.id).toBe(
      emittedId({ consumer: name, source: "/shop/web", id: order.id, key: "#0" }),
    );
  });

  it("runs nothing, and judges nothing, while the ledger is down", async () => {
    const down = { ...cloud.endpoints, dynamodb: "http://127.0.0.1:1" };
    const cut = await startConsumer(language, settings, down);
    const order = orderEvent();
    const other = { ...order.envelope, data: { ...order.envelope.data, cents: 9 } };
    const records = await cloud.receive(settings, orderEvent().body, order.body, JSON.stringify(other));

    const { answer, runs, lines } = await cut.deliver(records);

    expect(failed(answer)).toEqual(ids(records));
    expect(runs).toEqual([]);
    expect(lines[0]).toMatchObject({ outcome: "retry", reason: "ledger-unavailable", error: "LedgerError" });
  });

  it("ends the process under a handler that does not stop, with its mate's end written down", async () => {
    const stuck = await startConsumer(language, settings, cloud.endpoints);
    await stuck.deliver(await cloud.receive(settings, orderEvent().body));
    const [hanging, mate] = [orderEvent("hang"), orderEvent()];
    const records = await cloud.receive(settings, hanging.body, mate.body);

    const { answer, lines, ended } = await stuck.deliver(records, settings.marginMs + 500);

    expect(answer).toBeUndefined();
    expect(ended).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: "error", id: hanging.id });
    expect(await cloud.item(settings, mate.id)).toMatchObject({ state: "done" });
    expect(await cloud.item(settings, hanging.id)).toMatchObject({ state: "claimed", attempts: 1 });
  });
});
