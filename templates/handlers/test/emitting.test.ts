import assert from "node:assert/strict";
import { test } from "node:test";
import type { InputOf } from "omnibus-aws";
import { createTestBus } from "omnibus-aws/testing";
import { orderCreated } from "../contracts/order-created.ts";
import { stockLocked } from "../contracts/stock-locked.ts";
import { handler } from "../lambdas/emitting.ts";

// Data that the schema takes: change it with the contract.
const data: InputOf<typeof orderCreated> = { orderId: "o-1", cents: 1250 };

test("LockStock emits stock.locked once, however often order.created is delivered", async () => {
  const bus = createTestBus({ consumers: { LockStock: { handler, emits: [stockLocked] } } });

  const { id } = await bus.publish(orderCreated, data);
  const emitted = await bus.waitForEvent(stockLocked);
  await bus.redeliver(id);

  assert.equal(emitted.causationid, id);
  assert.equal(bus.eventsOf(stockLocked).length, 1);
});
