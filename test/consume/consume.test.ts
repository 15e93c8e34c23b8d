import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { createTestBus } from "../../local/testing/index.ts";
import { consume } from "../../src/consume/index.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { readSettings } from "../../src/env.ts";
import { consumerWorld, order, orderCreated, record, settingsFor } from "../helpers/consumer-world.ts";

describe("consume", () => {
  it("refuses to start when the stack has subscribed other contracts than the code handles", () => {
    const paid = defineEvent("order.paid", { version: 3, topic: "orders", schema: z.object({}) });

    expect(() => consume([orderCreated, paid], () => {}, { settings: settingsFor() })).toThrow(
      /not subscribed: order\.paid:3/,
    );
    expect(() =>
      consume(orderCreated, () => {}, { settings: settingsFor({ on: ["order.created:1", "order.paid:3"] }) }),
    ).toThrow(/not handled: order\.paid:3/);
  });

  it("takes nothing for handled that was not run: a generator is refused, and one that is returned fails", async () => {
    let ran = 0;
    const steps = function* () {
      yield ran++;
    };
    const later = async function* () {
      yield ran++;
    };

    for (const handler of [steps, later]) {
      expect(() => consume(orderCreated, handler)).toThrow(
        /is a generator \(function\*\), and would not be run/,
      );
      const bus = createTestBus({ consumers: { LockStock: consume(orderCreated, () => handler()) } });
      await bus.publish(orderCreated, { orderId: "o-1", cents: 1 });
      await bus.idle();
      expect(bus.outcomes[0]).toMatchObject({ outcome: "retry" });
      expect(bus.outcomes.map(({ outcome }) => outcome)).not.toContain("handled");
    }
    expect(ran).toBe(0);
  });

  it("says what to do when it has no settings, or is invoked with something else", async () => {
    const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 1_000 };

    await expect(consume(orderCreated, () => {})({ Records: [record(order())] }, context)).rejects.toThrow(
      /OMNIBUS/,
    );
    await expect(
      consume(orderCreated, () => {}, { settings: settingsFor() })({} as never, context),
    ).rejects.toThrow(/no SQS batch/);
  });

  it("refuses settings with a mode that it does not know, and reads those that it does", () => {
    const read = (mode: string) =>
      readSettings({ OMNIBUS: JSON.stringify({ ...settingsFor(), mode }) })?.mode;

    expect(() => read("twice")).toThrow(/mode "twice".*once, transaction, record, none are known/);
    expect(read("record")).toBe("record");
  });

  it("answers an empty batch", async () => {
    expect(await consumerWorld(() => {}).deliver([])).toEqual({ batchItemFailures: [] });
  });
});

describe("what consume writes", () => {
  it("is one line per outcome without data, and one line of metrics per batch", async () => {
    const world = consumerWorld(async (event) => {
      await new Promise<void>((resolve) => world.clock.after(25, resolve));
      if (event.id === "bad") throw new TypeError("no");
    });
    const timeMs = world.clock.nowMs() - 1_000;
    const twice = order({ id: "good", timeMs });

    await world.deliver([record(twice), record(twice), record(order({ id: "bad", timeMs })), record("{")]);

    const metrics = world.lines.filter((line) => "_aws" in line);
    const outcomes = world.lines.filter((line) => "outcome" in line);
    expect(metrics).toHaveLength(1);
    expect(metrics[0]).toMatchObject({
      Bus: "shop",
      Consumer: "LockStock",
      Handled: 1,
      Duplicate: 1,
      Retried: 1,
      DeadLettered: 1,
      CriticalTimeMs: 1_025,
      HandlerMs: [25, 25],
    });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["handled", "duplicate", "retry", "dead"]);
    expect(outcomes[2]).toMatchObject({
      level: "warn",
      consumer: "LockStock",
      id: "bad",
      source: "/shop/web",
      type: "order.created",
      attempt: 1,
      reason: "failed",
      error: "TypeError",
    });
    expect(JSON.stringify(world.lines)).not.toContain("o-good");
  });

  it("is what the handler logs, with the event it is about", async () => {
    const world = consumerWorld((_, ctx) => {
      ctx.log("reserved", { shelf: 7 });
    });

    await world.deliver([record(order({ id: "x" }))]);

    expect(world.lines[0]).toMatchObject({ level: "info", message: "reserved", shelf: 7, id: "x" });
  });
});
