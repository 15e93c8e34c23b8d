import { describe, expect, it } from "@jest/globals";
import { createTestBus, stageConsumers } from "../../local/testing/index.ts";
import { DependencyDown, PermanentError, StageRefused } from "../../src/errors.ts";
import { pipeline, type Revocation, runStage, type StageContext, stage } from "../../src/stages/index.ts";
import {
  about,
  fulfilOrder,
  order,
  orderCreated,
  orderPaid,
  riskPassed,
  stockLocked,
} from "./order-pipeline.ts";

type Does = (context: StageContext, run: number) => unknown;

/** The four stages on a bus; `does` says what goes wrong in one of them, and each keeps a book of what stands by run key. */
function world(does: Readonly<Record<string, Does>> = {}) {
  const steps: string[] = [];
  const standing = new Map<string, string>();
  const revocations: Revocation[] = [];
  const runs = new Map<string, number>();
  const act = async (step: string, ctx: StageContext) => {
    const run = (runs.get(step) ?? 0) + 1;
    runs.set(step, run);
    await does[step]?.(ctx, run);
    steps.push(step);
  };
  const handle =
    (name: string) =>
    async ({ data }: { data: { orderId: string; cents: number } }, ctx: StageContext) => {
      await act(name, ctx);
      standing.set(`${name} ${ctx.runKey}`, data.orderId);
      return data;
    };
  const compensate =
    (name: string) => async (revocation: Revocation<{ orderId: string }>, ctx: StageContext) => {
      await act(`un${name}`, ctx);
      revocations.push(revocation);
      standing.delete(`${name} ${ctx.runKey}`);
    };
  const both = (name: string) => ({ handle: handle(name), compensate: compensate(name) });
  const bus = createTestBus({
    consumers: stageConsumers(fulfilOrder, {
      RiskCheck: runStage(fulfilOrder, "RiskCheck", { handle: handle("RiskCheck") }),
      LockStock: {
        handler: runStage(fulfilOrder, "LockStock", both("LockStock")),
        retry: { surviveMs: 60_000 },
      },
      Charge: runStage(fulfilOrder, "Charge", both("Charge")),
      Ship: { handler: runStage(fulfilOrder, "Ship", both("Ship")), retry: { surviveMs: 60_000 } },
    }),
  });
  const left = () =>
    [...standing.keys()].map((key) => key.split(" ")[0]).filter((name) => name !== "RiskCheck");
  return { bus, steps, revocations, left };
}

const refuse = () => {
  throw new StageRefused("card declined");
};

