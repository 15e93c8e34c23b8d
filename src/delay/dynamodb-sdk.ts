// A file of its own, imported when something is decided: until then no function pays for loading it.
export { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
