import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestBus, stageConsumers } from "omnibus-aws/testing";
import { fulfilOrder, orderCreated, orderPaid } from "../contracts/fulfil-order.ts";
import { handler as charge } from "../lambdas/charge.ts";
import { handler as lockStock } from "../lambdas/lock-stock.ts";
import { handler as riskCheck } from "../lambdas/risk-check.ts";

const start = () =>
  createTestBus({
    consumers: stageConsumers(fulfilOrder, { RiskCheck: riskCheck, LockStock: lockStock, Charge: charge }),
  });

test("an order goes through all stages", async () => {
  const bus = start();

  const { id } = await bus.publish(orderCreated, { orderId: "o-1", cents: 1250 });
  const paid = await bus.waitForEvent(orderPaid);
  await bus.idle();

  assert.equal(paid.correlationid, id);
  assert.equal(bus.eventsOf(fulfilOrder.compensated).length, 0);
});

test("an order that cannot be paid for is undone, and tells so", async () => {
  const bus = start();

  await bus.publish(orderCreated, { orderId: "o-2", cents: 60_000 });
  const { data } = await bus.waitForEvent(fulfilOrder.compensated);
  await bus.idle();

  const failed = { stage: "Charge", code: "refused", reason: "card declined" };
  assert.deepEqual(data, { about: { orderId: "o-2" }, failed });
  assert.equal(bus.eventsOf(orderPaid).length, 0);
  assert.equal(bus.outcomes.filter(({ consumer }) => consumer === "LockStock").length, 2);
});

test("an order that is refused at once has nothing to be undone", async () => {
  const bus = start();

  await bus.publish(orderCreated, { orderId: "o-3", cents: 2_000_000 });
  await bus.waitForEvent(fulfilOrder.compensated);
  await bus.idle();

  assert.deepEqual(new Set(bus.outcomes.map(({ consumer }) => consumer)), new Set(["RiskCheck"]));
});
