import { describe, expect, it } from "@jest/globals";
import { readDeadLetter, tellAttempts } from "../../../ops/dead-letters/index.ts";
import { type LedgerItem, type LedgerReader, ledgerKey } from "../../../src/ledger/index.ts";

const text = (StringValue: string) => ({ DataType: "String", StringValue });
const event = (id: string) => ({
  ...{ specversion: "1.0", id, source: "/shop", type: "order.created", time: "2026-11-22T10:00:00Z" },
  ...{ dataschema: "urn:omnibus:order.created:1", data: {} },
});
const letter = (id: string, note?: object, kind: "processing" | "undelivered" = "processing") =>
  readDeadLetter(
    {
      MessageId: id,
      Body: JSON.stringify(event(id)),
      ...(note ? { MessageAttributes: { omnibus: text(JSON.stringify(note)) } } : {}),
    },
    kind,
  );

/** A ledger that knows of so many started runs by key, and of how often it was asked. */
function ledgerOf(attempts: Readonly<Record<string, number>>) {
  const asked: (readonly string[])[] = [];
  const reader: LedgerReader = {
    read: async (keys) => {
      asked.push(keys);
      return keys.map((key) => (key in attempts ? ({ attempts: attempts[key] } as LedgerItem) : undefined));
    },
  };
  return { reader, asked };
}
const keyOf = (id: string, replayId?: string) =>
  ledgerKey({ consumer: "Stock", source: "/shop", id, replayId });

describe("tellAttempts", () => {
  it("asks once for all letters without a note, of a replay's run by its own key, and leaves the others", async () => {
    const { reader, asked } = ledgerOf({ [keyOf("a")]: 3, [keyOf("b", "r-1")]: 7, [keyOf("b")]: 1 });
    const noted = letter("c", { reason: "permanent", attempts: 2 });
    const given = [letter("a"), letter("b", { replayId: "r-1" }), noted, letter("unknown")];

    const { letters, problem } = await tellAttempts(given, { consumer: "Stock", ledger: reader });

    expect(letters.map(({ attempts }) => attempts)).toEqual([3, 7, 2, undefined]);
    expect(asked).toEqual([[keyOf("a"), keyOf("b", "r-1"), keyOf("unknown")]]);
    expect(problem).toBeUndefined();
  });

  it("asks nobody where every letter tells its own, or was never delivered", async () => {
    const { reader, asked } = ledgerOf({});
    const given = [letter("c", { reason: "permanent", attempts: 2 }), letter("d", undefined, "undelivered")];

    expect(await tellAttempts(given, { consumer: "Stock", ledger: reader })).toEqual({ letters: given });
    expect(asked).toEqual([]);
  });

  it("leaves all as it is, and says why, where the ledger may not be read", async () => {
    const denied: LedgerReader = {
      read: async () => {
        throw new Error("not authorized to perform: dynamodb:BatchGetItem");
      },
    };
    const given = [letter("a")];

    const told = await tellAttempts(given, { consumer: "Stock", ledger: denied });

    expect(told.letters).toEqual(given);
    expect(told.problem).toContain("dynamodb:BatchGetItem");
  });
});
