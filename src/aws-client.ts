import { awsTarget } from "./env.ts";

/** A call that hangs must end, so that it can be tried again: nothing here may wait as long as Lambda would. */
const connectTimeoutMs = 2_000;
const usualTimeoutMs = 10_000;

/** What every client of the AWS SDK takes. */
interface ClientConfig {
  readonly endpoint?: string;
  readonly region?: string;
  readonly maxAttempts: number;
  readonly cacheMiddleware: boolean;
  readonly forcePathStyle?: boolean;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/**
 * A client of the AWS SDK for many equal calls, about a tenth cheaper each than one with the defaults: the endpoint and
 * region of the environment, connections kept open, timeouts, no copies for a logger that is not there.
 *
 * `region` is the environment's unless given. `maxAttempts` counts the SDK's own tries of a call; 1 where the caller retries and knows better.
 * `callTimeoutMs` is 10 s unless the call is one that waits.
 */
export function awsClient<Client extends { middlewareStack: { remove(name: string): boolean } }>(
  Client: new (config: ClientConfig) => Client,
  {
    maxAttempts,
    region,
    callTimeoutMs = usualTimeoutMs,
  }: { maxAttempts: number; region?: string | undefined; callTimeoutMs?: number },
): Client {
  const target = awsTarget();
  const client = new Client({
    ...target,
    // Of S3 alone: a bucket's own host name is AWS's, an endpoint that is named has one address.
    ...(target.endpoint === undefined ? {} : { forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    maxAttempts,
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: callTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}
