import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IConstruct } from "constructs";
import type { Contract } from "../src/contract/index.ts";
import type { ClaimSettings } from "../src/env.ts";

/** A bus, made here or elsewhere: what publishers and consumers need to know of it. */
export interface IEventBus extends IConstruct {
  /** The name that every physical name begins with. */
  readonly name: string;
  /** Where its topics are. */
  readonly account: string;
  readonly region: string;
  /** The names of its topics, without the bus; `undefined` where they are not known. */
  readonly topics: readonly string[] | undefined;
  /** Its ledger. */
  readonly ledger: ITable;
  /** What its consumers' limits are kept in. */
  readonly limits: ITable;
  /** The key that topics and ledger are encrypted with, if it is a customer's. */
  readonly encryptionKey: IKey | undefined;
  /** What consumers know of its bucket for data that is too large for a message; `undefined` where it has none. */
  readonly claims: ClaimSettings | undefined;
  /** Whether it can publish events later. */
  readonly delays: boolean;
  /** The topic of a name without the bus. Throws `SettingsError` (`contract-topic`) when a bus made here has none such. */
  topic(name: string): ITopic;
  /** The ARN of a topic, made of names alone: used from another stack, it exports nothing. */
  topicArn(name: string): string;
  /**
   * Lets `grantee` publish to the topics of `contracts`, and to nothing else; where the bus has claims or a
   * delay, to store data and to delay and cancel as well.
   * Without `contracts`: to all topics of the bus. Throws where these are not known.
   */
  grantPublish(grantee: IGrantable, contracts?: readonly Contract[]): Grant;
}

/** Where a bus stands that was made elsewhere. */
export interface BusAddress {
  /** @default the account of the stack that asks */
  readonly account?: string;
  /** @default the region of the stack that asks */
  readonly region?: string;
  /**
   * The bus's topics, without the bus: contracts of others are then refused at synth.
   * @default not known: every topic is believed to be there
   */
  readonly topics?: readonly string[];
  /**
   * Whether it was made with `claims`: grants then include their bucket.
   * @default false
   */
  readonly claims?: boolean;
  /**
   * Whether it was made with `delay`: grants then include its queue, and consumers may delay what they emit.
   * @default false
   */
  readonly delay?: boolean;
  /**
   * The key of topics and ledger, so that grants include it.
   * @default none: the bus uses AWS's own keys
   */
  readonly encryptionKey?: IKey;
}
