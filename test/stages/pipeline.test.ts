import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { contractKey, defineEvent, jsonSchemaOf, openEnvelope } from "../../src/contract/index.ts";
import { pipeline, runStage, type Stage, stage } from "../../src/stages/index.ts";
import { about, fulfilOrder, orderCreated, orderPaid, riskPassed, stockLocked } from "./order-pipeline.ts";

const keys = (contracts: Iterable<Parameters<typeof contractKey>[0]>) => [...contracts].map(contractKey);

describe("pipeline", () => {
  it("wires each stage forward, and back to the nearest one that compensates", () => {
    const { RiskCheck, LockStock, Charge, Ship } = fulfilOrder.wiring;

    expect(keys(RiskCheck.on)).toEqual(["order.created:1"]);
    expect(keys(RiskCheck.emits)).toEqual(["risk.passed:1", "fulfil-order.compensated:1"]);
    expect(keys(LockStock.on)).toEqual(["risk.passed:1", "fulfil-order.lock-stock.revoked:1"]);
    expect(keys(LockStock.emits)).toEqual([
      "stock.locked:1",
      "fulfil-order.lock-stock.revoked:1",
      "fulfil-order.compensated:1",
    ]);
    expect(contractKey(Charge.revokesBefore)).toBe("fulfil-order.lock-stock.revoked:1");
    expect(keys(Ship.emits)).toEqual(["fulfil-order.ship.revoked:1", "fulfil-order.charge.revoked:1"]);
  });

  it("passes over a retired stage on the way forward and not on the way back", () => {
    const { wiring } = pipeline(
      "fulfil-order",
      [
        stage("RiskCheck", orderCreated, { gives: stockLocked }),
        stage("LockStock", riskPassed, { gives: stockLocked, compensates: true, retired: true }),
        stage("Charge", stockLocked),
      ],
      { about },
    );

    expect(keys(wiring.LockStock.on)).toContain("risk.passed:1");
    expect(contractKey(wiring.Charge.revokes)).toBe("fulfil-order.lock-stock.revoked:1");
  });

  it.each([
    [
      "pipeline-name",
      () => pipeline("Fulfil Order", [stage("Ship", orderPaid)], { about }),
      /"Fulfil Order"/,
    ],
    ["pipeline-stages", () => pipeline("none", [], { about: z.unknown() as never }), /no stage/],
    [
      "pipeline-stages",
      () =>
        pipeline(
          "twins",
          [stage("LockStock", orderPaid, { gives: orderPaid }), stage("Lock-Stock", orderPaid)],
          { about },
        ),
      /LockStock and Lock-Stock/,
    ],
    [
      "pipeline-chain",
      () => {
        const otherVersion = defineEvent("order.paid", {
          version: 2,
          topic: "orders",
          schema: orderPaid.schema,
        });
        return pipeline(
          "versions",
          [stage("Charge", stockLocked, { gives: orderPaid }), stage("Ship", otherVersion)],
          { about },
        );
      },
      /Charge gives order\.paid:1 on topic orders, and Ship behind it takes order\.paid:2/,
    ],
    [
      "pipeline-chain",
      () =>
        pipeline(
          "lost",
          [stage("Old", orderCreated, { gives: riskPassed, retired: true }), stage("Ship", orderPaid)],
          { about },
        ),
      /retired stage Old gives risk\.passed:1/,
    ],
    ["pipeline-length", () => longPipeline(9), /18 hops \(9 stages forward, 9 back\); 16 are allowed/],
    ["stage-name", () => stage("lock stock", orderPaid), /"lock stock"/],
    ["stage-within", () => stage("Ship", orderPaid, { withinMs: 0 }), /withinMs is 0/],
  ])("refuses what cannot be (%s)", (code, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it("takes one that is just short enough", () => {
    expect(longPipeline(8).stages).toHaveLength(8);
  });

  it("describes what goes back in JSON Schema, about included", () => {
    expect(jsonSchemaOf(fulfilOrder.compensated)).toMatchObject({
      properties: {
        about: { properties: { orderId: { type: "string" } } },
        failed: { required: ["stage", "code", "reason"] },
      },
    });
  });

  it.each([
    ["about", { about: {}, failed: { stage: "Charge", code: "late", reason: "" } }, "data.about.orderId"],
    [
      "failed",
      { about: { orderId: "o-1" }, failed: { stage: "Charge", code: "tired", reason: "" } },
      "data.failed",
    ],
    ["itself", "nothing", "data"],
  ])("does not take a revocation whose %s is wrong", async (_, data, field) => {
    const { type, dataschema } = fulfilOrder.compensated;
    const envelope = {
      ...({
        specversion: "1.0",
        id: "1",
        source: "/x",
        type,
        time: "2026-01-01T00:00:00Z",
        dataschema,
      } as const),
      ...({ datacontenttype: "application/json", correlationid: "1", data } as const),
    };

    const opened = await openEnvelope(envelope, [fulfilOrder.compensated]);

    expect(opened).toMatchObject({ ok: false, rejection: { code: "invalid-data", field } });
  });
});

describe("runStage", () => {
  it.each([
    [
      "stage-name",
      () => runStage(fulfilOrder, "Pack" as never, { handle: () => undefined } as never),
      /no stage "Pack"/,
    ],
    [
      "stage-compensate",
      () => runStage(fulfilOrder, "Charge", { handle: () => undefined } as never),
      /has no compensate/,
    ],
    [
      "stage-compensate",
      () =>
        runStage(fulfilOrder, "RiskCheck", { handle: () => undefined, compensate: () => undefined } as never),
      /would never run/,
    ],
  ])("refuses code that does not fit the declaration (%s)", (code, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});

function longPipeline(length: number) {
  const stages: readonly Stage[] = Array.from({ length }, (_, index) =>
    stage(`Step${index}`, orderPaid, { gives: orderPaid, compensates: true }),
  );
  return pipeline("long", stages as readonly [Stage<"Step0", typeof orderPaid>], { about });
}