describe("a run of a pipeline", () => {
  it("goes through all stages, in order, with the data of each", async () => {
    const { bus, steps } = world();

    const { id } = await bus.publish(orderCreated, order());
    await bus.idle();

    expect(steps).toEqual(["RiskCheck", "LockStock", "Charge", "Ship"]);
    expect(bus.eventsOf(orderPaid)).toMatchObject([{ data: order(), correlationid: id, hop: 3 }]);
    expect(bus.eventsOf(fulfilOrder.compensated)).toEqual([]);
  });

  it("undoes the stages before in reverse when one refuses, each once, and tells of the end", async () => {
    const { bus, steps, revocations, left } = world({ Ship: refuse });

    await bus.publish(orderCreated, order());
    await bus.idle();

    const failed = { stage: "Ship", code: "refused", reason: "card declined" };
    expect(steps).toEqual(["RiskCheck", "LockStock", "Charge", "unCharge", "unLockStock"]);
    expect(revocations).toEqual([1, 2].map(() => ({ about: { orderId: "o-1" }, failed })));
    expect(bus.eventsOf(fulfilOrder.compensated)).toMatchObject([
      { data: { about: { orderId: "o-1" }, failed } },
    ]);
    expect(left()).toEqual([]);
  });

  it("has nothing to undo when the first stage refuses", async () => {
    const { bus, steps } = world({ RiskCheck: refuse });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(steps).toEqual([]);
    expect(bus.eventsOf(fulfilOrder.compensated)).toHaveLength(1);
    expect(bus.deadLetters("RiskCheck")).toEqual([]);
  });

  it("undoes the failing stage itself, too, where something of it may stand", async () => {
    const { bus, steps, revocations } = world({
      Charge: () => {
        throw new PermanentError("no such account");
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(steps).toEqual(["RiskCheck", "LockStock", "unCharge", "unLockStock"]);
    expect(revocations[0]?.failed).toMatchObject({ stage: "Charge", code: "permanent" });
    expect(bus.deadLetters("Charge")).toEqual([]);
  });

  it("goes back when the attempts are used up, and not before", async () => {
    const attempts: boolean[] = [];
    const { bus, steps, revocations } = world({
      Ship: ({ isLastAttempt }) => {
        attempts.push(isLastAttempt);
        throw new Error("no courier");
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(attempts.length).toBeGreaterThan(2);
    expect(attempts.indexOf(true)).toBe(attempts.length - 1);
    expect(revocations[0]?.failed).toMatchObject({
      stage: "Ship",
      code: "attempts-exhausted",
      reason: "no courier",
    });
    expect(steps.slice(3)).toEqual(["unShip", "unCharge", "unLockStock"]);
  });

  it("goes back when its time limit is over before it starts, however often it was down until then", async () => {
    const { bus, steps, revocations } = world({
      Charge: () => {
        throw new DependencyDown("payments");
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(revocations[0]?.failed).toMatchObject({ stage: "Charge", code: "late" });
    expect(steps).toEqual(["RiskCheck", "LockStock", "unCharge", "unLockStock"]);
    const [ended] = bus.eventsOf(fulfilOrder.compensated);
    const [locked] = bus.eventsOf(stockLocked);
    const tookMs = Date.parse(ended?.time ?? "") - Date.parse(locked?.time ?? "");
    expect(tookMs).toBeGreaterThan(600_000);
    // The next receive after the limit is at most the highest delay away.
    expect(tookMs).toBeLessThan(600_000 + 15 * 60_000 + 60_000);
  });

  it("waits for a partner that is down, without a limit, as every consumer does", async () => {
    const { bus, steps } = world({
      LockStock: (_, run) => {
        if (run < 20) throw new DependencyDown("warehouse");
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(steps).toEqual(["RiskCheck", "LockStock", "Charge", "Ship"]);
  });

  it("keeps back what a stage emitted besides, when it refuses", async () => {
    const { bus, steps } = world({
      LockStock: (ctx) => {
        ctx.emit(orderPaid, order());
        refuse();
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(steps).toEqual(["RiskCheck"]);
    expect(bus.eventsOf(orderPaid)).toEqual([]);
  });

  it("tries a compensation again until it is through", async () => {
    const { bus, steps } = world({
      Ship: refuse,
      unCharge: (_, run) => {
        if (run < 3) throw new Error("refunds are closed");
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(steps.slice(3)).toEqual(["unCharge", "unLockStock"]);
  });

  it("keeps a compensation that cannot be as a dead letter of its stage; the stages before wait", async () => {
    const { bus, steps, left } = world({
      Ship: refuse,
      unCharge: () => {
        throw new PermanentError("account closed");
      },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(bus.deadLetters("Charge")).toMatchObject([{ reason: "permanent" }]);
    expect(steps).toEqual(["RiskCheck", "LockStock", "Charge"]);
    expect(left()).toEqual(["LockStock", "Charge"]);
    expect(bus.eventsOf(fulfilOrder.compensated)).toEqual([]);
  });

  it("does everything once when SNS and SQS bring everything twice", async () => {
    const { bus, steps } = world({ Ship: refuse });
    await bus.publish(orderCreated, order());
    await bus.idle();
    const before = [...steps];

    for (const { id, type } of bus.events) if (type !== fulfilOrder.compensated.type) await bus.redeliver(id);
    await bus.idle();

    expect(steps).toEqual(before);
    expect(bus.eventsOf(fulfilOrder.compensated)).toHaveLength(1);
  });

  it("carries on what an older version of it has left on its way", async () => {
    // Stock was once locked before risks were checked: its event comes without the stage that stands before it now.
    const { bus, steps, left } = world({ Charge: refuse });

    await bus.publish(riskPassed, order("o-old"));
    await bus.idle();

    expect(steps).toEqual(["LockStock", "unLockStock"]);
    expect(left()).toEqual([]);
    expect(bus.eventsOf(fulfilOrder.compensated)).toHaveLength(1);
  });

  it("compensates where a stage was put in that the run never went through", async () => {
    const { bus, steps } = world({ Ship: refuse });

    await bus.publish(orderPaid, order("o-old"));
    await bus.idle();

    expect(steps).toEqual(["unCharge", "unLockStock"]);
    expect(bus.deadLetters("Charge")).toEqual([]);
  });

  it("brings what is in a retired stage to its end, and asks it to undo", async () => {
    const steps: string[] = [];
    const step = (name: string) => () => {
      steps.push(name);
    };
    const handle = ({ data }: { readonly data: ReturnType<typeof order> }) => data;
    const without = pipeline(
      "fulfil-order",
      [
        stage("RiskCheck", orderCreated, { gives: stockLocked }),
        stage("LockStock", riskPassed, { gives: stockLocked, compensates: true, retired: true }),
        stage("Charge", stockLocked),
      ],
      { about },
    );
    const bus = createTestBus({
      consumers: stageConsumers(without, {
        RiskCheck: runStage(without, "RiskCheck", { handle }),
        LockStock: runStage(without, "LockStock", { handle, compensate: step("unLockStock") }),
        Charge: runStage(without, "Charge", { handle: refuse }),
      }),
    });

    await bus.publish(riskPassed, order("o-old"));
    await bus.publish(orderCreated, order("o-new"));
    await bus.idle();

    // Who went through it and who did not: it must bear to find nothing.
    expect(steps).toEqual(["unLockStock", "unLockStock"]);
    expect(
      bus
        .eventsOf(without.compensated)
        .map(({ data }) => data.about.orderId)
        .sort(),
    ).toEqual(["o-new", "o-old"]);
    expect(bus.deadLetters("LockStock")).toEqual([]);
  });

  it("makes data that does not fit the next event a dead letter, and no compensation", async () => {
    const { wiring } = fulfilOrder;
    const handler = runStage(fulfilOrder, "RiskCheck", { handle: () => ({ orderId: "o-1", cents: 0.5 }) });
    const retry = { surviveMs: 60_000 };
    const bus = createTestBus({
      consumers: { RiskCheck: { handler, retry, emits: wiring.RiskCheck.emits } },
    });

    await bus.publish(orderCreated, order());
    await bus.idle();

    expect(bus.deadLetters("RiskCheck")).toMatchObject([{ reason: "attempts-exhausted" }]);
    expect(bus.eventsOf(fulfilOrder.compensated)).toEqual([]);
  });
});
