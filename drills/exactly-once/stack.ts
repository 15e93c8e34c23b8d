import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { transferAsked, transferBooked } from "./contracts.ts";
import { book, booksTable, bus as busName, tell } from "./names.ts";

/** The same transfers booked in mode `transaction`, and told to a partner in mode `once`. */
export class ExactlyOnceStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const contracts = [transferAsked, transferBooked];
    const bus = new EventBus(this, "Bus", { name: busName, contracts, archive: false });
    const books = new Table(this, "Books", {
      tableName: booksTable,
      partitionKey: { name: "id", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const common = {
      bus,
      on: [transferAsked],
      concurrency: 4,
      // What a killed function held shows again after six timeouts: the drill waits for that.
      timeout: Duration.seconds(5),
    };
    const booking = new Consumer(this, book.name, {
      ...common,
      entry: new URL("./book-transfer.ts", import.meta.url),
      emits: [transferBooked],
      mode: "transaction",
    });
    books.grantWriteData(booking.function);
    new Consumer(this, tell.name, { ...common, entry: new URL("./tell-partner.ts", import.meta.url) });
  }
}
