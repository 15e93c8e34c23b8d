import { describe, expect, it } from "@jest/globals";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { EventBus } from "../../lib/index.ts";
import { aBus, anApp, aStack, orderPlaced, templateOf } from "../helpers/stacks.ts";

function aRole(stack: Stack): Role {
  return new Role(stack, "Publisher", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });
}

const arnOf = (topic: string) => Match.objectLike({ "Fn::Join": ["", Match.arrayWith([`:shop-${topic}`])] });

describe("EventBus", () => {
  it("makes one topic for each topic of its contracts, ordered where the name says so", () => {
    const stack = aStack();

    aBus(stack);

    const template = templateOf(stack);
    template.resourceCountIs("AWS::SNS::Topic", 3);
    template.hasResourceProperties("AWS::SNS::Topic", {
      TopicName: "shop-orders",
      FifoTopic: Match.absent(),
    });
    template.hasResourceProperties("AWS::SNS::Topic", {
      TopicName: "shop-balances.fifo",
      FifoTopic: true,
      FifoThroughputScope: "MessageGroup",
    });
  });

  it("keeps a ledger that survives the stack", () => {
    const stack = aStack();

    aBus(stack);

    templateOf(stack).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        TableName: "shop-ledger",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  it("has a table for limits before there are any, which goes with the stack", () => {
    const stack = aStack();

    aBus(stack);

    templateOf(stack).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: {
        TableName: "shop-limits",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        ResourcePolicy: Match.anyValue(),
      },
    });
  });

  it("has a table for its jobs, whose stream wakes who waits, and which survives the stack", () => {
    const stack = aStack();

    aBus(stack);

    templateOf(stack).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: {
        TableName: "shop-jobs",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        StreamSpecification: { StreamViewType: "NEW_IMAGE" },
        ResourcePolicy: Match.anyValue(),
      },
    });
  });

  it("has a table for parked groups where a topic is ordered, which survives the stack as the ledger does", () => {
    const stack = aStack();

    aBus(stack);

    templateOf(stack).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        TableName: "shop-parked",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        BillingMode: "PAY_PER_REQUEST",
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        ResourcePolicy: Match.anyValue(),
        TimeToLiveSpecification: Match.absent(),
      },
    });
  });

  it("has none where no topic is ordered, and takes another removal policy for it", () => {
    const [plain, going] = [aStack("plain"), aStack("going")];

    expect(aBus(plain, { contracts: [orderPlaced] }).parked).toBeUndefined();
    aBus(going, { removalPolicy: RemovalPolicy.DESTROY, pointInTimeRecovery: false });

    expect(JSON.stringify(templateOf(plain).toJSON())).not.toContain("shop-parked");
    templateOf(going).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: {
        TableName: "shop-parked",
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      },
    });
  });

  it("lets nobody in without TLS", () => {
    const stack = aStack();

    aBus(stack, { contracts: [orderPlaced] });

    const denied = {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ]),
    };
    const template = templateOf(stack);
    template.hasResourceProperties("AWS::SNS::TopicPolicy", { PolicyDocument: denied });
    template.hasResourceProperties("AWS::DynamoDB::Table", { ResourcePolicy: { PolicyDocument: denied } });
  });

  it("lets topics go with the stack: they hold nothing", () => {
    const stack = aStack();

    aBus(stack, { contracts: [orderPlaced] });

    templateOf(stack).hasResource("AWS::SNS::Topic", { DeletionPolicy: Match.absent() });
  });

  it("takes a key, topics by name, other accounts and another removal policy", () => {
    const stack = aStack();
    const encryptionKey = new Key(stack, "Key");

    aBus(stack, {
      contracts: [],
      topics: ["audit"],
      encryptionKey,
      trustedAccounts: ["111122223333"],
      removalPolicy: RemovalPolicy.DESTROY,
      pointInTimeRecovery: false,
    });

    const template = templateOf(stack);
    template.hasResourceProperties("AWS::SNS::Topic", {
      TopicName: "shop-audit",
      KmsMasterKeyId: Match.anyValue(),
    });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Allow", Action: ["sns:Publish", "sns:Subscribe"] }),
        ]),
      },
    });
    template.hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: {
        SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      },
    });
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "sns.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Condition: { ArnEquals: { "aws:SourceArn": Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  it("warns when the key's policy is out of reach", () => {
    const stack = aStack();
    const encryptionKey = Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/abc");

    aBus(stack, { encryptionKey });

    Annotations.fromStack(stack).hasWarning("*", Match.stringLikeRegexp("must let sns.amazonaws.com"));
  });

  it("grants publishing to its own topics and nothing else", () => {
    const stack = aStack();
    const bus = aBus(stack);

    bus.grantPublish(aRole(stack), [orderPlaced]);

    templateOf(stack).hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: [{ Effect: "Allow", Action: "sns:Publish", Resource: arnOf("orders") }],
      },
    });
  });

  it("tells its topics", () => {
    const bus = aBus(aStack());

    expect(bus.topic("orders").fifo).toBe(false);
    expect(bus.topic("balances.fifo").fifo).toBe(true);
    expect(() => bus.topic("order")).toThrow(/no topic "order"; it has: orders, stock, balances.fifo/);
  });

  it.each([
    ["bus-name", { name: "shop-dev" }],
    ["topic-name", { topics: ["Orders"] }],
  ])("refuses a %s that cannot be", (id, props) => {
    expect(() => aBus(aStack(), props)).toThrow(expect.objectContaining({ code: id }));
    expect(() => aBus(aStack(), props)).toThrow(`[${id}]`);
  });
});

describe("EventBus.fromName", () => {
  it("finds a bus of another account and region by names alone", () => {
    const stack = new Stack(anApp(), "app", { env: { account: "222222222222", region: "us-east-1" } });

    const bus = EventBus.fromName(stack, "Bus", "shop", { account: "111111111111", region: "eu-west-1" });
    bus.grantPublish(aRole(stack), [orderPlaced]);

    expect(bus.topic("orders").topicArn).toBe("arn:aws:sns:eu-west-1:111111111111:shop-orders");
    expect(bus.topic("orders")).toBe(bus.topic("orders"));
    expect(stack.resolve(bus.ledger.tableName)).toBe("shop-ledger");
    templateOf(stack).hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Action: "sns:Publish",
            Resource: "arn:aws:sns:eu-west-1:111111111111:shop-orders",
          },
        ],
      },
    });
  });

  it("finds a bus of another partition", () => {
    const stack = aStack();

    const bus = EventBus.fromName(stack, "Bus", "shop", { account: "111111111111", region: "cn-north-1" });

    expect(bus.topicArn("orders")).toBe("arn:aws-cn:sns:cn-north-1:111111111111:shop-orders");
  });

  it("grants all topics when it is told them, and asks for them otherwise", () => {
    const stack = aStack("app", anApp());
    const told = EventBus.fromName(stack, "Told", "shop", { topics: ["orders", "stock"] });
    const untold = EventBus.fromName(stack, "Untold", "shop");

    told.grantPublish(aRole(stack));

    templateOf(stack).hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: { Statement: [Match.objectLike({ Resource: [arnOf("orders"), arnOf("stock")] })] },
    });
    expect(() => untold.grantPublish(aRole(aStack()))).toThrow(/name the contracts/);
  });

  it("refuses a name that cannot be", () => {
    expect(() => EventBus.fromName(aStack(), "Bus", "Shop")).toThrow("[bus-name]");
  });
});
