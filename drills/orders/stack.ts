import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus, type IEventBus } from "../../lib/index.ts";
import { fromContext } from "../frame/from-context.ts";
import { archiveTimes } from "./archive.ts";
import { type ConsumerName, bus as name } from "./consumers.ts";
import { orderCreated } from "./contracts.ts";

/** The bus of the drill, alone: consumers come and go without a change here. */
export class BusStack extends Stack {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", {
      name,
      contracts: [orderCreated],
      archive: {
        span: Duration.millis(archiveTimes.spanMs),
        window: Duration.millis(archiveTimes.windowMs),
        timeout: Duration.millis(archiveTimes.timeoutMs),
      },
    });
  }
}

/** Credits customers with what they spent. */
export class PointsStack extends Stack {
  constructor(scope: Construct, id: string, bus: IEventBus) {
    super(scope, id);
    addConsumer(this, bus, "Points", new URL("./handlers/points.ts", import.meta.url));
  }
}

/** Takes CDs from the shelf. */
export class StockStack extends Stack {
  constructor(scope: Construct, id: string, bus: IEventBus) {
    super(scope, id);
    addConsumer(this, bus, "Stock", new URL("./handlers/stock.ts", import.meta.url));
  }
}

/** Ships orders. */
export class LogisticsStack extends Stack {
  constructor(scope: Construct, id: string, bus: IEventBus) {
    super(scope, id);
    addConsumer(this, bus, "Logistics", new URL("./handlers/logistics.ts", import.meta.url));
  }
}

/** A consumer of orders, and the table of its effects, `shop-points-effects` and the like: keyed by `ctx.effectKey`. */
function addConsumer(stack: Stack, bus: IEventBus, id: ConsumerName, entry: URL): void {
  const effects = new Table(stack, "Effects", {
    tableName: `${name}-${id.toLowerCase()}-effects`,
    partitionKey: { name: "pk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const consumer = new Consumer(stack, id, {
    bus,
    on: [orderCreated],
    entry,
    // Where each environment is a process of one small machine, fewer are faster: `cdk deploy -c concurrency=2`.
    concurrency: fromContext(stack, "concurrency", 10),
    // A handler that is killed shows its events again after six timeouts: the drill waits for that.
    timeout: Duration.seconds(fromContext(stack, "timeout-seconds", 3)),
    environment: { EFFECTS_TABLE: effects.tableName },
  });
  // Effects are put by PartiQL, and only put.
  effects.grant(consumer.function, "dynamodb:PartiQLInsert");
}
