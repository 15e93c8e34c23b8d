import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { runStage, StageRefused } from "../../src/index.ts";
import { countWrite } from "./count-write.ts";
import { keepPromise, mostCents } from "./promise-contracts.ts";

const dynamodb = new DynamoDBClient({});

/** Has the customer pay, unless it is too much. */
export const handler = runStage(keepPromise, "Pay", {
  handle: async ({ data: { order, cents } }) => {
    if (cents > mostCents) throw new StageRefused("card declined");
    await dynamodb.send(new UpdateItemCommand(countWrite(`paid ${order}`)));
  },
});
