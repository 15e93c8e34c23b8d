// A file of its own, imported when the SDK is needed: where signed calls do, no function pays for loading it.
export {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
