import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnTable, type ITable } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { encodeJobSettings, jobSettingsVariable, type RelaySettings } from "../src/env.ts";
import { outboxKeyAttribute, outboxKeys, outboxSortAttribute } from "../src/names.ts";
import type { IEventBus } from "./event-bus-address.ts";
import { grantTopics } from "./grant-publish.ts";
import { enforce, nameGuards, outboxGuards } from "./guards/index.ts";
import { addJobFunction } from "./job-function.ts";
import { nameOnBus, twinOf } from "./name-on-bus.ts";
import { addOutboxAlarms } from "./outbox-alarms.ts";
import type { OutboxProps } from "./outbox-props.ts";
import { addOutboxTable } from "./outbox-table.ts";
import { addSchedule } from "./schedule.ts";
import { tableKeyActions } from "./table-key-actions.ts";

/** Rows in one invocation: ten calls of SNS, and four of DynamoDB. */
const batchSize = 100;
const timeout = Duration.minutes(5);
const every = Duration.minutes(1);
/** The stream comes back so often; then the sweeper does, and the stream goes on with others. */
const retryAttempts = 3;

/**
 * An outbox: events that are written in the writer's own transaction, beside its own data, and published from there. Neither is
 * there without the other.
 *
 * The function `{bus}-relay` publishes each new row as soon as the table's stream tells of it, and sweeps once a minute what was
 * left. Throws `SettingsError` with every guard that fires.
 *
 * @example
 * const outbox = new Outbox(this, "Outbox", { bus });
 * outbox.grantAdd(checkout); // and in checkout: createOutbox({ table: "shop-outbox", source: "checkout" })
 */
export class Outbox extends Construct {
  readonly bus: IEventBus;
  readonly table: ITable;
  /** What the partition keys of the outbox's items begin with. */
  readonly prefix: string;
  /** The function that publishes what the outbox holds. */
  readonly relay: IFunction;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: OutboxProps) {
    super(scope, id);
    const { bus, table: given, prefix = "", grace = Duration.minutes(1), maxMessageSize } = props;
    const { partitionKey = outboxKeyAttribute, sortKey = outboxSortAttribute } = props;
    const subject = `Outbox ${this.node.path}`;
    nameOnBus(this, { kind: "outbox", bus: bus.name, name: "relay" });
    enforce(nameGuards, { bus: bus.name, topics: [] }, { subject });
    enforce(
      outboxGuards,
      {
        ...{ bus: bus.name, prefix, grace },
        twin: twinOf(this, { bus: bus.name, name: "relay" }),
        isShared: given !== undefined,
        hasStream: given === undefined || given.tableStreamArn !== undefined,
        streamView: streamViewOf(given),
      },
      { subject },
    );
    this.bus = bus;
    this.prefix = prefix;
    const { removalPolicy, pointInTimeRecovery } = props;
    const { name, encryptionKey } = bus;
    this.table =
      given ?? addOutboxTable(this, { bus: name, encryptionKey, removalPolicy, pointInTimeRecovery });

    const settings: RelaySettings = {
      v: 1,
      ...{ bus: name, account: bus.account, region: bus.region },
      ...{ table: this.table.tableName, partitionKey, sortKey, prefix },
      graceMs: grace.toMilliseconds(),
      ...(maxMessageSize === undefined ? {} : { maxBytes: maxMessageSize }),
    };
    const stream = this.table.tableStreamArn ?? "";
    const relay = addJobFunction(this, {
      ...{ bus: name, job: "relay", timeout, encryptionKey },
      environment: { [jobSettingsVariable]: encodeJobSettings(settings) },
      memorySize: 512,
      // The next minute's sweep does what this one did not.
      retryAttempts: 0,
      may: [
        {
          actions: [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
          ],
          resources: [this.table.tableArn],
          // All but what writers keep of their keys.
          conditions: this.#itemsOf(Object.values(outboxKeys).filter((key) => key !== outboxKeys.last)),
        },
        {
          actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          resources: [stream],
        },
        { actions: ["dynamodb:ListStreams"], resources: [`${this.table.tableArn}/stream/*`] },
      ],
    });
    this.relay = relay;
    if (given) given.encryptionKey?.grant(relay, ...tableKeyActions);
    // Rows are sealed: it stores no data of theirs, and delays nothing.
    grantTopics(bus, relay, props.contracts);
    const relaying = new EventSourceMapping(this, "Relaying", {
      target: relay,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      retryAttempts,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: [
        newRows(
          [outboxKeys.row, outboxKeys.line].map((key) => prefix + key),
          partitionKey,
        ),
      ],
    });
    // With its role, and that role's rights.
    relaying.node.addDependency(relay);
    addSchedule(this, "Sweeping", { name: `${name}-relay`, every, target: relay });
    this.alarms =
      props.alarms === false ? [] : addOutboxAlarms(this, { bus: name, grace }, props.alarmAction);
  }

  /** Lets `grantee` write rows, keep the last sequence of a key, and nothing else: what the table holds besides is yours to grant. */
  grantAdd(grantee: IGrantable): Grant {
    this.table.encryptionKey?.grant(grantee, ...tableKeyActions);
    const resourceArns = [this.table.tableArn];
    const rows = Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:PutItem"],
      resourceArns,
      conditions: this.#itemsOf([outboxKeys.row, outboxKeys.line]),
    });
    const sequences = Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
      resourceArns,
      conditions: this.#itemsOf([outboxKeys.last]),
    });
    return rows.combine(sequences);
  }

  #itemsOf(keys: readonly string[]) {
    return {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys.map((key) => `${this.prefix}${key}*`) },
    };
  }
}

/** Rows that have just been written; all else that happens to the table costs no invocation. */
function newRows(prefixes: readonly string[], partitionKey: string) {
  return FilterCriteria.filter({
    eventName: ["INSERT"],
    dynamodb: {
      Keys: { [partitionKey]: { S: prefixes.flatMap((prefix) => FilterRule.beginsWith(prefix)) } },
    },
  });
}

/** What a table's stream tells, where the table is made in this app. */
function streamViewOf(table: ITable | undefined): string | undefined {
  const made = table?.node.defaultChild;
  const stream = made instanceof CfnTable ? made.streamSpecification : undefined;
  return stream && "streamViewType" in stream ? stream.streamViewType : undefined;
}
