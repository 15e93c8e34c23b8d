import assert from "node:assert/strict";
import { test } from "node:test";
import type { InputOf } from "omnibus-aws";
import { createTestBus } from "omnibus-aws/testing";
import { orderCreated } from "../contracts/order-created.ts";
import { handler } from "../lambdas/record.ts";

// Data that the schema takes: change it with the contract.
const data: InputOf<typeof orderCreated> = { orderId: "o-1", cents: 1250 };

test("LockStock records order.created once, and may run again for it", async () => {
  const bus = createTestBus({ consumers: { LockStock: { handler, mode: "record" } } });

  const { id } = await bus.publish(orderCreated, data);
  await bus.waitForHandled(id);
  const [second] = await bus.redeliver(id);

  assert.equal(second?.outcome, "duplicate");
});
