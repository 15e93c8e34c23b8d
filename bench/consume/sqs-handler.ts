import type { Context, SQSEvent } from "aws-lambda";

/** What the handler of every contender does with an event: it counts. */
export type Handled = (orderId: string) => void;

/** A Lambda handler over SQS. */
export type SqsHandler = (event: SQSEvent, context: Context) => Promise<unknown>;
