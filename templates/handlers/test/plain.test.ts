import assert from "node:assert/strict";
import { test } from "node:test";
import type { InputOf } from "omnibus-aws";
import { createTestBus } from "omnibus-aws/testing";
import { orderCreated } from "../contracts/order-created.ts";
import { handler } from "../lambdas/plain.ts";

// Data that the schema takes: change it with the contract.
const data: InputOf<typeof orderCreated> = { orderId: "o-1", cents: 1250 };

test("LockStock handles order.created once, however often it is delivered", async () => {
  const bus = createTestBus({ consumers: { LockStock: handler } });

  const { id } = await bus.publish(orderCreated, data);
  const [first] = await bus.waitForHandled(id);
  const [second] = await bus.redeliver(id);

  assert.equal(first?.attempt, 1);
  assert.equal(second?.outcome, "duplicate");
});

test("LockStock makes a dead letter of what is no event", async () => {
  const bus = createTestBus({ consumers: { LockStock: handler } });

  bus.send("LockStock", "hello");
  await bus.idle();

  assert.equal(bus.deadLetters("LockStock").length, 1);
});
