import { describe, expect, it } from "@jest/globals";
import { type Decoded, decodeMessage } from "../../src/contract/index.ts";

const least = {
  specversion: "1.0",
  id: "e-1",
  source: "urn:shop",
  type: "order.created",
  time: "2026-01-31T12:00:00Z",
  dataschema: "urn:omnibus:order.created:1",
  data: { orderId: "o-1" },
};
const completed = { ...least, datacontenttype: "application/json", correlationid: "e-1" };

/** The only event of a body, or its rejection as `code field`. */
function decodeOne(body: string | Uint8Array): unknown {
  const decoded = decodeMessage(body);
  expect(decoded).toHaveLength(1);
  return short(decoded[0]);
}

function short(decoded: Decoded | undefined): unknown {
  if (!decoded) return undefined;
  return decoded.ok ? decoded.envelope : `${decoded.rejection.code} ${decoded.rejection.field}`.trim();
}

const changed = (change: Record<string, unknown>) => decodeOne(JSON.stringify({ ...least, ...change }));
const nested = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
const wrap = (message: unknown) =>
  JSON.stringify({
    Type: "Notification",
    MessageId: "m-1",
    TopicArn: "arn",
    Message: message,
    MessageAttributes: {},
  });

describe("decodeMessage", () => {
  it("completes what plain SDK publishers may leave out", () => {
    expect(changed({})).toEqual(completed);
  });

  it("keeps what is given, unknown extensions too", () => {
    const all = {
      datacontenttype: "application/json",
      correlationid: "c-1",
      causationid: "e-0",
      partitionkey: "customer 7",
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      subject: "o-1",
      hop: 3,
      tenant: "acme",
      retries: 2147483647,
      urgent: false,
      empty: "",
    };

    expect(changed(all)).toEqual({ ...least, ...all });
  });

  it("takes attributes that are null as left out, as CloudEvents says, but data may be null", () => {
    expect(changed({ subject: null, correlationid: null, tenant: null, data: null })).toEqual({
      ...completed,
      data: null,
    });
    expect(changed({ id: null })).toBe("bad-envelope id");
  });

  it.each(["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "APPLICATION/JSON"])(
    "takes %s for JSON",
    (datacontenttype) => {
      expect(changed({ datacontenttype })).toEqual(completed);
    },
  );

  it("reads bytes like text", () => {
    const body = JSON.stringify({ ...least, data: "é😀" });

    expect(decodeOne(new TextEncoder().encode(body))).toEqual({ ...completed, data: "é😀" });
    expect(decodeOne(Buffer.from(body))).toEqual({ ...completed, data: "é😀" });
  });

  it.each([
    ["specversion", ["0.3", "1", 1, "", {}, "1.0 "]],
    ["id", ["", 1, "x".repeat(257), "a\nb", "a\u0085b", {}, [], true]],
    ["source", ["", 1, "x".repeat(1_025), "a\nb", {}]],
    ["type", ["order", "Order.Created", "a.b\n", "", 1, `a.${"b".repeat(127)}`]],
    ["subject", ["", 1, "x".repeat(1_025), "\u0000"]],
    ["datacontenttype", ["text/plain", "application/json; charset=latin1", "", 1, "application/xml"]],
    [
      "dataschema",
      [
        "urn:omnibus:order.paid:1",
        "urn:omnibus:order.created",
        "urn:omnibus:order.created:0",
        "urn:omnibus:order.created:x",
        "urn:omnibus:order.created:1:1",
        "https://example.com/order.json",
        "",
        1,
      ],
    ],
    ["correlationid", ["", 1, "x".repeat(257)]],
    ["causationid", ["", {}]],
    ["partitionkey", ["", 7, "x".repeat(257)]],
    ["traceparent", ["", 7]],
    ["hop", [-1, 1.5, 256, "1", true, {}]],
    ["data_base64", ["e30=", ""]],
    ["tenant", [1.5, 2147483648, {}, ["a"], "a\u0007"]],
    ["Tenant", ["acme"]],
    ["tenant-id", ["acme"]],
  ])("refuses %s when it is not as it must be", (field, values) => {
    for (const value of values) {
      expect([value, changed({ [field]: value })]).toEqual([
        value,
        `bad-envelope ${/^[\w-]+$/.test(field) ? field : `["${field}"]`}`,
      ]);
    }
  });

  it.each(["specversion", "id", "source", "type", "time", "dataschema", "data"])("needs %s", (field) => {
    expect(changed({ [field]: undefined })).toBe(`bad-envelope ${field}`);
  });

  it.each([
    "2026-01-31T12:00:00Z",
    "2026-01-31t12:00:00z",
    "2024-02-29T23:59:59.999999999+05:30",
    "2000-02-29T00:00:00-00:00",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
  ])("takes the time %s, which JavaScript can read", (time) => {
    expect(changed({ time })).toMatchObject({ time });
    expect(Date.parse(time)).not.toBeNaN();
  });

  it.each([
    "NaN",
    "",
    "now",
    "2026-02-30T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T12:60:00Z",
    "2026-06-30T23:59:60Z",
    "2026-01-31T12:00:00",
    "2026-01-31 12:00:00Z",
    "2026-01-31T12:00:00+24:00",
    "2026-01-31T12:00:00.Z",
    "2026-01-31",
    "+002026-01-31T12:00:00Z",
    " 2026-01-31T12:00:00Z",
    `2026-01-31T12:00:00.${"1".repeat(60)}Z`,
    1769860800000,
    {},
  ])("refuses the time %j", (time) => {
    expect(changed({ time })).toBe("bad-envelope time");
  });

  it.each([
    ["nothing", "", "bad-json"],
    ["no JSON", "{", "bad-json"],
    ["a trailing comma", "[1,]", "bad-json"],
    ["a literal", "null", "bad-envelope"],
    ["text", '"x"', "bad-envelope"],
    ["a number", "1", "bad-envelope"],
    ["an empty object", "{}", "bad-envelope specversion"],
    ["an empty batch", "[]", "bad-envelope"],
    ["a number out of range", "1e999", "bad-json"],
    ["half a surrogate pair", '"\ud800"', "bad-encoding"],
    ["half an escaped surrogate pair", '"\\ud800"', "bad-encoding"],
  ])("refuses %s", (_name, body, rejection) => {
    expect(decodeOne(body)).toBe(rejection);
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(decodeOne(Uint8Array.of(0x22, 0xff, 0x22))).toBe("bad-encoding");
    expect(decodeOne(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toBe("bad-encoding");
  });

  it("refuses what is neither text nor bytes, from code without types", () => {
    for (const body of [undefined, null, 1, {}, []]) {
      expect(decodeOne(body as unknown as string)).toBe("bad-encoding");
    }
  });

  it("measures the size in bytes, and refuses the first byte too many", () => {
    const body = JSON.stringify({ ...least, data: "é".repeat(100) });
    const maxBytes = Buffer.byteLength(body);

    for (const form of [body, Buffer.from(body)]) {
      expect(decodeMessage(form, { maxBytes })[0]?.ok).toBe(true);
      expect(short(decodeMessage(form, { maxBytes: maxBytes - 1 })[0])).toBe("too-large");
    }
    expect(decodeOne(`"${"x".repeat(1024 * 1024)}"`)).toBe("too-large");
  });

  it("names the field in unsafe data", () => {
    const withData = (data: string) => decodeOne(JSON.stringify(least).replace('{"orderId":"o-1"}', data));

    expect(withData('{"items":[{"a b":1e999}]}')).toBe('bad-json data.items[0]["a b"]');
    expect(withData('{"items":["\\udfff"]}')).toBe("bad-encoding data.items[0]");
    expect(withData('{"\\udfff":1}')).toBe('bad-encoding data["\\udfff"]');
    expect(withData('{"a":{"__proto__":{"x":1}}}')).toBe("forbidden-key data.a.__proto__");
    expect(withData('[{"constructor":1}]')).toBe("forbidden-key data[0].constructor");
    expect(withData('{"prototype":1}')).toBe("forbidden-key data.prototype");
    expect(withData('{"":1e999}')).toBe('bad-json data[""]');
    expect(withData("-1e999")).toBe("bad-json data");
  });

  it("takes whole surrogate pairs, escaped or not", () => {
    const body = JSON.stringify(least).replace('{"orderId":"o-1"}', '"\\ud83d\\ude00😀\\\\ud800"');

    expect(decodeOne(body)).toMatchObject({ data: "😀😀\\ud800" });
  });

  it("takes 32 levels and refuses 33, and those alone too", () => {
    const withLevels = (levels: number) =>
      decodeOne(JSON.stringify(least).replace('{"orderId":"o-1"}', nested(levels)));

    expect(withLevels(31)).toMatchObject({ id: "e-1" });
    expect(withLevels(32)).toBe(`too-deep data${"[0]".repeat(31)}`);
    expect(decodeOne(nested(500_000))).toBe(`too-deep ${"[0]".repeat(33)}`);
  });

  it("takes 2,000 keys in all and refuses one more", () => {
    const withKeys = (count: number) =>
      changed({ data: [Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, key]))] });

    expect(withKeys(2_000 - 7)).toMatchObject({ id: "e-1" });
    expect(withKeys(2_001 - 7)).toBe("too-many-keys data[0]");
  });

  it.each(["__proto__", "constructor", "prototype"])("refuses %s beside the attributes", (key) => {
    expect(decodeOne(JSON.stringify(least).replace("{", `{"${key}":{"specversion":"1.0"},`))).toBe(
      `forbidden-key ${key}`,
    );
  });

  it("does not let a rejection carry control characters or much of the value", () => {
    const [decoded] = decodeMessage(JSON.stringify({ ...least, id: `\u001b[31m\u009b${"x".repeat(9_999)}` }));
    if (!decoded || decoded.ok) throw new Error("not refused");

    expect(decoded.rejection.message).not.toMatch(/\p{Cc}/u);
    expect(decoded.rejection.message.length).toBeLessThan(500);
  });
});

