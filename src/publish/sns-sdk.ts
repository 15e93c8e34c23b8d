// A file of its own, imported when the first batch goes out: so a bundle holds this one command of the SDK, and a
// function that publishes nothing does not pay for loading it.
export { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
