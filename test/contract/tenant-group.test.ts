import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { type Contract, defineEvent, type EventStamp, sealEvent } from "../../src/contract/index.ts";
import { ContractError, InvalidEventError } from "../../src/errors.ts";

const stamp: EventStamp = { source: "/shop/web", id: "e-1", timeMs: 0, subject: "o-1", partitionkey: "p-1" };
const schema = z.object({ customer: z.string().optional(), n: z.string().transform(Number).default(7) });
const base = { version: 1, topic: "orders", schema } as const;

function groupOf<C extends Contract>(contract: C, data: unknown, more: Partial<EventStamp> = {}) {
  const sealed = sealEvent(contract as Contract, data, { ...stamp, ...more });
  if (sealed instanceof Promise) throw new Error("this contract is validated at once");
  return sealed.groupId;
}

describe("the tenant of a contract", () => {
  it("is the message group on a standard topic, without a deduplication id", () => {
    const contract = defineEvent("order.created", { ...base, tenant: "customer" });

    const sealed = sealEvent(contract, { customer: "acme" }, stamp);

    expect(sealed).toMatchObject({ groupId: "acme" });
    expect(sealed).not.toHaveProperty("deduplicationId");
    expect(groupOf(contract, {})).toBeUndefined();
    expect(groupOf(contract, { customer: "" })).toBeUndefined();
  });

  it("is asked of a function, which sees the event with its data as the schema gives it out", () => {
    const seen: unknown[] = [];
    const contract = defineEvent("order.created", {
      ...base,
      tenant: (event) => {
        seen.push(event);
        return event.data.n;
      },
    });

    expect(groupOf(contract, {})).toBe("7");
    expect(groupOf(contract, { n: "12" }, { subject: undefined } as never)).toBe("12");
    expect(seen[0]).toEqual({
      id: "e-1",
      source: "/shop/web",
      type: "order.created",
      subject: "o-1",
      partitionkey: "p-1",
      data: { n: 7 },
    });
  });

  it("is none without one, whatever the partition key", () => {
    expect(groupOf(defineEvent("order.created", base), { customer: "acme" })).toBeUndefined();
  });

  it("waits for a schema that takes its time", async () => {
    const slow = z.object({ customer: z.string().refine(async () => true) });
    const contract = defineEvent("order.created", { ...base, schema: slow, tenant: "customer" });

    expect(await sealEvent(contract, { customer: "acme" }, stamp)).toMatchObject({ groupId: "acme" });
  });

  it("travels as a hash where SQS would not take it: no event is lost over a name", () => {
    const contract = defineEvent("order.created", { ...base, tenant: "customer" });

    const groups = ["Müller GmbH", "Müller AG", "x".repeat(129)].map((customer) =>
      groupOf(contract, { customer }),
    );

    expect(new Set(groups).size).toBe(3);
    for (const group of groups) expect(group).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["throws", () => JSON.parse("{"), /its tenant function threw: /],
    ["answers an object", () => ({}) as never, /its tenant is an object; a text or a number is allowed/],
    ["answers a promise", async () => "acme", /its tenant is /],
  ])("refuses the event when the function %s", (_, tenant, says) => {
    const contract = defineEvent("order.created", { ...base, tenant: tenant as () => string });

    expect(() => groupOf(contract, {})).toThrow(InvalidEventError);
    expect(() => groupOf(contract, {})).toThrow(says);
  });

  it("says nothing of what the function threw where fields are sensitive", () => {
    const contract = defineEvent("order.created", {
      ...base,
      sensitive: ["customer"],
      tenant: ({ data }) => {
        throw new Error(`no ${data.customer}`);
      },
    });

    expect(() => groupOf(contract, { customer: "4711" })).toThrow(/its tenant function threw; nothing was/);
  });

  it.each([
    ["an ordered topic", { topic: "orders.fifo", tenant: "customer" }, /topic orders\.fifo is ordered/],
    ["an empty name", { tenant: "" }, /tenant "" is not allowed/],
    ["a number", { tenant: 7 }, /tenant 7 is not allowed/],
  ])("is refused where it is declared: %s", (_, given, says) => {
    const declare = () => defineEvent("order.created", { ...base, ...given } as never);

    expect(declare).toThrow(ContractError);
    expect(declare).toThrow(says);
  });
});
