import { AwsCallError } from "../aws-call.ts";
import { applied, optionalText, type ResourceType } from "./resource-type.ts";

/** AWS::S3::Bucket. `Ref` is the name. */
export const s3Bucket: ResourceType = {
  type: "AWS::S3::Bucket",
  properties: {
    BucketName: applied,
    BucketEncryption: "nothing is encrypted on this machine",
    PublicAccessBlockConfiguration: "the endpoint is this machine's alone",
    OwnershipControls: "there is one account here",
    AccessControl: "permissions are not checked here",
    LifecycleConfiguration: "objects stay until they are deleted",
    VersioningConfiguration: "an object has one version here",
    ObjectLockEnabled: "objects can be deleted here",
    InventoryConfigurations: "storage costs nothing here",
    AnalyticsConfigurations: "storage costs nothing here",
    AccelerateConfiguration: "there is no network between",
    CorsConfiguration: "web pages may not use the endpoint",
    IntelligentTieringConfigurations: "storage costs nothing here",
    LoggingConfiguration: "accesses are not logged here",
    MetricsConfigurations: "there is no CloudWatch here",
    Tags: "nothing reads them here",
  },
  async place({ properties, defaultName, platform }) {
    const name = optionalText(properties.BucketName) ?? defaultName.toLowerCase().slice(0, 63);
    try {
      await platform.aws.s3("PUT", `/${name}`);
    } catch (thrown) {
      if (!(thrown instanceof AwsCallError && thrown.code.startsWith("BucketAlready"))) throw thrown;
    }
    const domain = `${name}.s3.amazonaws.com`;
    return {
      physicalId: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: domain,
        RegionalDomainName: `${name}.s3.${platform.region}.amazonaws.com`,
        DualStackDomainName: `${name}.s3.dualstack.${platform.region}.amazonaws.com`,
        WebsiteURL: `http://${name}.s3-website-${platform.region}.amazonaws.com`,
      },
    };
  },
  lasts: "data",
};
