import { describe, expect, it } from "@jest/globals";
import { itemBytes, writeUnits } from "../../bench/canned/item-size.ts";
import { readStatement } from "../../bench/canned/partiql.ts";
import { cannedTable } from "../../bench/canned/table.ts";
import { median, medians } from "../../bench/frame/interleave.ts";

describe("itemBytes", () => {
  it("adds names and values", () => {
    expect(itemBytes({ pk: { S: "abc" }, n: { N: "1234" }, on: { BOOL: true } })).toBe(2 + 3 + 1 + 3 + 2 + 1);
    expect(itemBytes({ l: { L: [{ S: "a" }, { S: "b" }] } })).toBe(1 + 3 + 2 + 2);
  });
});

describe("writeUnits", () => {
  it("costs one for each started KB of the larger side, and never none", () => {
    const small = { pk: { S: "a" } };
    const large = { pk: { S: "a".repeat(2_000) } };

    expect(writeUnits(undefined, small)).toBe(1);
    expect(writeUnits(large, small)).toBe(2);
    expect(writeUnits(undefined, undefined)).toBe(1);
  });
});

describe("readStatement", () => {
  it("fills an INSERT's parameters in their order", () => {
    const statement = `INSERT INTO "t" VALUE {'pk':?,'v':1,'state':'claimed','owner':?}`;

    expect(readStatement(statement, [{ S: "k" }, { S: "o" }])).toEqual({
      kind: "insert",
      table: "t",
      item: { pk: { S: "k" }, v: { N: "1" }, state: { S: "claimed" }, owner: { S: "o" } },
    });
  });

  it("finds an UPDATE's key behind what is set", () => {
    const statement = `UPDATE "t" SET "state"='done',"ended"=? WHERE "pk"=? AND "owner"=?`;

    expect(readStatement(statement, [{ N: "5" }, { S: "k" }, { S: "o" }])).toEqual({
      kind: "update",
      table: "t",
      key: { S: "k" },
      set: { state: { S: "done" }, ended: { N: "5" } },
    });
  });

  it("refuses a form that it does not know, because a guess is no count", () => {
    expect(() => readStatement(`DELETE FROM "t" WHERE "pk"=?`, [])).toThrow("does not know");
  });
});

describe("cannedTable", () => {
  const insert = { Statement: `INSERT INTO "t" VALUE {'pk':?}`, Parameters: [{ S: "k" }] };
  const update = { Statement: `UPDATE "t" SET "a"=? WHERE "pk"=?`, Parameters: [{ N: "1" }, { S: "k" }] };

  it("counts a transaction once, and its writes twice", () => {
    const table = cannedTable();
    const Update = {
      Key: { pk: { S: "k" } },
      UpdateExpression: "SET #a = :a ADD #b :b",
      ExpressionAttributeNames: { "#a": "a", "#b": "b" },
      ExpressionAttributeValues: { ":a": { N: "1" }, ":b": { N: "2" } },
    };

    table.run("TransactWriteItems", { TransactItems: [{ Update }, { Update }] });

    expect(table.counts()).toEqual({ requests: { TransactWriteItems: 1 }, writeUnits: 4, reads: 0 });
    expect(table.run("GetItem", Update)).toEqual({
      ok: { Item: { pk: { S: "k" }, a: { N: "1" }, b: { N: "2" } } },
    });
  });

  it("counts each request once and each statement's write by itself", () => {
    const table = cannedTable();

    table.run("BatchExecuteStatement", { Statements: [insert, update] });

    expect(table.counts()).toEqual({ requests: { BatchExecuteStatement: 1 }, writeUnits: 2, reads: 0 });
  });

  it("refuses a second insert and an update of nothing, and counts what they cost", () => {
    const table = cannedTable();

    const answer = table.run("BatchExecuteStatement", { Statements: [update, insert, insert] });

    expect(answer).toMatchObject({
      ok: {
        Responses: [{ Error: { Code: "ConditionalCheckFailed" } }, {}, { Error: { Code: "DuplicateItem" } }],
      },
    });
    expect(table.counts().writeUnits).toBe(3);
  });

  it("counts puts and updates of the plain operations, by the size of the item", () => {
    const table = cannedTable();
    table.run("PutItem", { Item: { id: { S: "k" }, data: { S: "x".repeat(1_500) } } });
    table.reset();

    table.run("UpdateItem", {
      Key: { id: { S: "k" } },
      UpdateExpression: "SET #s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "COMPLETED" } },
    });

    expect(table.counts()).toEqual({ requests: { UpdateItem: 1 }, writeUnits: 2, reads: 0 });
  });

  it("refuses an operation that it does not know", () => {
    expect(() => cannedTable().run("Scan", {})).toThrow("does not know");
  });
});

describe("medians", () => {
  it("takes the middle of each figure by itself", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(
      medians([
        { a: 1, b: 9 },
        { a: 3, b: 7 },
        { a: 2, b: 8 },
      ]),
    ).toEqual({ a: 2, b: 8 });
  });
});
