// A file of its own, imported when the SDK is needed: where signed calls do, no function pays for loading it.
export { BatchExecuteStatementCommand, BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
