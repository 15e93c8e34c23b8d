import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** Parts of an upload that nobody has finished. */
const abandonedAfter = Duration.days(7);

/**
 * The bucket of all that was published and completed: nobody reads it from outside, and it stays when its stack goes.
 * Only segments ever expire by age; what they were made of is removed by the sealer, when it is sealed.
 */
export function addArchiveBucket(
  scope: Construct,
  {
    bucketName,
    retention,
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  }: {
    readonly bucketName: string;
    readonly retention: Duration | undefined;
    readonly encryptionKey: IKey | undefined;
    readonly removalPolicy: RemovalPolicy | undefined;
  },
): IBucket {
  const bucket = new Bucket(scope, "Bucket", {
    bucketName,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy,
    lifecycleRules: [
      { id: "abandoned-uploads", abortIncompleteMultipartUploadAfter: abandonedAfter },
      ...(retention === undefined
        ? []
        : [
            { id: "segments", prefix: "sealed/", expiration: retention },
            { id: "athena", prefix: "athena/", expiration: retention },
          ]),
    ],
    ...(encryptionKey
      ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
  });
  // The CDK's own types are not made for `exactOptionalPropertyTypes`.
  return bucket as IBucket;
}
