import { runStage } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { stageCode } from "../stage-code.ts";

/** Sets the CDs aside. */
export const handler = runStage(fulfilOrder, "LockStock", stageCode("LockStock", askPartner));
