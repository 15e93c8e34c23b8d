/**
 * Checked by the compiler, not run: which pipelines and which stages' code must not compile. An `@ts-expect-error` without an
 * error is an error itself.
 */
import { z } from "zod";
import { defineEvent } from "../../src/contract/index.ts";
import { pipeline, runStage, stage } from "../../src/stages/index.ts";
import { about, fulfilOrder, orderCreated, orderPaid, riskPassed, stockLocked } from "./order-pipeline.ts";

const risk = stage("RiskCheck", orderCreated, { gives: riskPassed });
const lock = stage("LockStock", riskPassed, { gives: stockLocked, compensates: true });

pipeline("fits", [risk, lock, stage("Charge", stockLocked, { gives: orderPaid })], { about });
// @ts-expect-error Charge takes what LockStock gives, and RiskCheck gives something else.
pipeline("gap", [risk, stage("Charge", stockLocked, { gives: orderPaid })], { about });
// @ts-expect-error nothing is given to Charge.
pipeline("end", [stage("RiskCheck", orderCreated), stage("Charge", stockLocked)], { about });
// @ts-expect-error what LockStock gives skips a retired stage, and Ship does not take it.
pipeline("r1", [risk, lock, stage("Old", stockLocked, { retired: true }), stage("Ship", orderPaid)], {
  about,
});
pipeline(
  "r2",
  [risk, lock, stage("Old", orderPaid, { gives: stockLocked, retired: true }), stage("Charge", stockLocked)],
  { about },
);

const parcelSent = defineEvent("parcel.sent", {
  version: 1,
  topic: "orders",
  schema: z.object({ parcel: z.string() }),
});
pipeline("about", [stage("Send", parcelSent)], {
  // @ts-expect-error what tells one run from another is not in the event.
  about,
});

runStage(fulfilOrder, "LockStock", {
  handle: ({ data }) => ({ orderId: data.orderId, cents: data.cents }),
  compensate: ({ about: { orderId }, failed }) => `${orderId} ${failed.code}`,
});
// @ts-expect-error the pipeline has no such stage.
runStage(fulfilOrder, "Pack", { handle: () => ({ orderId: "", cents: 0 }) });
// @ts-expect-error LockStock compensates.
runStage(fulfilOrder, "LockStock", { handle: ({ data }) => data });
// @ts-expect-error RiskCheck has nothing to undo.
runStage(fulfilOrder, "RiskCheck", { handle: ({ data }) => data, compensate: () => undefined });
// @ts-expect-error the next stage needs the cents, too.
runStage(fulfilOrder, "RiskCheck", { handle: ({ data }) => ({ orderId: data.orderId }) });
// @ts-expect-error the event has no such field.
runStage(fulfilOrder, "RiskCheck", { handle: ({ data }) => ({ orderId: data.orderID, cents: 1 }) });
