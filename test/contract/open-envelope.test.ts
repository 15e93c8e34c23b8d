import { describe, expect, it } from "@jest/globals";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import {
  type Contract,
  dataHash,
  decodeMessage,
  defineEvent,
  type Envelope,
  type Opened,
  openEnvelope,
} from "../../src/contract/index.ts";

/** An envelope as it comes off the wire. */
function envelope(data: unknown, { type: name = "order.created", version = 1, more = {} } = {}): Envelope {
  const [decoded] = decodeMessage(
    JSON.stringify({
      specversion: "1.0",
      id: "e-1",
      source: "urn:shop",
      type: name,
      time: "2026-01-31T12:00:00Z",
      dataschema: `urn:omnibus:${name}:${version}`,
      data,
      ...more,
    }),
  );
  if (!decoded?.ok) throw new Error(`not decoded: ${decoded?.rejection.message}`);
  return decoded.envelope;
}

function open(of: Envelope, ...contracts: Contract[]): Opened {
  const opened = openEnvelope(of, contracts);
  if (opened instanceof Promise) throw new Error("the contract validates asynchronously");
  return opened;
}

const v1 = defineEvent("order.created", { version: 1, topic: "orders", schema: z.object({ n: z.number() }) });
const v3 = defineEvent("order.created", {
  version: 3,
  topic: "orders",
  schema: z.object({ amount: z.object({ cents: z.number() }) }),
  upcast: {
    1: (data: { n: number }) => ({ cents: data.n * 100 }),
    2: (data: { cents: number }) => ({ amount: data }),
  },
});

