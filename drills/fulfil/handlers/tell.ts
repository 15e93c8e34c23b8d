import { consume } from "../../../src/index.ts";
import { askPartner } from "../ask-partner.ts";
import { fulfilOrder } from "../contracts.ts";
import { tellCode } from "../stage-code.ts";

/** Tells the customer that nothing will come, when all is undone. */
export const handler = consume(fulfilOrder.compensated, tellCode(askPartner));
