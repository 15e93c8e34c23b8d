import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Duration } from "aws-cdk-lib/core";
import { Consumer, type ConsumerProps, EventBus } from "../../lib/index.ts";
import { aBus, aStack, entry, orderPlaced, stockLocked, templateOf } from "../helpers/stacks.ts";

const lifecycle = (prefix: string, days: number) => ({
  Rules: [Match.objectLike({ Prefix: prefix, ExpirationInDays: days, Status: "Enabled" })],
});

/** What a role may do, as `action on resource`, as far as the bucket of claims is concerned. */
function rightsOf(template: ReturnType<typeof templateOf>): readonly string[] {
  const policies = Object.values(template.findResources("AWS::IAM::Policy"));
  const statements = policies.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[],
  );
  return statements
    .filter(({ Resource }) => JSON.stringify(Resource).includes("shop-claims"))
    .map(({ Action, Resource }) => `${[Action].flat().join()} ${JSON.stringify(Resource).slice(-13, -3)}`);
}

describe("an EventBus with claims", () => {
  it("has a bucket of its own for them, which is nobody else's and stays", () => {
    const stack = aStack();

    const bus = aBus(stack, { claims: true });

    expect(bus.claims).toEqual({ keepMs: 81 * 86_400_000 });
    templateOf(stack).hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: {
        BucketName: Match.objectLike({ "Fn::Join": ["", Match.arrayWith(["shop-claims-"])] }),
        PublicAccessBlockConfiguration: Match.objectLike({
          BlockPublicAcls: true,
          RestrictPublicBuckets: true,
        }),
        LifecycleConfiguration: lifecycle("claims/", 81),
      },
    });
  });

  it("keeps them as long as the archive can replay their events, and as queues may hold them after that", () => {
    const stack = aStack();

    const bus = aBus(stack, { claims: true, archive: { retention: Duration.days(30), reconcile: false } });

    expect(bus.claims).toEqual({ keepMs: 111 * 86_400_000 });
    templateOf(stack).hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: lifecycle("claims/", 111),
    });
  });

  it("keeps them for good where the archive keeps its events for good", () => {
    const stack = aStack();

    expect(aBus(stack, { claims: true, archive: { reconcile: false } }).claims).toEqual({ keepMs: null });
  });

  it.each([
    [
      { retention: Duration.days(80) },
      false,
      "retention of claims 80 days; whole days are allowed, 81 at least",
    ],
    [{ retention: Duration.hours(82 * 24 + 1) }, false, "whole days are allowed"],
    [
      { retention: Duration.days(110) },
      { retention: Duration.days(30) },
      "111 at least (30 days of the archive",
    ],
    [{ retention: Duration.days(4_000) }, {}, "the archive keeps its events for good"],
  ] as const)("fails by claim-retention: %j with archive %j", (claims, archive, finding) => {
    expect(() => aBus(aStack(), { claims, archive })).toThrow("[claim-retention]");
    expect(() => aBus(aStack(), { claims, archive })).toThrow(finding);
  });

  it.each([
    [{ retention: Duration.days(81) }, false],
    [{ retention: Duration.days(111) }, { retention: Duration.days(30), reconcile: false }],
  ] as const)("takes %j with archive %j", (claims, archive) => {
    expect(() => aBus(aStack(), { claims, archive })).not.toThrow();
  });

  it("lets publishers store and nothing else", () => {
    const stack = aStack();
    const bus = aBus(stack, { claims: true });
    const role = new Role(stack, "Publisher", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });

    bus.grantPublish(role, [orderPlaced]);

    expect(rightsOf(templateOf(stack))).toEqual(['s3:PutObject /claims/*"']);
  });

  it("lets consumers read, and see what is missing, and store where they emit", () => {
    const rights = (props: Partial<ConsumerProps>) => {
      const stack = aStack();
      const bus = EventBus.fromName(stack, "Bus", "shop", { claims: true });
      new Consumer(stack, "Points", { bus, on: [orderPlaced], entry, ...props });
      return rightsOf(templateOf(stack)).map((right) => right.split(" ")[0]);
    };

    expect(rights({})).toEqual(["s3:ListBucket", "s3:GetObject"]);
    expect(rights({ emits: [stockLocked] })).toEqual(["s3:PutObject", "s3:ListBucket", "s3:GetObject"]);
  });

  it("lets accounts that it trusts do both", () => {
    const stack = aStack();

    aBus(stack, { claims: true, trustedAccounts: ["111122223333"] });

    templateOf(stack).hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: "TrustedAccounts", Action: ["s3:GetObject", "s3:PutObject"] }),
        ]),
      }),
    });
  });
});

describe("an EventBus without claims", () => {
  it("has no bucket for them, and gives no rights to one", () => {
    const stack = aStack();
    const bus = aBus(stack);

    new Consumer(stack, "Points", { bus, on: [orderPlaced], entry });

    expect(bus.claims).toBeUndefined();
    templateOf(stack).resourceCountIs("AWS::S3::Bucket", 0);
    expect(rightsOf(templateOf(stack))).toEqual([]);
  });
});

describe("a bus that stands elsewhere", () => {
  it("is known to have claims where it is said", () => {
    const bus = EventBus.fromName(aStack(), "Bus", "shop", { claims: true });

    expect(bus.claims).toEqual({ keepMs: 81 * 86_400_000 });
    expect(EventBus.fromName(aStack(), "Bus", "shop").claims).toBeUndefined();
  });
});
