import { describe, expect, it } from "@jest/globals";
import { createUnmatched } from "../../local/cloud/endpoint/unmatched.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

const arn = "arn:aws:sns:us-east-1:000000000000:shop-orders";
const policies = [{ type: ["order.created"] }, { type: ["order.paid"], country: ["de"] }];

function world() {
  const lines: string[] = [];
  const clock = virtualClock();
  const unmatched = createUnmatched((text) => lines.push(text), clock);
  const publish = (type?: string, asked: readonly Record<string, unknown>[] = policies) => {
    const attributes = type === undefined ? {} : { type: { DataType: "String", StringValue: type } };
    unmatched(arn, { id: "1", message: "{}", bytes: 2, attributes } as never, asked);
  };
  return { lines, clock, publish };
}

describe("createUnmatched", () => {
  it("says that the attribute type is missing, and what is asked for", () => {
    const { lines, publish } = world();

    publish();

    expect(lines).toEqual([
      'topic shop-orders: a message matched no subscription (there are 2) and is gone, as on AWS; it has no message attribute "type", and they ask for order.created, order.paid: give it to the publish call, beside the body',
    ]);
  });

  it("names a type that nobody asks for, and otherwise the other fields of the filters", () => {
    const { lines, publish } = world();

    publish("order.creatde");
    publish("order.paid");
    publish("other", [{ type: [{ prefix: "order." }] }]);

    expect(lines[0]).toMatch(
      /of type "order\.creatde" matched no subscription .*they ask for the types order\.created, order\.paid/,
    );
    expect(lines[1]).toMatch(/of type "order\.paid" .*their filters ask for type, country/);
    expect(lines[2]).toMatch(/their filters ask for type: /);
  });

  it("speaks of one topic and type once a minute at most, and counts the rest", async () => {
    const { lines, clock, publish } = world();

    for (let at = 0; at < 5; at++) publish();
    publish("order.paid");
    await clock.advance(60_000);
    publish();

    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/\(4 more like it since this was last said\)$/);
  });
});