describe("openEnvelope", () => {
  it("gives the contract, and the event with validated data and version", () => {
    const opened = open(envelope({ n: 1, extra: true }, { more: { hop: 2, tenant: "acme" } }), v1);

    expect(opened).toMatchObject({ ok: true, contract: { type: "order.created", version: 1 } });
    expect(opened.ok && opened.event).toEqual({
      specversion: "1.0",
      id: "e-1",
      source: "urn:shop",
      type: "order.created",
      time: "2026-01-31T12:00:00Z",
      datacontenttype: "application/json",
      dataschema: "urn:omnibus:order.created:1",
      correlationid: "e-1",
      hop: 2,
      tenant: "acme",
      data: { n: 1 },
      version: 1,
    });
  });

  it("names the field that a contract refuses, with each validator", () => {
    const schemas = [z.object({ n: z.number() }), v.object({ n: v.number() }), type({ n: "number" })];

    for (const schema of schemas) {
      const contract = defineEvent("order.created", { version: 1, topic: "orders", schema });
      expect(open(envelope({ n: "x" }), contract)).toMatchObject({
        ok: false,
        rejection: {
          code: "invalid-data",
          field: "data.n",
          message: expect.stringMatching(/^order\.created:1: /),
        },
      });
    }
  });

  it("raises older data version by version, before it is validated", () => {
    expect(open(envelope({ n: 2 }), v3)).toMatchObject({
      ok: true,
      event: { version: 3, dataschema: "urn:omnibus:order.created:1", data: { amount: { cents: 200 } } },
    });
    expect(open(envelope({ cents: 5 }, { version: 2 }), v3)).toMatchObject({
      ok: true,
      event: { version: 3, data: { amount: { cents: 5 } } },
    });
    expect(open(envelope({ n: "x" }), v3)).toMatchObject({
      ok: false,
      rejection: { code: "invalid-data", field: "data.amount.cents" },
    });
  });

  it("prefers the contract of the event's very version, and then the nearest that reaches it", () => {
    const v4 = defineEvent("order.created", {
      version: 4,
      topic: "orders",
      schema: z.unknown(),
      upcast: { 1: (data) => data, 2: (data) => data, 3: (data) => data },
    });

    expect(open(envelope({ n: 1 }), v4, v3, v1)).toMatchObject({ ok: true, contract: { version: 1 } });
    expect(open(envelope({ n: 1 }), v4, v3)).toMatchObject({ ok: true, contract: { version: 3 } });
  });

  it("keeps the envelope as it arrived when an upcaster changes what it is given", () => {
    const careless = defineEvent("order.created", {
      version: 2,
      topic: "orders",
      schema: z.object({ n: z.number() }),
      upcast: {
        1: (data: { n: number }) => {
          data.n = 99;
          return data;
        },
      },
    });
    const arrived = envelope({ n: 1 });
    const hash = dataHash(arrived.data);

    expect(open(arrived, careless)).toMatchObject({ ok: true, event: { data: { n: 99 } } });
    expect(dataHash(arrived.data)).toBe(hash);
  });

  it("takes a throwing upcaster for a rejection", () => {
    const broken = defineEvent("order.created", {
      version: 2,
      topic: "orders",
      schema: z.unknown(),
      upcast: {
        1: () => {
          throw new Error("cannot");
        },
      },
    });

    expect(open(envelope({ n: 1 }), broken)).toMatchObject({
      ok: false,
      rejection: {
        code: "upcast-failed",
        field: "data",
        message: expect.stringContaining("version 1 threw: cannot"),
      },
    });
  });

  it.each([
    ["resolves", (data: unknown) => Promise.resolve(data)],
    ["rejects", () => Promise.reject(new Error("nobody hears this"))],
  ])("says that promises are not awaited where the one of an upcaster %s", (_, step) => {
    const waiting = defineEvent("order.created", {
      version: 2,
      topic: "orders",
      schema: z.unknown(),
      upcast: { 1: step },
    });

    expect(open(envelope({ n: 1 }), waiting)).toMatchObject({
      ok: false,
      rejection: {
        code: "upcast-failed",
        field: "data",
        message: expect.stringMatching(/version 1 returned a promise, and promises are not awaited/),
      },
    });
  });

  it.each([4, 999_999_999])("does not know version %d", (version) => {
    expect(open(envelope({ n: 1 }, { version }), v3, v1)).toMatchObject({
      ok: false,
      rejection: {
        code: "unknown-version",
        field: "dataschema",
        message: expect.stringContaining("known: order.created:3, order.created:1"),
      },
    });
  });

  it("does not know a version below the upcasters", () => {
    const reachesTwo = defineEvent("order.created", {
      version: 3,
      topic: "orders",
      schema: z.unknown(),
      upcast: { 2: (data) => data },
    });

    expect(open(envelope({}), reachesTwo)).toMatchObject({
      ok: false,
      rejection: { code: "unknown-version" },
    });
  });

  it("does not know another type, nor any without contracts", () => {
    const other = envelope({}, { type: "order.paid" });

    expect(open(other, v1)).toMatchObject({
      ok: false,
      rejection: { code: "unknown-type", field: "type", message: expect.stringContaining("order.paid") },
    });
    expect(open(other)).toMatchObject({ ok: false, rejection: { code: "unknown-type" } });
  });

  it("answers with a promise only when the schema validates asynchronously", async () => {
    const slow = defineEvent("order.created", {
      version: 1,
      topic: "orders",
      schema: z.object({ n: z.number().refine(async (n) => n > 0) }),
    });

    const opened = openEnvelope(envelope({ n: 1 }), [slow]);
    expect(opened).toBeInstanceOf(Promise);
    expect(await opened).toMatchObject({ ok: true, event: { data: { n: 1 } } });
    expect(await openEnvelope(envelope({ n: 0 }), [slow])).toMatchObject({
      ok: false,
      rejection: { code: "invalid-data", field: "data.n" },
    });
  });

  it("never throws, also when the validator does", async () => {
    const validate = () => {
      throw new Error("no\u001b[31m");
    };
    const atOnce = defineEvent("order.created", {
      version: 1,
      topic: "orders",
      schema: { "~standard": { version: 1 as const, vendor: "test", validate } },
    });
    const later = defineEvent("order.created", {
      version: 1,
      topic: "orders",
      schema: { "~standard": { version: 1 as const, vendor: "test", validate: async () => validate() } },
    });

    for (const contract of [atOnce, later]) {
      expect(await openEnvelope(envelope({}), [contract])).toMatchObject({
        ok: false,
        rejection: {
          code: "invalid-data",
          field: "data",
          message: "order.created:1: the validator threw: no\\u001b[31m",
        },
      });
    }
  });

  it("does not repeat what is said of sensitive fields", () => {
    const schema = type({ card: "string.digits" });
    const secret = defineEvent("order.created", { version: 1, topic: "orders", schema, sensitive: ["card"] });

    const opened = open(envelope({ card: "4111-1111" }), secret);

    expect(opened).toMatchObject({ ok: false, rejection: { field: "data.card" } });
    expect(JSON.stringify(opened)).not.toContain("4111");
  });
});
