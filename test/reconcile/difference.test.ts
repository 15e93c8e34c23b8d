import { describe, expect, it } from "@jest/globals";
import { classify, type Entry, type FieldValue } from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";

const options = { lateAfterMs: 60_000 };
const at = (timeMs: number, fields: Entry["fields"] = { cents: 5 }): Entry => ({
  key: "transfer-7",
  timeMs,
  fields,
});
const classOf = (left: readonly Entry[], right: readonly Entry[]) =>
  classify("transfer-7", left, right, options)?.class;
/** What differs between two entries of one moment. */
const fieldsOf = (
  left: Record<string, FieldValue | undefined>,
  right: Record<string, FieldValue | undefined>,
) =>
  classify(
    "transfer-7",
    [at(startMs, left as Entry["fields"])],
    [at(startMs, right as Entry["fields"])],
    options,
  )?.fields ?? [];

describe("classify", () => {
  it("holds the earliest beside the earliest, however the sides order them", () => {
    const times = [startMs, startMs + hourMs, startMs + 9 * hourMs];

    expect(
      classOf(
        times.map((timeMs) => at(timeMs)),
        times.toReversed().map((timeMs) => at(timeMs)),
      ),
    ).toBeUndefined();
    expect(classOf([at(startMs), at(startMs + hourMs)], [at(startMs + hourMs), at(startMs + hourMs)])).toBe(
      "late",
    );
  });

  it("holds equal ones beside each other before it calls any of them a mismatch", () => {
    const left = [at(startMs, { cents: 1 }), at(startMs + 5, { cents: 2 }), at(startMs + 9, { cents: 3 })];
    const right = [at(startMs, { cents: 3 }), at(startMs + 5, { cents: 1 }), at(startMs + 9, { cents: 7 })];

    expect(classify("transfer-7", left, right, options)).toMatchObject({
      class: "mismatch",
      fields: [{ field: "cents", left: 2, right: 7 }],
    });
  });

  it("minds what type a value has, and nothing that JSON does not", () => {
    expect(fieldsOf({ cents: 1 }, { cents: "1" })).toEqual([{ field: "cents", left: 1, right: "1" }]);
    expect(fieldsOf({ open: true }, { open: 1 })).toHaveLength(1);
    expect(fieldsOf({ note: null }, {})).toEqual([{ field: "note", left: null, right: undefined }]);
    expect(fieldsOf({ note: "" }, { note: null })).toHaveLength(1);
    expect(fieldsOf({ cents: -0 }, { cents: 0 })).toEqual([]);
    expect(fieldsOf({ cents: 1e21 }, { cents: 1e21 })).toEqual([]);
    expect(fieldsOf({ note: undefined }, {})).toEqual([]);
  });

  it("takes fields of any name", () => {
    const proto = JSON.parse('{"__proto__": 1}') as Entry["fields"];

    expect(fieldsOf({ toString: 1 } as never, {})).toEqual([
      { field: "toString", left: 1, right: undefined },
    ]);
    expect(fieldsOf({}, proto)).toEqual([{ field: "__proto__", left: undefined, right: 1 }]);
    expect(fieldsOf(proto, proto)).toEqual([]);
  });

  it("takes a key that is there over and over", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => at(startMs + index));
    const few = many.slice(0, 20_000);
    const changed = [...few.slice(1), at(startMs, { cents: 6 })];

    expect(classOf(many, many.slice(1))).toBe("duplicate");
    expect(classOf(few, few.toReversed())).toBeUndefined();
    expect(classOf(few, changed)).toBe("mismatch");
  });
});
