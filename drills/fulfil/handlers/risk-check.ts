import { runStage } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { stageCode } from "../stage-code.ts";

/** Asks whether the customer is good for it, and sets a credit aside. */
export const handler = runStage(fulfilOrder, "RiskCheck", stageCode("RiskCheck", askPartner));
