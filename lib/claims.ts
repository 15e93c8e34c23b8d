import { AccountPrincipal, Grant, type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { ClaimSettings } from "../src/env.ts";
import { sqs } from "../src/limits-of-aws.ts";
import { claimsBucketName, claimsPrefix } from "../src/names.ts";
import { defaultKeepMs } from "../src/plan/index.ts";
import type { IEventBus } from "./event-bus-address.ts";
import { claimGuards, enforce } from "./guards/index.ts";

/** How a bus keeps data that is too large for a message. */
export interface ClaimOptions {
  /**
   * How long the data is kept: whole days, and as long as a message of it may come up again, from a queue or out of the archive.
   * @default as long as the archive keeps its events, and 81 days more; for good where the archive does so
   */
  readonly retention?: Duration;
}

const dayMs = 86_400_000;
const longestMs = sqs.maxRetentionSeconds * 1_000;

/** For so long may a message be under way: SNS's retries, every queue with its longest retention; and the day it began on. */
export const messageLife = Duration.days(
  Math.ceil(
    defaultKeepMs({ queueMs: longestMs, deadLetterMs: longestMs, undeliveredMs: longestMs }) / dayMs,
  ) + 1,
);

/** What a bus is made of that its claims follow. */
export interface ClaimsPlace {
  readonly bus: string;
  /** How long the archive keeps its events; `undefined`: for good. `false`: it keeps none. */
  readonly archived: Duration | undefined | false;
  readonly trustedAccounts: readonly string[];
  readonly encryptionKey: IKey | undefined;
  readonly removalPolicy: RemovalPolicy | undefined;
}

/**
 * Makes the bucket of data that is too large for a message: a bucket of its own, because those who publish and consume may
 * write and read there, and nothing of the archive. Answers what consumers know of it. Throws `SettingsError`
 * (`claim-retention`).
 */
export function addClaims(
  scope: Construct,
  { retention }: ClaimOptions,
  { bus, archived, trustedAccounts, encryptionKey, removalPolicy }: ClaimsPlace,
): ClaimSettings {
  enforce(
    claimGuards,
    { retention, archived, messageLife },
    { subject: `EventBus ${scope.node.path}, claims` },
  );
  const expiration = retention ?? defaultRetention(archived);
  const { account, region } = Stack.of(scope);
  const bucket = new Bucket(scope, "Claims", {
    bucketName: claimsBucketName(bus, account, region),
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    lifecycleRules: expiration ? [{ id: "claims", prefix: claimsPrefix, expiration }] : [],
    ...(encryptionKey
      ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
  });
  if (trustedAccounts.length > 0) {
    const principals = trustedAccounts.map((one) => new AccountPrincipal(one));
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "TrustedAccounts",
        principals,
        actions: ["s3:GetObject", "s3:PutObject"],
        resources: [bucket.arnForObjects(`${claimsPrefix}*`)],
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "TrustedAccountsKnowWhatIsMissing",
        principals,
        actions: ["s3:ListBucket"],
        resources: [bucket.bucketArn],
      }),
    );
  }
  return { keepMs: expiration?.toMilliseconds() ?? null };
}

function defaultRetention(archived: ClaimsPlace["archived"]): Duration | undefined {
  if (archived === undefined) return undefined;
  return archived === false ? messageLife : archived.plus(messageLife);
}

/** Lets `grantee` store data of large events, and do nothing else there. */
export function grantCheckIn(bus: IEventBus, grantee: IGrantable): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ["s3:PutObject"],
    resourceArns: [`${bucketArn(bus)}/${claimsPrefix}*`],
  });
}

/**
 * Lets `grantee` read data of large events. It may list the bucket, too: without that right S3 does not say that an object is
 * missing, but that it may not be read. (API_GetObject)
 */
export function grantCheckOut(bus: IEventBus, grantee: IGrantable): Grant {
  bus.encryptionKey?.grant(grantee, "kms:Decrypt");
  const list = Grant.addToPrincipal({
    grantee,
    actions: ["s3:ListBucket"],
    resourceArns: [bucketArn(bus)],
  });
  return list.combine(
    Grant.addToPrincipal({
      grantee,
      actions: ["s3:GetObject"],
      resourceArns: [`${bucketArn(bus)}/${claimsPrefix}*`],
    }),
  );
}

/** By name: used from another stack, it exports nothing. */
function bucketArn(bus: IEventBus): string {
  const { name, account, region } = bus;
  return `arn:${Stack.of(bus).partition}:s3:::${claimsBucketName(name, account, region)}`;
}
