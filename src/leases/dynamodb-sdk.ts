// A file of its own, imported when DynamoDB is called.
export { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
