import { describe, expect, it } from "@jest/globals";
import { orderCreated } from "../../drills/orders/contracts.ts";
import { expectedReasons, poisonKinds, poisonMessage } from "../../drills/orders/poison.ts";
import { decodeMessage, openEnvelope } from "../../src/contract/index.ts";
import { sns } from "../../src/limits-of-aws.ts";

describe("poison", () => {
  it.each(poisonKinds.map((kind, serial) => [kind.reason, serial] as const))(
    "is refused for %s by those who read it, and for nothing else",
    async (reason, serial) => {
      const { body } = poisonMessage(serial);

      const [decoded, ...others] = decodeMessage(body);

      expect(others).toEqual([]);
      const opened = decoded?.ok ? await openEnvelope(decoded.envelope, [orderCreated]) : decoded;
      expect(opened).toMatchObject({ ok: false, rejection: { code: reason } });
    },
  );

  it("passes every filter and limit on its way to the consumers", () => {
    for (const serial of poisonKinds.keys()) {
      const { topic, attributes, body } = poisonMessage(serial);

      expect(topic).toBe(orderCreated.topic);
      expect(attributes).toEqual({ type: orderCreated.type });
      expect(Buffer.byteLength(body)).toBeLessThan(sns.defaultMessageBytes);
    }
  });

  it("comes in turns, so that the reasons are known before the run", () => {
    expect(expectedReasons(0)).toEqual({});
    expect(expectedReasons(poisonKinds.length + 1)).toMatchObject({ "bad-json": 2, "too-deep": 1 });
    expect(Object.values(expectedReasons(70)).reduce((sum, count) => sum + count, 0)).toBe(70);
  });
});
