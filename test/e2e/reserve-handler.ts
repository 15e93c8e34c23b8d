import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { runStage } from "../../src/index.ts";
import { countWrite } from "./count-write.ts";
import { keepPromise } from "./promise-contracts.ts";

const dynamodb = new DynamoDBClient({});
const count = (name: string) => dynamodb.send(new UpdateItemCommand(countWrite(name)));

/** Sets stock aside, and gives it back when the run comes back. */
export const handler = runStage(keepPromise, "Reserve", {
  handle: async ({ data }) => {
    await count(`reserved ${data.order}`);
    return data;
  },
  compensate: async ({ about: { order } }) => {
    await count(`given back ${order}`);
  },
});
