import { runStage } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { stageCode } from "../stage-code.ts";

/** Has the customer pay. */
export const handler = runStage(fulfilOrder, "Charge", stageCode("Charge", askPartner));
