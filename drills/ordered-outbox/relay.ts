import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { type RelaySettings, readJobSettings } from "../../src/env.ts";
import { relay } from "../../src/outbox/index.ts";
import { variable } from "../frame/variable.ts";
import { crashingParts } from "../outbox/crashing-parts.ts";
import { rowsBetweenVariable } from "../outbox/names.ts";
import { healedKey, stepsTable } from "./names.ts";
import { isPoison } from "./steps.ts";

const settings = readJobSettings<RelaySettings>();
const client = new DynamoDBClient({});
const { store, topics } = crashingParts(settings, Number(variable(rowsBetweenVariable)));
const isHealed = async () => {
  const Key = { pk: { S: healedKey } };
  return (await client.send(new GetItemCommand({ TableName: stepsTable, Key }))).Item !== undefined;
};

/** The relay of the bus, which says where it is; its topic refuses poison for good, until that is healed. */
export const handler = relay(settings, {
  store,
  topics: {
    async publishBatch(topicArn, messages) {
      const isRefused = messages.some(({ id }) => isPoison(id)) && !(await isHealed());
      const sent = messages.filter(({ id }) => !(isRefused && isPoison(id)));
      const results = sent.length === 0 ? [] : [...(await topics.publishBatch(topicArn, sent))];
      return messages.map((message) =>
        sent.includes(message)
          ? (results.shift() ?? { ok: false, code: "NoAnswer", message: "", retryable: true })
          : { ok: false, code: "InvalidParameter", message: "poison", retryable: false },
      );
    },
  },
});
