import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, it } from "@jest/globals";
import { startFauxqs } from "fauxqs";
import { z } from "zod";
import { decodeMessage, defineEvent } from "../../src/contract/index.ts";
import { InvalidEventError } from "../../src/errors.ts";
import { toPublishInput } from "../../src/publish/index.ts";

const schema = z.object({ orderId: z.string(), total: z.number() });
const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema,
  filterable: ["total"],
});
const orderPaid = defineEvent("order.paid", { version: 1, topic: "payments.fifo", schema });
const at = { bus: "shop", source: "checkout", account: "000000000000", region: "us-east-1" };
const data = { orderId: "o1", total: 12.5 };

describe("toPublishInput", () => {
  it("makes what the plain SDK publishes and a consumer reads", async () => {
    const server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
    const sns = new SNSClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: at.region,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    try {
      server.createTopic("shop-orders");
      server.createQueue("all");
      server.subscribe({ topic: "shop-orders", queue: "all", attributes: { RawMessageDelivery: "true" } });

      await sns.send(new PublishCommand(await toPublishInput(orderCreated, data, { ...at, id: "e1" })));

      const [arrived] = server.inspectQueue("all")?.messages.ready ?? [];
      const [event] = decodeMessage(arrived?.body ?? "");
      expect(event).toMatchObject({ ok: true, envelope: { id: "e1", source: "checkout", data } });
      expect(arrived?.messageAttributes).toMatchObject({
        type: { DataType: "String", StringValue: "order.created" },
        total: { DataType: "Number", StringValue: "12.5" },
      });
    } finally {
      sns.destroy();
      await server.stop();
    }
  });

  it("names group and deduplication id for an ordered topic", async () => {
    const input = await toPublishInput(orderPaid, data, { ...at, partitionkey: "o1" });

    expect(input).toMatchObject({
      TopicArn: "arn:aws:sns:us-east-1:000000000000:shop-payments.fifo",
      MessageGroupId: "o1",
      MessageDeduplicationId: expect.any(String),
    });
  });

  it("names the tenant as group on a standard topic", async () => {
    const fair = defineEvent("order.created", { version: 1, topic: "orders", schema, tenant: "orderId" });

    const input = await toPublishInput(fair, data, at);

    expect(input.MessageGroupId).toBe("o1");
    expect(input).not.toHaveProperty("MessageDeduplicationId");
  });

  it("refuses what a publisher would refuse", async () => {
    await expect(toPublishInput(orderCreated, { ...data, total: Number.NaN }, at)).rejects.toBeInstanceOf(
      InvalidEventError,
    );
    await expect(toPublishInput(orderCreated, data, { ...at, maxBytes: 100 })).rejects.toMatchObject({
      code: "too-large",
    });
  });

  it("stores and delays nothing, and says who does", async () => {
    const large = toPublishInput(orderCreated, { ...data, orderId: "x".repeat(300_000) }, at);
    const later = toPublishInput(orderCreated, data, { ...at, afterMs: 1_000 } as typeof at);

    await expect(large).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining("createPublisher({ claims: true })"),
    });
    await expect(later).rejects.toMatchObject({
      code: "delay",
      message: expect.stringContaining("give at and afterMs to publish"),
    });
  });
});
