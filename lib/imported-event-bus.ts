import { type ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Contract } from "../src/contract/index.ts";
import type { ClaimSettings } from "../src/env.ts";
import { ledgerTableName, limitsTableName } from "../src/names.ts";
import { busTopicArn } from "./bus-topic-arn.ts";
import { messageLife } from "./claims.ts";
import type { BusAddress, IEventBus } from "./event-bus-address.ts";
import { grantPublish } from "./grant-publish.ts";
import { enforce, nameGuards } from "./guards/index.ts";

/** A bus that was made elsewhere, known by its name. `EventBus.fromName` makes one. */
export class ImportedEventBus extends Construct implements IEventBus {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly topics: readonly string[] | undefined;
  readonly ledger: ITable;
  readonly limits: ITable;
  readonly encryptionKey: IKey | undefined;
  readonly claims: ClaimSettings | undefined;
  readonly delays: boolean;
  readonly #known = new Map<string, ITopic>();

  constructor(scope: Construct, id: string, name: string, address: BusAddress) {
    super(scope, id);
    const stack = Stack.of(this);
    this.name = name;
    this.account = address.account ?? stack.account;
    this.region = address.region ?? stack.region;
    this.topics = address.topics;
    this.encryptionKey = address.encryptionKey;
    this.delays = address.delay === true;
    // No bus keeps them for less.
    this.claims = address.claims ? { keepMs: messageLife.toMilliseconds() } : undefined;
    enforce(
      nameGuards,
      { bus: name, topics: address.topics ?? [] },
      { subject: `EventBus ${this.node.path}` },
    );
    const table = (id: string, resourceName: string) => {
      const { account, region } = this;
      const at = { service: "dynamodb", resource: "table", resourceName, account, region };
      return Table.fromTableArn(this, id, stack.formatArn(at));
    };
    this.ledger = table("Ledger", ledgerTableName(name));
    this.limits = table("Limits", limitsTableName(name));
  }

  topic(name: string): ITopic {
    const topic = this.#known.get(name) ?? Topic.fromTopicArn(this, name, this.topicArn(name));
    this.#known.set(name, topic);
    return topic;
  }

  topicArn(name: string): string {
    return busTopicArn(this, name);
  }

  grantPublish(grantee: IGrantable, contracts?: readonly Contract[]): Grant {
    return grantPublish(this, grantee, contracts);
  }
}
