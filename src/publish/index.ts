export { checkContract } from "./check-contract.ts";
export { createPublisher, type PublisherOptions } from "./create-publisher.ts";
export type { PublisherDelays } from "./delayed-events.ts";
export { fitMessage } from "./fit-message.ts";
export { type InMemoryTopics, type InMemoryTopicsOptions, inMemoryTopics } from "./in-memory-topics.ts";
export type { SendResult, TopicPort } from "./ports.ts";
export type {
  PublishAllOptions,
  PublishAllReport,
  Published,
  Publisher,
  PublishOptions,
} from "./publisher.ts";
export type { PublisherClaims } from "./publisher-claims.ts";
export { refuseDelay } from "./refuse-delay.ts";
export { type Measured, measure } from "./refuse-message.ts";
export { createSeal, type Seal } from "./seal.ts";
export { isContentAtFault } from "./send-failure.ts";
export { snsTopics } from "./sns-topics.ts";
export { type PublishInput, type PublishInputOptions, toPublishInput } from "./to-publish-input.ts";
export { wireTopics } from "./wire-topics.ts";
