import { runStage } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { stageCode } from "../stage-code.ts";

/** Hands the parcel over; what has left the house is not undone. */
export const handler = runStage(fulfilOrder, "Ship", { handle: stageCode("Ship", askPartner).handle });
