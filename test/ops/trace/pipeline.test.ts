import { describe, expect, it } from "@jest/globals";
import { traceText } from "../../../cli/trace-text.ts";
import { createTestBus, stageConsumers } from "../../../local/testing/index.ts";
import { knownConsumer, traceChain } from "../../../ops/trace/index.ts";
import { contractKey } from "../../../src/contract/index.ts";
import type { ConsumerSettings } from "../../../src/env.ts";
import { StageRefused } from "../../../src/errors.ts";
import { runStage } from "../../../src/stages/index.ts";
import { fulfilOrder, order, orderCreated } from "../../stages/order-pipeline.ts";
import { keptBus, minuteMs } from "../archive/kept-bus.ts";

/** A run that the last stage refuses: what was published and what ended, kept as a deployed bus keeps it. */
async function aRunThatGoesBack() {
  const both = {
    handle: ({ data }: { data: { orderId: string; cents: number } }) => data,
    compensate: () => {},
  };
  let tries = 0;
  const bus = createTestBus({
    name: "shop",
    consumers: stageConsumers(fulfilOrder, {
      RiskCheck: runStage(fulfilOrder, "RiskCheck", { handle: ({ data }) => data }),
      LockStock: runStage(fulfilOrder, "LockStock", {
        ...both,
        handle({ data }) {
          if (++tries === 1) throw new Error("the table is busy");
          return data;
        },
      }),
      Charge: runStage(fulfilOrder, "Charge", both),
      Ship: runStage(fulfilOrder, "Ship", {
        ...both,
        handle() {
          throw new StageRefused("no courier");
        },
      }),
    }),
  });
  const startMs = bus.clock.nowMs();
  const { id } = await bus.publish(orderCreated, order());
  await bus.idle();

  const kept = keptBus({ startMs });
  for (const event of bus.events) await kept.message(JSON.stringify(event), { timestamp: event.time });
  const eventOf = (wanted: string | undefined) => bus.events.find((event) => event.id === wanted);
  for (const { consumer, outcome, id: ended, attempt, atMs } of bus.outcomes) {
    const event = eventOf(ended);
    if (outcome !== "handled" || !event) continue;
    const { source, type, time } = event;
    await kept.ends({ consumer, id: event.id, source, type, time, attempts: attempt, ended: atMs });
  }
  await kept.clock.advance(bus.clock.nowMs() - startMs + minuteMs);
  return { kept, id, startMs };
}

const stages = Object.entries(fulfilOrder.wiring).map(([consumer, { on }]) =>
  knownConsumer({ consumer, on: on.map(contractKey), mode: "once" } as unknown as ConsumerSettings),
);

describe("traceChain of a pipeline's run", () => {
  it("draws the way forward, the retry, and the way back, each below what led to it", async () => {
    const { kept, id, startMs } = await aRunThatGoesBack();
    await kept.seal();

    const found = await traceChain({
      archive: await kept.open(),
      asked: id,
      fromMs: startMs - minuteMs,
      consumers: stages,
      ledger: undefined,
    });

    expect(found?.counts).toMatchObject({ done: 6, unknown: 0, waiting: 0 });
    const drawn = (found ? traceText(found) : "").split("\n");
    expect(drawn.map((line) => line.replace(/ (after|\+|20\d\d-)\d.*| after [^,]*/, ""))).toEqual([
      "order.created",
      "└─ RiskCheck: done",
      "   └─ risk.passed",
      "      └─ LockStock: done, 2 tries",
      "         └─ stock.locked",
      "            └─ Charge: done",
      "               └─ order.paid",
      "                  └─ Ship: done",
      "                     └─ fulfil-order.charge.revoked",
      "                        └─ Charge: done",
      "                           └─ fulfil-order.lock-stock.revoked",
      "                              └─ LockStock: done",
      "                                 └─ fulfil-order.compensated",
      "                                    └─ (no consumer takes it)",
      "",
      "7 events in 4000 ms; consumers: 6 done",
    ]);
  });
});
