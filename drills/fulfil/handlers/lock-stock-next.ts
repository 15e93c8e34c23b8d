import { runStage } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { stageCode } from "../stage-code.ts";

/** The same, as it is deployed while orders come. */
export const handler = runStage(fulfilOrder, "LockStock", stageCode("LockStock", askPartner, 2));
