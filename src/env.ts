import { SettingsError } from "./errors.ts";
import type { JobSettings } from "./job-settings.ts";

export {
  type ArchiveSettings,
  type DelayerSettings,
  type DeliverySettings,
  type DifferenceClass,
  differenceClasses,
  type JobSettings,
  type ReconcilerSettings,
  type RelaySettings,
} from "./job-settings.ts";

/**
 * The settings of one consumer, as the stack writes them and its function reads them: one versioned JSON value
 * in the variable `OMNIBUS`. Durations in milliseconds. The CLI reads the same value.
 */
export interface ConsumerSettings {
  /** Format of this value. Readers refuse a version they do not know. */
  readonly v: 1;
  readonly bus: string;
  readonly consumer: string;
  /** What the stack subscribed: `type:version` of each contract. */
  readonly on: readonly string[];
  /** What its handler may emit: `type:version` of each contract; the stack granted their topics. */
  readonly emits: readonly string[];
  readonly mode: ConsumerMode;
  /** What it is limited by: the meaning of each limit, as its code declares it too. None where it is absent. */
  readonly limits?: readonly string[];
  /** Whether the queue is ordered. */
  readonly fifo: boolean;
  /** What a dead event does to its ordered group. Absent: `skip`. */
  readonly onPoison?: OnPoison;
  /** Set where its bus keeps claims: data that was too large for a message. It may read them there, and nowhere else. */
  readonly claims?: ClaimSettings;
  /** Whether its bus publishes later: what it emits may be delayed. Absent where it emits nothing. */
  readonly delays?: true;
  /** Set where its runtime knows shadow runs, and can withhold what they would do: in mode `transaction`, in TypeScript. */
  readonly shadows?: true;
  /** Account and region of the bus's topics: emitted events go there. */
  readonly account: string;
  readonly region: string;
  /** Started runs before an event is dead. */
  readonly attempts: number;
  /** Backoff of the first retry, and its ceiling. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Nothing new starts when less than this is left of the invocation. */
  readonly marginMs: number;
  /** How long the ledger keeps what was done, counted from its last write. */
  readonly keepMs: number;
  /** Handlers that run side by side in one batch. */
  readonly parallel: number;
  /** Most batches that its mapping asks for at once; Lambda's own bound where it is absent. Recovery ends there. */
  readonly maximumConcurrency?: number;
  /** When a dependency counts as down. Absent where it knows no holds: in Python, and away from its bus. */
  readonly breaker?: BreakerSettings;
  /** Set where a schedule drains its queue; a mapping reads it where this is absent. */
  readonly drain?: DrainSettings;
  /** What it is expected to carry, where the stack says so: for plans. */
  readonly expect?: ExpectedLoad;
  /**
   * The filter policies of its subscriptions, by topic: what delivery is judged by. Left out where they do not fit; then
   * nobody judges it.
   */
  readonly filters?: Filters;
}

/** Filter policies on message attributes as SNS takes them, by topic. */
export type Filters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a consumer knows of its bus's claims. */
export interface ClaimSettings {
  /** How long they are kept at least; `null`: for good. */
  readonly keepMs: number | null;
}

/** How a consumer is drained whose limit is too slow for a mapping. */
export interface DrainSettings {
  /** From one run to the next. */
  readonly everyMs: number;
  /** Most messages in one receive. */
  readonly batchSize: number;
}

/** What the schedule of a drained consumer invokes its function with. */
export const drainInput = { omnibus: { v: 1, drain: true } } as const;

/** When a consumer takes a dependency for down, and how it finds out that it is back. */
export interface BreakerSettings {
  /** So many events must have failed by it within `windowMs`, and half of all that ended. */
  readonly failures: number;
  readonly windowMs: number;
  /** From one probe to the next. */
  readonly probeMs: number;
}

/** What a consumer is to carry. Times in milliseconds. */
export interface ExpectedLoad {
  /** Events that come each second, all the time. */
  readonly arrivalsPerSecond: number;
  /** How long the handler takes for one event, what it waits for included. */
  readonly handlerMs: number;
  /** So many a second instead, for a while. */
  readonly burst?: { readonly perSecond: number; readonly forMs: number } | undefined;
  /** How long what the handler calls may be down. */
  readonly outageMs?: number | undefined;
  /** What one event takes as a message. @default 1,024 */
  readonly eventBytes?: number | undefined;
  /** Ordered queues: how many partition keys have events waiting at one time. @default as many as there are invocations */
  readonly groups?: number | undefined;
  /** Events in one request to SNS, 1 to 10: they share its price. @default 1 */
  readonly publishedTogether?: number | undefined;
}

/**
 * How a consumer's effects are kept single.
 * - `once`: claimed before the handler runs, completed after it (the default).
 * - `transaction`: the same, and what the handler writes to DynamoDB is committed with the completion, or not at all.
 * - `record`: written once it is done; for handlers that are idempotent by nature.
 * - `none`: not written at all.
 */
