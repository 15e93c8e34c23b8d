import { isRecord } from "../assembly/template.ts";
import { AwsCallError } from "../aws-call.ts";
import {
  applied,
  optionalText,
  type Placed,
  type PlaceRequest,
  type Properties,
  type ResourceType,
} from "./resource-type.ts";

/** Properties that CreateTable takes as the template writes them. */
const sameInBoth = {
  AttributeDefinitions: applied,
  BillingMode: applied,
  GlobalSecondaryIndexes: applied,
  KeySchema: applied,
  LocalSecondaryIndexes: applied,
};

const common = {
  ...sameInBoth,
  TableName: applied,
  StreamSpecification: applied,
  TimeToLiveSpecification: applied,
  SSESpecification: "nothing is encrypted on this machine",
  WarmThroughput: "throughput is this machine's",
};

/** AWS::DynamoDB::Table. `Ref` is the name. */
export const dynamodbTable: ResourceType = {
  type: "AWS::DynamoDB::Table",
  properties: {
    ...common,
    ProvisionedThroughput: applied,
    OnDemandThroughput: "throughput is this machine's",
    PointInTimeRecoverySpecification: "there are no backups here",
    ContributorInsightsSpecification: "there is no CloudWatch here",
    DeletionProtectionEnabled: "the data directory is yours to delete",
    ResourcePolicy: "permissions are not checked here",
    TableClass: "storage costs nothing here",
    Tags: "nothing reads them here",
  },
  place: (request) => placeTable(request, request.properties),
  lasts: "data",
};

/** AWS::DynamoDB::GlobalTable, with the replica of this region alone. `Ref` is the name. */
export const dynamodbGlobalTable: ResourceType = {
  type: "AWS::DynamoDB::GlobalTable",
  properties: {
    ...common,
    Replicas: applied,
    MultiRegionConsistency: "there is one region here",
    GlobalTableWitnesses: "there is one region here",
    WriteProvisionedThroughputSettings: "throughput is this machine's",
    WriteOnDemandThroughputSettings: "throughput is this machine's",
    ReadProvisionedThroughputSettings: "throughput is this machine's",
    ReadOnDemandThroughputSettings: "throughput is this machine's",
  },
  place: (request) => {
    const { Replicas } = request.properties;
    if (Array.isArray(Replicas) && Replicas.length > 1) {
      request.unsupported(
        `${Replicas.length - 1} of the ${Replicas.length} Replicas: there is one region here`,
      );
    }
    // What a replica's settings would say about throughput has no meaning here.
    return placeTable(request, { ...request.properties, BillingMode: "PAY_PER_REQUEST" });
  },
  lasts: "data",
};

async function placeTable(request: PlaceRequest, properties: Properties): Promise<Placed> {
  const { platform, defaultName } = request;
  const name = optionalText(properties.TableName) ?? defaultName;
  try {
    await platform.aws.dynamodb("CreateTable", createInput(properties, name));
  } catch (thrown) {
    if (!(thrown instanceof AwsCallError && thrown.code === "ResourceInUseException")) throw thrown;
  }
  const { Table } = await platform.aws.dynamodb("DescribeTable", { TableName: name });
  const table = isRecord(Table) ? Table : {};
  if (JSON.stringify(sorted(table.KeySchema)) !== JSON.stringify(sorted(properties.KeySchema))) {
    request.unsupported(
      "KeySchema differs from that of the table in the data directory: delete the directory to have it anew",
    );
  }
  const ttl = properties.TimeToLiveSpecification;
  if (isRecord(ttl) && String(ttl.Enabled) !== "false") await enableTimeToLive(request, name, ttl);
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:dynamodb:${platform.region}:${platform.account}:table/${name}`,
      TableId: table.TableId,
      ...(table.LatestStreamArn === undefined ? {} : { StreamArn: table.LatestStreamArn }),
    },
  };
}

function createInput(properties: Properties, name: string): Properties {
  const input: Record<string, unknown> = { TableName: name };
  for (const key of Object.keys(sameInBoth)) {
    if (properties[key] !== undefined) input[key] = properties[key];
  }
  if (properties.ProvisionedThroughput !== undefined && properties.BillingMode !== "PAY_PER_REQUEST") {
    input.ProvisionedThroughput = properties.ProvisionedThroughput;
  }
  const { StreamSpecification: stream } = properties;
  if (isRecord(stream)) {
    input.StreamSpecification = { StreamEnabled: true, StreamViewType: stream.StreamViewType };
  }
  return input;
}

async function enableTimeToLive({ platform }: PlaceRequest, name: string, ttl: Properties): Promise<void> {
  const { AttributeName } = ttl;
  try {
    await platform.aws.dynamodb("UpdateTimeToLive", {
      TableName: name,
      TimeToLiveSpecification: { AttributeName, Enabled: true },
    });
  } catch (thrown) {
    // "TimeToLive is already enabled": it is a kept table.
    if (!(thrown instanceof AwsCallError && thrown.message.includes("already"))) throw thrown;
  }
}

function sorted(keySchema: unknown): readonly unknown[] {
  if (!Array.isArray(keySchema)) return [];
  return keySchema
    .map(({ AttributeName, KeyType }) => ({ AttributeName, KeyType }))
    .sort((a, b) => String(a.KeyType).localeCompare(String(b.KeyType)));
}
