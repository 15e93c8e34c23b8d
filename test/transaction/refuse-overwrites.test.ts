import { describe, expect, it } from "@jest/globals";
import { refuseOverwrites, type Write } from "../../src/transaction/index.ts";

const Key = { account: { S: "a" } };
const read = [{ TableName: "accounts", Key }];

function update(UpdateExpression: string, more: Partial<NonNullable<Write["Update"]>> = {}): Write {
  return {
    Update: {
      TableName: "accounts",
      Key,
      UpdateExpression,
      ExpressionAttributeNames: { "#cents": "cents" },
      ExpressionAttributeValues: { ":some": { N: "1" }, ":zero": { N: "0" } },
      ...more,
    },
  };
}

describe("refuseOverwrites", () => {
  it.each([
    ["a value that is set", update("SET cents = :some")],
    ["one of several", update("SET seen = seen + :some, cents = :some")],
    ["an attribute that is taken away", update("REMOVE cents")],
    ["a put", { Put: { TableName: "accounts", Item: { ...Key, cents: { N: "1" } } } }],
    ["a delete", { Delete: { TableName: "accounts", Key } }],
    [
      "the table by its ARN",
      update("SET cents = :some", { TableName: "arn:aws:dynamodb:us-east-1:1:table/accounts" }),
    ],
  ] satisfies [string, Write][])("refuses %s over an item that was read", (_, write) => {
    expect(() => refuseOverwrites([write], read)).toThrow(
      expect.objectContaining({
        code: "bare-overwrite",
        message: expect.stringContaining('{"account":{"S":"a"}} of'),
      }),
    );
    expect(() => refuseOverwrites([write], [])).not.toThrow();
    expect(() => refuseOverwrites([write], [{ TableName: "books", Key }])).not.toThrow();
    expect(() =>
      refuseOverwrites([write], [{ TableName: "accounts", Key: { account: { S: "b" } } }]),
    ).not.toThrow();
  });

  it.each([
    ["ADD", update("ADD cents :some")],
    ["a sum", update("SET #cents = #cents - :some")],
    ["a beginning", update("SET cents = if_not_exists(cents, :zero) + :some")],
    ["a list that grows", update("SET entries = list_append(entries, :some)")],
    ["a condition", update("SET cents = :some", { ConditionExpression: "cents = :zero" })],
    ["a check", { ConditionCheck: { TableName: "accounts", Key, ConditionExpression: "cents = :zero" } }],
    [
      "a put under a condition",
      { Put: { TableName: "accounts", Item: Key, ConditionExpression: "attribute_not_exists(account)" } },
    ],
  ] satisfies [string, Write][])("lets %s pass", (_, write) => {
    expect(() => refuseOverwrites([write], read)).not.toThrow();
  });
});
