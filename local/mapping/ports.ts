/** One message as SQS hands it out, with what Lambda needs to make a record of it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes: `ApproximateReceiveCount`, `SentTimestamp`, `MessageGroupId`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<
    Record<
      string,
      { readonly dataType: string; readonly stringValue?: string; readonly binaryValue?: string }
    >
  >;
}

/** A queue, as an event source mapping sees it. */
export interface QueuePort {
  /**
   * Up to `max` messages (≤ 10), waiting at most `waitMs` (≤ 20,000) for the first. They stay invisible to others for the
   * queue's visibility timeout. An aborted `signal` ends the wait with an empty answer; no message is lost by it.
   */
  receive(request: { max: number; waitMs: number; signal: AbortSignal }): Promise<readonly QueueMessage[]>;
  /** Deletes up to any number of messages by receipt handle; one that is gone already counts as deleted. */
  delete(receiptHandles: readonly string[]): Promise<void>;
}

/** What became of one invocation. */
export type InvokeResult =
  /** The function returned; `payload` is JSON text (it may be "null", or anything the function made). */
  | { readonly status: "ok"; readonly payload: string }
  /** The function threw, its process ended, it ran out of time, or it could not start. */
  | {
      readonly status: "error";
      readonly kind: "thrown" | "exit" | "timeout" | "init";
      readonly payload: string;
    }
  /** No environment was free within the function's concurrency: the function was not run. */
  | { readonly status: "throttled" };

/** How a mapping calls its function. Never rejects. */
export interface InvokePort {
  invoke(functionName: string, payload: string): Promise<InvokeResult>;
  /**
   * How many invocations of the function can make progress at once on this machine, where that is less than Lambda
   * would have: a mapping then pulls no more than these can soon handle. Not the function's own concurrency, which a
   * mapping does not know.
   */
  capacity?(functionName: string): number;
}
