import type { Duration } from "aws-cdk-lib/core";
import type { Contract } from "../../src/contract/index.ts";
import type { ConsumerMode, OnPoison } from "../../src/env.ts";
import type { Limit } from "../../src/limits/index.ts";
import type { DrainBy, LoadPlan, RetryPlan } from "../../src/plan/index.ts";
import type { FilterPolicy } from "../filter-policy.ts";
import type { HandlerLanguage } from "../handler-language.ts";
import type { NameFacts } from "./name-guards.ts";

/** One consumer's part of one limit. */
export interface LimitShare {
  readonly limit: Limit;
  readonly consumer: string;
  /** How many starts it may ask for at one time: invocations × batch. */
  readonly starts: number;
  /** What it is expected to start, where it says so. */
  readonly perSecond: number | undefined;
}

/** Which types of events lead to which. */
export interface Lead {
  readonly on: readonly string[];
  readonly to: readonly string[];
}

/** Another consumer of the bus, in this app. */
export interface Sibling {
  readonly consumer: string;
  readonly leads: readonly Lead[];
  readonly topics: readonly string[];
  readonly reserved: number | undefined;
}

/** One consumer with every default filled in: what guards judge, and what is then built. */
export interface ConsumerFacts extends NameFacts {
  readonly consumer: string;
  /** Which other construct has this name, in the same bus, account and region, and where it stands. */
  readonly twin: string | undefined;
  readonly language: HandlerLanguage;
  /** The handler's file, as a whole path. */
  readonly entry: string;
  /** Whether the user set options of esbuild. */
  readonly hasBundling: boolean;
  readonly on: readonly Contract[];
  readonly emits: readonly Contract[];
  /** What it makes of what it takes. */
  readonly leads: readonly Lead[];
  /** The topics of `on`, each once. */
  readonly topics: readonly string[];
  /** All topics of the bus; `undefined` where they are not known. */
  readonly busTopics: readonly string[] | undefined;
  /** Whether data that is too large for a message lies in the bus's bucket. */
  readonly busClaims: boolean;
  /** The fields that `where` names. */
  readonly whereFields: readonly string[];
  /** By topic. */
  readonly policies: Readonly<Record<string, FilterPolicy>>;
  readonly fifo: boolean;
  readonly onPoison: OnPoison;
  readonly timeout: Duration;
  readonly visibilityTimeout: Duration;
  readonly retention: Duration;
  readonly deadLetterRetention: Duration;
  readonly undeliveredRetention: Duration;
  readonly maxReceiveCount: number;
  readonly survive: Duration;
  readonly firstDelay: Duration;
  readonly maxDelay: Duration;
  /** What is wrong with `retry`; `undefined` when it can be. `retries` is that of the defaults then. */
  readonly retryProblem: string | undefined;
  readonly retries: RetryPlan;
  /** Who takes its messages. */
  readonly drain: DrainBy;
  readonly batchSize: number;
  readonly batchWindow: Duration;
  readonly maxMessageBytes: number;
  /** `undefined`: nothing is reserved. */
  readonly reserved: number | undefined;
  /** `undefined`: the mapping has no ceiling of its own. */
  readonly maximum: number | undefined;
  /** Provisioned mode; `undefined`: standard mode. */
  readonly pollers: { readonly minimum: number; readonly maximum: number } | undefined;
  /** Whether the user set a maximum concurrency, beside pollers even. */
  readonly hasMaximum: boolean;
  readonly limits: readonly Limit[];
  /** What the other consumers of the bus have of its limits. */
  readonly shares: readonly LimitShare[];
  /** The other consumers of the bus, in the same stage, as far as they are made. */
  readonly siblings: readonly Sibling[];
  /** Whether Lambda lets it run in a circle. */
  readonly mayLoop: boolean;
  /** What is wrong with `expect`; `undefined` when it can be. */
  readonly loadProblem: string | undefined;
  /** What `expect` means for these settings; `undefined` without it, and where numbers are not known yet. */
  readonly loadPlan: LoadPlan | undefined;
  /** Whether it runs in its bus's account and region, where limits are kept. */
  readonly isWithBus: boolean;
  /** When a dependency counts as down. */
  readonly breaker: { readonly failures: number; readonly window: Duration; readonly probeEvery: Duration };
  /** Whether it looks what holds it, and opens breakers: not in Python, and not away from its bus. */
  readonly knowsHolds: boolean;
  /** Whether the user said something about it. */
  readonly hasBreaker: boolean;
  /** Where the bus's topics are. */
  readonly region: string;
  readonly mode: ConsumerMode;
  /** MB. */
  readonly memorySize: number;
  readonly keep: Duration;
  readonly parallel: number;
  /** The names of the variables that the user adds. */
  readonly environment: readonly string[];
  /** The least that all variables take, the settings among them. */
  readonly environmentBytes: number;
  /** What is wrong with the settings' size; `undefined` when they fit. */
  readonly settingsProblem: string | undefined;
}
