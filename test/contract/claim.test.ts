import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  checkIn,
  checkOut,
  claimOf,
  dataHash,
  decodeMessage,
  type Envelope,
} from "../../src/contract/index.ts";
import { order } from "../helpers/consumer-world.ts";

const refOf = (hash: string) => `s3://shop-claims/claims/2026-11-27/${hash}.json`;
const sealed = order({ id: "o-1" });
const { message, data } = checkIn(sealed, refOf);
const decoded = (body: string) => {
  const [one] = decodeMessage(body);
  if (!one) throw new Error("a message has one event at least");
  return one;
};
const envelopeOf = (body: string): Envelope => {
  const one = decoded(body);
  if (!one.ok) throw new Error(one.rejection.message);
  return one.envelope;
};
const changed = (change: Record<string, unknown>) =>
  decoded(JSON.stringify({ ...JSON.parse(message.body), ...change }));

describe("checkIn", () => {
  it("takes the data out, the same way each time, and changes nothing else", () => {
    const { body, ...others } = message;
    const { body: whole, ...before } = sealed;

    expect(others).toEqual(before);
    expect(checkIn(sealed, refOf)).toEqual({ message, data });
    const { data: taken, ...head } = JSON.parse(whole);
    expect(JSON.parse(body)).toMatchObject(head);
    expect(claimOf(envelopeOf(body))).toEqual({
      ref: refOf(dataHash(taken)),
      bytes: data.length,
      hash: dataHash(taken),
    });
  });
});

describe("event.schema.json", () => {
  const schema = JSON.parse(
    readFileSync(new URL("../../schema/event.schema.json", import.meta.url), "utf8"),
  ) as object;
  const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

  it("takes an event with its data or with a claim, and none without both", () => {
    const { data: _data, ...neither } = JSON.parse(sealed.body) as Record<string, unknown>;

    expect(valid(JSON.parse(sealed.body))).toBe(true);
    expect(valid(JSON.parse(message.body))).toBe(true);
    expect(valid(neither)).toBe(false);
    expect(valid({ ...neither, dataref: "s3://b/k" })).toBe(false);
  });
});

describe("checkOut", () => {
  it("gives back what was checked in", () => {
    expect(checkOut(envelopeOf(message.body), data)).toEqual({ ok: true, envelope: envelopeOf(sealed.body) });
  });

  it("leaves an event alone that has its data", () => {
    const envelope = envelopeOf(sealed.body);

    expect(checkOut(envelope, Buffer.from("anything"))).toEqual({ ok: true, envelope });
  });

  it.each([
    ["not JSON", "bad-json", "{orderId}"],
    ["a forbidden key", "forbidden-key", '{"__proto__":{}}'],
    ["nested too deep", "too-deep", `${"[".repeat(40)}${"]".repeat(40)}`],
    ["not canonical", "claim-tampered", '{"orderId":"o-o-1","cents":1250}'],
  ])("refuses data under a hash that fits, which is %s", (_, code, text) => {
    const datarefhash = hash("sha256", text, "hex");
    const claimed = changed({ datarefbytes: text.length, datarefhash });
    if (!claimed.ok) throw new Error(claimed.rejection.message);

    expect(checkOut(claimed.envelope, Buffer.from(text))).toMatchObject({ ok: false, rejection: { code } });
  });

  it("refuses other bytes, be they as many", () => {
    const other = Buffer.from(data.toString().replace("1250", "1251"));

    expect(other.length).toBe(data.length);
    expect(checkOut(envelopeOf(message.body), other)).toMatchObject({
      rejection: { code: "claim-tampered" },
    });
  });

  it("refuses bytes that are no text", () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);

    expect(checkOut(envelopeOf(message.body), bytes)).toMatchObject({
      rejection: { code: "claim-tampered" },
    });
  });
});

describe("decodeMessage", () => {
  it.each([
    ["datarefhash", { datarefhash: undefined }],
    ["datarefhash", { datarefhash: "abc" }],
    ["datarefbytes", { datarefbytes: 0 }],
    ["datarefbytes", { datarefbytes: "7" }],
    ["dataref", { dataref: 7 }],
    ["dataref", { dataref: "" }],
    ["data", { dataref: undefined }],
  ])("refuses a claim without a proper %s", (field, change) => {
    expect(changed(change)).toMatchObject({ ok: false, rejection: { code: "bad-envelope", field } });
  });

  it("takes the data that an event has, whatever it refers to besides", () => {
    const one = changed({ data: { orderId: "o-1" }, datarefhash: "none of ours" });

    expect(one).toMatchObject({ ok: true, envelope: { data: { orderId: "o-1" } } });
    expect(one.ok && claimOf(one.envelope)).toBeUndefined();
  });
});
