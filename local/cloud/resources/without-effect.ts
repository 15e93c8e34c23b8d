import { createHash } from "node:crypto";
import { applied, optionalText, type Placed, type PlaceRequest, type ResourceType } from "./resource-type.ts";

/** A type that is taken as it is and does nothing here: others may refer to it. */
function withoutEffect(
  type: string,
  reason: string,
  {
    names = [],
    place = ({ defaultName }) => ({ physicalId: defaultName, attributes: {} }),
  }: { names?: readonly string[]; place?: (request: PlaceRequest) => Placed } = {},
): ResourceType & { readonly reason: string } {
  const properties = new Proxy<Record<string, string>>(
    Object.fromEntries(names.map((name) => [name, applied])),
    {
      // Whatever the property, the reason is that of the whole type.
      get: (known, name) => (typeof name === "string" ? (known[name] ?? reason) : undefined),
    },
  );
  return {
    type,
    reason,
    properties,
    canUpdate: () => true,
    place: async (request) => place(request),
    remove: async () => {},
  };
}

const noPermissions = "permissions are not checked here";
const noKeys = "nothing is encrypted on this machine";
const noAthena = "there is no Athena here, and so no catalogue for it";
const noCloudWatch = "there is no CloudWatch here";

/** The types of AWS that make no difference on one machine, each with the reason. */
export const typesWithoutEffect = [
  withoutEffect("AWS::IAM::Role", noPermissions, {
    names: ["RoleName"],
    place: (request) =>
      named(request, "RoleName", (name) => ({
        Arn: `arn:aws:iam::${request.platform.account}:role/${name}`,
        RoleId: `AROA${hash(name, 16).toUpperCase()}`,
      })),
  }),
  withoutEffect("AWS::IAM::Policy", noPermissions),
  withoutEffect("AWS::IAM::ManagedPolicy", noPermissions, {
    names: ["ManagedPolicyName"],
    place: (request) => {
      const name = optionalText(request.properties.ManagedPolicyName) ?? request.defaultName;
      const arn = `arn:aws:iam::${request.platform.account}:policy/${name}`;
      return { physicalId: arn, attributes: { PolicyArn: arn } };
    },
  }),
  withoutEffect("AWS::Lambda::Permission", noPermissions),
  withoutEffect("AWS::S3::BucketPolicy", noPermissions),
  withoutEffect("AWS::Logs::LogGroup", "lines go to the local log", {
    names: ["LogGroupName"],
    place: (request) =>
      named(request, "LogGroupName", (name) => ({
        Arn: `arn:aws:logs:${request.platform.region}:${request.platform.account}:log-group:${name}:*`,
      })),
  }),
  withoutEffect("AWS::KMS::Key", noKeys, {
    place: ({ stack, logicalId, platform }) => {
      const id = hash(`${stack}/${logicalId}`, 32);
      return {
        physicalId: id,
        attributes: { KeyId: id, Arn: `arn:aws:kms:${platform.region}:${platform.account}:key/${id}` },
      };
    },
  }),
  withoutEffect("AWS::KMS::Alias", noKeys, {
    names: ["AliasName"],
    place: (request) => named(request, "AliasName", () => ({})),
  }),
  withoutEffect("AWS::CloudWatch::Alarm", noCloudWatch, {
    names: ["AlarmName"],
    place: (request) =>
      named(request, "AlarmName", (name) => ({
        Arn: `arn:aws:cloudwatch:${request.platform.region}:${request.platform.account}:alarm:${name}`,
      })),
  }),
  withoutEffect("AWS::CloudWatch::CompositeAlarm", noCloudWatch),
  withoutEffect("AWS::CloudWatch::Dashboard", noCloudWatch),
  ...["Database", "Table"].map((kind) =>
    withoutEffect(`AWS::Glue::${kind}`, noAthena, {
      names: [`${kind}Input`],
      place: ({ properties, defaultName }) => {
        const { Name } = (properties[`${kind}Input`] ?? {}) as { Name?: unknown };
        return { physicalId: optionalText(Name) ?? defaultName.toLowerCase(), attributes: {} };
      },
    }),
  ),
  withoutEffect("AWS::Athena::WorkGroup", noAthena, {
    names: ["Name"],
    place: (request) => named(request, "Name", () => ({})),
  }),
  withoutEffect("AWS::Athena::NamedQuery", noAthena),
  withoutEffect("AWS::CDK::Metadata", "it counts how the CDK is used"),
] as const;

function named(
  { properties, defaultName }: PlaceRequest,
  property: string,
  attributes: (name: string) => Record<string, unknown>,
): Placed {
  const name = optionalText(properties[property]) ?? defaultName;
  return { physicalId: name, attributes: attributes(name) };
}

function hash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