export type ConsumerMode = (typeof consumerModes)[number];

/** Every `ConsumerMode`. */
export const consumerModes = ["once", "transaction", "record", "none"] as const;

/**
 * What becomes of an ordered group when one of its events is dead.
 * - `skip`: it goes on with the next one (the default).
 * - `park`: it waits, until it is released.
 */
export type OnPoison = (typeof onPoisons)[number];

/** Every `OnPoison`. */
export const onPoisons = ["skip", "park"] as const;

/** The variable that carries the settings. */
export const settingsVariable = "OMNIBUS";

/** Lambda's whole environment has 4 KB; the settings may take three of them. */
export const maxSettingsBytes = 3 * 1024;

/** The one line that goes into a function's environment. Throws `SettingsError` when it is over 3 KB. */
export function encodeSettings(settings: ConsumerSettings): string {
  const line = JSON.stringify(settings);
  const bytes = Buffer.byteLength(line);
  if (bytes <= maxSettingsBytes) return line;
  throw new SettingsError(
    "settings-size",
    `the settings of consumer ${settings.consumer} take ${bytes} bytes; ${maxSettingsBytes} are allowed (Lambda's environment has 4 KB); let the consumer handle fewer contracts (it has ${settings.on.length})`,
  );
}

/** The settings in this process's environment, or `undefined` where there are none. Throws on a value it cannot read. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): ConsumerSettings | undefined {
  const line = environment[settingsVariable];
  if (line === undefined || line === "") return undefined;
  const value = parseSettings(settingsVariable, line);
  const { mode } = value as ConsumerSettings;
  if (!consumerModes.includes(mode)) {
    throw new SettingsError(
      "settings-mode",
      `${settingsVariable} has the mode ${JSON.stringify(mode)}, which this version does not know (${consumerModes.join(", ")} are known): deploy the consumer and its code together`,
    );
  }
  return value as ConsumerSettings;
}

/** A settings' value of a version that is known. */
function parseSettings(variable: string, line: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new SettingsError(
      "settings-format",
      `${variable} is not JSON: deploy the function again with its own version of omnibus-aws`,
      { cause },
    );
  }
  if (typeof value === "object" && value !== null && (value as { v?: unknown }).v === 1) return value;
  throw new SettingsError(
    "settings-version",
    `${variable} has a format that this version does not know (1 is known): deploy the function and its code together`,
  );
}

/** The variable that carries a job's settings. */
export const jobSettingsVariable = "OMNIBUS_JOB";

/** The one line that goes into a job function's environment. */
export function encodeJobSettings<Settings extends JobSettings>(settings: Settings): string {
  return JSON.stringify(settings);
}

/** The job settings in this process's environment. Throws `SettingsError` where there are none, or of another version. */
export function readJobSettings<Settings extends JobSettings>(
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const line = environment[jobSettingsVariable];
  if (line === undefined || line === "") {
    throw new SettingsError(
      "settings-missing",
      `the variable ${jobSettingsVariable} is not set: the constructs write it into the function's environment`,
    );
  }
  const value = parseSettings(jobSettingsVariable, line);
  return value as Settings;
}

/** What every AWS client is made with: an explicit endpoint where the environment names one. */
export function awsTarget(environment: NodeJS.ProcessEnv = process.env): {
  endpoint?: string;
  region?: string;
} {
  const endpoint = environment.AWS_ENDPOINT_URL;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  return { ...(endpoint ? { endpoint } : {}), ...(region ? { region } : {}) };
}

/** Whether this process is a Lambda function's: there, what is written to standard output becomes logs and metrics. */
export function insideLambda(environment: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(environment.AWS_LAMBDA_FUNCTION_NAME);
}

/** What a signed call needs without the AWS SDK. */
export interface WireTarget {
  readonly endpoint?: string;
  readonly region: string;
  /** `amazonaws.com`, or another partition's. */
  readonly domain: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
}

/**
 * Where calls go and with which keys, when the environment says it all: in every Lambda function, where the keys last
 * as long as the process. `undefined` elsewhere (keys from a role, a profile or a container; FIPS or dual-stack
 * endpoints): the AWS SDK knows all of these.
 */
export function wireTarget(
  service: "dynamodb" | "scheduler" | "sns",
  regionGiven?: string,
  environment: NodeJS.ProcessEnv = process.env,
): WireTarget | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const region = regionGiven ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const special = [
    environment.AWS_USE_FIPS_ENDPOINT,
    environment.AWS_USE_DUALSTACK_ENDPOINT,
    environment.AWS_PROFILE,
  ];
  if (!accessKeyId || !secretAccessKey || !region || special.some((value) => value && value !== "false")) {
    return undefined;
  }
  const endpoint = environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || environment.AWS_ENDPOINT_URL;
  return {
    ...(endpoint ? { endpoint } : {}),
    region,
    domain: region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com",
    credentials: { accessKeyId, secretAccessKey, sessionToken: environment.AWS_SESSION_TOKEN },
  };
}
