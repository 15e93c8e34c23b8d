import type { RelaySettings } from "../../src/env.ts";
import type { JobName } from "../../src/names.ts";

/** What was read: it is there, it is not there, or these credentials may not look. */
export type Read<Value> =
  | { readonly found: Value }
  | { readonly missing: true }
  /** The action that is not allowed. */
  | { readonly denied: string };

export interface FunctionFacts {
  readonly name: string;
  /** The line in `OMNIBUS`. */
  readonly settings: string;
  /** The CloudFormation stack that made it, where the cloud tells. */
  readonly stack: string | undefined;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** `Active`, unless AWS says otherwise. */
  readonly state: string;
  /** Why it is not, or why the last update failed. */
  readonly trouble: string | undefined;
  readonly reservedConcurrency: number | undefined;
}

export interface MappingFacts {
  readonly uuid: string;
  readonly queueArn: string;
  readonly state: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  /** Provisioned mode; `undefined`: standard mode. */
  readonly pollers: { readonly minimum: number; readonly maximum: number } | undefined;
  readonly partialAnswers: boolean;
  /** How the last poll went, in AWS's words. */
  readonly lastResult: string | undefined;
}

/** A schedule of EventBridge Scheduler. */
export interface ScheduleFacts {
  readonly name: string;
  /** `ENABLED` or `DISABLED`. */
  readonly state: string;
  readonly expression: string;
  readonly targetArn: string;
}

export interface QueueFacts {
  readonly name: string;
  readonly arn: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** Where dead letters go, and after how many receives. */
  readonly redrive: { readonly targetArn: string; readonly maxReceiveCount: number } | undefined;
  /** The queue's own policy, as JSON. */
  readonly policy: string | undefined;
}

export interface SubscriptionFacts {
  readonly arn: string;
  readonly topicArn: string;
  readonly endpoint: string;
  readonly raw: boolean;
  readonly filterPolicy: Readonly<Record<string, unknown>>;
  readonly redriveTargetArn: string | undefined;
}

export interface TableFacts {
  readonly name: string;
  readonly status: string;
  readonly keys: readonly string[];
  /** `undefined`: it has none, or it is off. `view`: `NEW_IMAGE`, `KEYS_ONLY` … */
  readonly stream: { readonly arn: string; readonly view: string } | undefined;
}

/** An alarm of CloudWatch. */
export interface AlarmFacts {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly description: string;
}

/** What is in an outbox and does not go out by itself. */
export interface OutboxStanding {
  /** Events that can never be sent as they are. */
  readonly dead: number;
  /** Keys that wait behind such a one, and keys that wait for a sequence that is missing. */
  readonly parked: number;
  readonly gaps: number;
  /** Rows that only wait, and for longer than the grace: a sweep comes for them. */
  readonly waiting: number;
  /** For how long the oldest of these has waited; 0 where there is none. */
  readonly oldestMs: number;
}

/** The outbox of a bus. */
export interface OutboxFacts {
  /** What its relay was deployed with. */
  readonly settings: Read<RelaySettings>;
  readonly table: Read<TableFacts>;
  /** What hands the relay the table's stream. */
  readonly mappings: Read<readonly MappingFacts[]>;
  readonly standing: Read<OutboxStanding>;
  /** `undefined` where nobody tells, as on one machine. */
  readonly alarms: Read<readonly AlarmFacts[]> | undefined;
}

/** A consumer and all that belongs to it by name. */
export interface ConsumerFacts {
  readonly function: FunctionFacts;
  readonly queue: Read<QueueFacts>;
  readonly deadLetters: Read<QueueFacts>;
  readonly undelivered: Read<QueueFacts>;
  readonly mappings: Read<readonly MappingFacts[]>;
  /** What drains it; `undefined`: a mapping is to take its messages. */
  readonly schedule: Read<ScheduleFacts> | undefined;
}

/** A function that comes with a bus, and what calls it. */
export interface JobFacts {
  readonly job: JobName;
  readonly function: Read<Pick<FunctionFacts, "name" | "state" | "trouble">>;
  /** From a queue or a table's stream; `undefined`: none is to call it. */
  readonly mappings: Read<readonly MappingFacts[]> | undefined;
  readonly schedule: Read<ScheduleFacts> | undefined;
}

/** Where a bus keeps what was published, and what waits on the way there. */
export interface ArchiveFacts {
  readonly queue: Read<QueueFacts>;
  readonly deadLetters: Read<QueueFacts>;
  readonly undelivered: Read<QueueFacts>;
  /** How long the oldest message has waited in the queue; `undefined` where nobody tells. */
  readonly oldestSeconds: number | undefined;
  /** Its name, where it is there. */
  readonly bucket: Read<string>;
}

/** Where a bus's delayed events wait. */
export interface DelayFacts {
  readonly queue: Read<QueueFacts>;
  readonly deadLetters: Read<QueueFacts>;
}

/** All that was found of one bus. */
export interface BusFacts {
  readonly bus: string;
  readonly consumers: readonly ConsumerFacts[];
  /** ARNs of the bus's topics here. */
  readonly topics: Read<readonly string[]>;
  readonly subscriptions: Read<readonly SubscriptionFacts[]>;
  readonly ledger: Read<TableFacts>;
  readonly limits: Read<TableFacts>;
  readonly jobs: Read<TableFacts>;
  readonly parked: Read<TableFacts>;
  readonly outbox: OutboxFacts;
  /** The bus's own functions, its archive, its delay; `undefined` where the bus stands elsewhere. */
  readonly own:
    | { readonly jobs: readonly JobFacts[]; readonly archive: ArchiveFacts; readonly delay: DelayFacts }
    | undefined;
}

/** What the doctor asks of a cloud. Nothing here changes anything. Rejects only when the cloud cannot be reached. */
export interface CloudReads {
  /** Every function that carries settings of Omnibus. */
  functions(): Promise<Read<readonly FunctionFacts[]>>;
  /** How one function is, whatever its settings. */
  functionState(name: string): Promise<JobFacts["function"]>;
  /** What a relay was deployed with; `missing`: there is no such function, or its settings cannot be read. */
  relaySettings(functionName: string): Promise<Read<RelaySettings>>;
  /** Looks into an outbox. */
  standing(settings: RelaySettings): Promise<Read<OutboxStanding>>;
  /** Those of these alarms that there are; `undefined` where there is no CloudWatch. */
  alarms(names: readonly string[]): Promise<Read<readonly AlarmFacts[]> | undefined>;
  mappings(functionName: string): Promise<Read<readonly MappingFacts[]>>;
  queue(name: string): Promise<Read<QueueFacts>>;
  /** How long a queue's oldest message has waited; `undefined` where nobody tells, or nobody may be asked. */
  oldestSeconds(queueName: string): Promise<number | undefined>;
  schedule(name: string): Promise<Read<ScheduleFacts>>;
  /** A bucket's name, if it is there. */
  bucket(name: string): Promise<Read<string>>;
  /** ARNs of all topics whose name begins so. */
  topics(prefix: string): Promise<Read<readonly string[]>>;
  subscriptions(topicArn: string): Promise<Read<readonly SubscriptionFacts[]>>;
  table(name: string): Promise<Read<TableFacts>>;
}