describe("decodeMessage, batches", () => {
  it("judges each event for itself, in order, and says which", () => {
    const body = JSON.stringify([
      least,
      { ...least, id: "" },
      7,
      { ...least, id: "e-4" },
      [],
      { ...least, data: { __proto__x: 1 } },
    ]);

    expect(decodeMessage(body).map(short)).toEqual([
      completed,
      "bad-envelope [1].id",
      "bad-envelope [2]",
      { ...completed, id: "e-4", correlationid: "e-4" },
      "bad-envelope [4]",
      { ...completed, data: { __proto__x: 1 } },
    ]);
  });

  it("counts levels and keys for each event alone", () => {
    const data = Object.fromEntries(Array.from({ length: 1_500 }, (_, key) => [`k${key}`, key]));

    expect(
      decodeMessage(
        JSON.stringify([
          { ...least, data },
          { ...least, data },
        ]),
      ).map(({ ok }) => ok),
    ).toEqual([true, true]);
    expect(
      short(decodeMessage(`[${JSON.stringify(least).replace('{"orderId":"o-1"}', nested(31))}]`)[0]),
    ).toMatchObject({
      id: "e-1",
    });
    expect(
      short(decodeMessage(`[${JSON.stringify(least).replace('{"orderId":"o-1"}', nested(32))}]`)[0]),
    ).toBe(`too-deep [0].data${"[0]".repeat(31)}`);
  });

  it("takes 1,000 events and refuses 1,001", () => {
    const batch = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, id) => ({ ...least, id: `${id}` })));

    expect(decodeMessage(batch(1_000)).filter(({ ok }) => ok)).toHaveLength(1_000);
    expect(decodeOne(batch(1_001))).toBe("bad-envelope");
  });
});

describe("decodeMessage, wrapped by SNS", () => {
  it("unwraps one event, and a batch", () => {
    expect(decodeOne(wrap(JSON.stringify(least)))).toEqual(completed);
    expect(decodeMessage(wrap(JSON.stringify([least, least]))).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it("unwraps once only, and says what is wrong inside", () => {
    expect(decodeOne(wrap(wrap(JSON.stringify(least))))).toBe("bad-envelope Message");
    expect(decodeOne(wrap("{"))).toBe("bad-json Message");
    expect(decodeOne(wrap("\ud800"))).toBe("bad-encoding Message");
    expect(decodeOne(wrap("[]"))).toBe("bad-envelope Message");
    expect(decodeOne(wrap(JSON.stringify({ ...least, id: "" })))).toBe("bad-envelope id");
  });

  it("takes other kinds of SNS messages for what they are, no event", () => {
    expect(decodeOne(JSON.stringify({ Type: "SubscriptionConfirmation", Message: "…" }))).toBe(
      "bad-envelope specversion",
    );
    expect(decodeOne(wrap({ not: "text" }))).toBe("bad-envelope specversion");
  });
});
