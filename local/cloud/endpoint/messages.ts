/** What the endpoint's process is started with, as JSON in its first argument. */
export interface EndpointOptions {
  readonly port: number;
  readonly region: string;
  /** A folder that is there, where state is kept; without it state is in memory and goes with the process. */
  readonly dataDir?: string;
}

/** Services that the process answers which runs the functions. */
export type ForwardedService = "lambda" | "scheduler";

/** A request to one of them, handed on. */
export interface ForwardedRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Depth of one queue. */
export interface QueueDepth {
  readonly name: string;
  readonly url: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export type FromEndpoint =
  | {
      readonly kind: "ready";
      readonly port: number;
      /** Where the DynamoDB engine itself listens. */
      readonly dynamodbPort: number;
      readonly notes: readonly string[];
    }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  /** A sentence for people. */
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "forward";
      readonly id: number;
      readonly service: ForwardedService;
      readonly request: ForwardedRequest;
    }
  | { readonly kind: "queues"; readonly id: number; readonly queues: readonly QueueDepth[] };

export type ToEndpoint =
  | { readonly kind: "forward-answer"; readonly id: number; readonly answer: ForwardedAnswer }
  | { readonly kind: "queues"; readonly id: number }
  /** All of the app is there: it may say so to whoever waits. */
  | { readonly kind: "stands" }
  | { readonly kind: "stop" };
