import { runStage } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { stageCode } from "../stage-code.ts";

/** Packs the parcel. */
export const handler = runStage(fulfilOrder, "Pack", stageCode("Pack", askPartner));
