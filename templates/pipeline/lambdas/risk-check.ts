import { runStage, StageRefused } from "omnibus-aws";
import { fulfilOrder } from "../contracts/fulfil-order.ts";

/** RiskCheck: what it returns is the data of risk.passed. StageRefused ends the run here, with nothing to be undone. */
export const handler = runStage(fulfilOrder, "RiskCheck", {
  handle: ({ data }) => {
    // Ask your own rules here.
    if (data.cents > 1_000_000) throw new StageRefused("over 10,000 an order is looked at by hand");
    return data;
  },
});
