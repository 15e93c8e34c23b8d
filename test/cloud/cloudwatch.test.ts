import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createCloudWatch } from "../../local/cloud/endpoint/cloudwatch.ts";
import { createSqs } from "../../local/cloud/endpoint/sqs.ts";
import { openFauxqs } from "../../local/cloud/engines/fauxqs.ts";
import type { Fauxqs } from "../../local/cloud/engines/fauxqs-inside.ts";
import { queueFlows } from "../../ops/lag/index.ts";
import { systemClock } from "../../src/clock.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";

describe("createCloudWatch", () => {
  let fauxqs: Fauxqs;
  let server: Server;
  let endpoint: string;
  /** Ahead of the queues' own: messages look older. */
  const later = { ...systemClock, nowMs: () => systemClock.nowMs() + 5_000 };

  beforeAll(async () => {
    let answer: ReturnType<typeof createCloudWatch> | undefined;
    let sqs: ReturnType<typeof createSqs> | undefined;
    server = createServer((request, response) => {
      const isSqs = String(request.headers["x-amz-target"]).startsWith("AmazonSQS.");
      void (isSqs ? sqs : answer)?.(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    endpoint = `http://${host}`;
    fauxqs = await openFauxqs({ region: "us-east-1", address: endpoint });
    sqs = createSqs(fauxqs, host);
    answer = createCloudWatch(fauxqs, later);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await fauxqs.close();
  });

  it("tells bus lag what a queue got and lost, and how old its oldest message is", async () => {
    const clients = awsClients(endpoint);
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: "shop-Stock" }));
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "0" }));
    const Entries = [1, 2].map((n) => ({ Id: String(n), MessageBody: String(n) }));
    await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    clients.destroy();
    // What came and went is told when its second is over.
    await eventually("the second is over", () => {
      const { sent, deleted } = fauxqs.counts.lately("shop-Stock");
      return sent === 3 && deleted === 1;
    });

    const target = {
      endpoint,
      region: "us-east-1",
      domain: "amazonaws.com",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    };
    const flows = await queueFlows({ target, queueNames: ["shop-Stock", "shop-Gone"] });

    expect(flows.get("shop-Gone")).toEqual({
      inPerSecond: undefined,
      outPerSecond: undefined,
      oldestSeconds: undefined,
    });
    expect(flows.get("shop-Stock")).toMatchObject({ inPerSecond: 3 / 60, outPerSecond: 1 / 60 });
    const age = flows.get("shop-Stock")?.oldestSeconds ?? 0;
    expect(age).toBeGreaterThanOrEqual(5);
    expect(age).toBeLessThan(30);
  });
});
