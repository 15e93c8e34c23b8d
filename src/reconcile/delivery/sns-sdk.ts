// A file of its own, imported when SNS is called.
export { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
