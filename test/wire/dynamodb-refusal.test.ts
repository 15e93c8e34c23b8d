import { describe, expect, it } from "@jest/globals";
import { cancellationReasons, refusalOf, WireError } from "../../src/wire/index.ts";

const stood = { pk: { S: "a" } };

/** A refusal as either adapter throws it: the AWS SDK's error has fields, that of signed HTTP has the answer's body. */
const thrownBy: Readonly<Record<string, (name: string, fields?: object) => Error>> = {
  "the AWS SDK": (name, fields = {}) => Object.assign(new Error("no"), { name, ...fields }),
  "signed HTTP": (name, fields = {}) => {
    const error = new WireError(name, "no", 400);
    error.answer = { body: JSON.stringify(fields), date: undefined };
    return error;
  },
};

describe.each(Object.entries(thrownBy))("refusalOf, of what %s throws", (_, thrown) => {
  const canceled = (...CancellationReasons: readonly object[]) =>
    thrown("TransactionCanceledException", { CancellationReasons });

  it("tells that a condition did not hold, and what stood there", () => {
    expect(refusalOf(thrown("ConditionalCheckFailedException", { Item: stood }))).toEqual({
      status: "refused",
      items: [stood],
    });
    expect(refusalOf(canceled({ Code: "None" }, { Code: "ConditionalCheckFailed", Item: stood }))).toEqual({
      status: "refused",
      items: [undefined, stood],
    });
  });

  it("tells a conflict, also where a condition did not hold beside it: that may be of a moment ago", () => {
    for (const name of ["TransactionConflictException", "TransactionInProgressException"]) {
      expect(refusalOf(thrown(name))).toEqual({ status: "conflict" });
    }
    expect(refusalOf(canceled({ Code: "ConditionalCheckFailed" }, { Code: "TransactionConflict" }))).toEqual({
      status: "conflict",
    });
  });

  it("is none where DynamoDB did not answer, was throttled, or does not say why", () => {
    expect(refusalOf(thrown("TimeoutError"))).toBeUndefined();
    expect(refusalOf(canceled({ Code: "ThrottlingError" }))).toBeUndefined();
    expect(refusalOf(thrown("TransactionCanceledException"))).toBeUndefined();
  });

  it("has the reasons of a canceled transaction, and of nothing else", () => {
    const reasons = [{ Code: "None" }, { Code: "ValidationError", Message: "too large" }];

    expect(cancellationReasons(canceled(...reasons))).toEqual(reasons);
    expect(cancellationReasons(thrown("ValidationException", { CancellationReasons: reasons }))).toBe(
      undefined,
    );
  });
});
