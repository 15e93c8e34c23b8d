import assert from "node:assert/strict";
import { test } from "node:test";
import type { InputOf } from "omnibus-aws";
import { createTestBus } from "omnibus-aws/testing";
import { orderCreated } from "../contracts/order-created-fifo.ts";
import { handler } from "../lambdas/fifo.ts";

// Data that the schema takes: change it with the contract.
const data: InputOf<typeof orderCreated> = { orderId: "o-1", cents: 1250 };

test("LockStock handles the order.created of one partition key in their order", async () => {
  const bus = createTestBus({ consumers: { LockStock: handler } });

  const ids = [];
  for (const partitionkey of ["a", "b", "a", "a"]) {
    ids.push((await bus.publish(orderCreated, data, { partitionkey })).id);
  }
  await bus.idle();

  const [first, ofB, second, third] = ids;
  const handled = bus.outcomes.filter(({ outcome }) => outcome === "handled").map(({ id }) => id);
  assert.deepEqual(
    handled.filter((id) => id !== ofB),
    [first, second, third],
  );
  assert.equal(handled.includes(ofB), true);
});

test("LockStock refuses order.created without a partition key where it is published", async () => {
  const bus = createTestBus({ consumers: { LockStock: handler } });

  await assert.rejects(bus.publish(orderCreated, data), /partitionkey/);
});
