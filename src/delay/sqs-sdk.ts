// A file of its own, imported when something is delayed: until then no function pays for loading it.
export { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
