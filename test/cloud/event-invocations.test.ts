import { join } from "node:path";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type LocalCloud, startLocalCloud } from "../../local/cloud/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();
const queue = (name: string) => ({ Type: "AWS::SQS::Queue", Properties: { QueueName: name } });
const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const template = {
  Resources: {
    Dead: queue("dead"),
    Failed: queue("failed"),
    Done: queue("done"),
    Work: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "work",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        DeadLetterConfig: { TargetArn: arnOf("Dead") },
        Code: {
          ZipFile:
            "exports.handler = async (event) => { if (event.fail) throw new Error('no'); return event; };",
        },
      },
    },
    Config: {
      Type: "AWS::Lambda::EventInvokeConfig",
      Properties: {
        FunctionName: { Ref: "Work" },
        Qualifier: "$LATEST",
        MaximumRetryAttempts: 0,
        DestinationConfig: {
          OnFailure: { Destination: arnOf("Failed") },
          OnSuccess: { Destination: arnOf("Done") },
        },
      },
    },
  },
};
let cloud: LocalCloud;
let clients: ReturnType<typeof awsClients>;

beforeAll(async () => {
  const assembly = writeAssembly(join(folder, "assembly"), { Shop: { template } });
  cloud = await startLocalCloud({ assembly, port: 0 });
  clients = awsClients(cloud.endpoint);
}, 30_000);
afterAll(async () => {
  clients?.destroy();
  await cloud?.stop();
});

const submit = (Payload: string) =>
  clients.lambda.send(
    new InvokeCommand({ FunctionName: "work", InvocationType: "Event", Payload: Buffer.from(Payload) }),
  );
const receive = async (name: string) => {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: `${cloud.endpoint}/000000000000/${name}`,
      WaitTimeSeconds: 10,
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages[0];
};

describe("Invoke with InvocationType Event", () => {
  it("answers at once, and tells the function's queues what became of the event", async () => {
    const { StatusCode, $metadata } = await submit('{"fail":true}');
    await submit('{"good":1}');

    expect(StatusCode).toBe(202);
    const dead = await receive("dead");
    expect(dead?.Body).toBe('{"fail":true}');
    expect(dead?.MessageAttributes).toMatchObject({
      RequestID: { StringValue: $metadata.requestId },
      ErrorCode: { StringValue: "200" },
      ErrorMessage: { StringValue: "no" },
    });
    expect(JSON.parse((await receive("failed"))?.Body ?? "{}")).toMatchObject({
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
      requestPayload: { fail: true },
      responsePayload: { errorMessage: "no" },
    });
    expect(JSON.parse((await receive("done"))?.Body ?? "{}")).toMatchObject({
      requestContext: { condition: "Success" },
      responsePayload: { good: 1 },
    });
    expect(cloud.unsupported).toEqual([]);
  });

  it("takes a megabyte, and no more", async () => {
    await expect(submit(JSON.stringify("x".repeat(1024 * 1024)))).rejects.toMatchObject({
      name: "RequestTooLargeException",
    });
    expect((await submit(JSON.stringify("x".repeat(1024 * 1024 - 2)))).StatusCode).toBe(202);
  });
});
