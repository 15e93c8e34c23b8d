import { jobsTableName } from "../../src/names.ts";
import { dynamoSource, reconciler, s3File } from "../../src/reconcile/index.ts";
import { bucketName, bus, pointsTable, spanMs, statementKey } from "./names.ts";
import { paidPoints } from "./paid-points.ts";
import { pointsBook } from "./points-book.ts";

/** The provider's statement in S3 against the points in DynamoDB. */
export const handler = reconciler(
  paidPoints({
    statement: s3File({ bucket: bucketName, key: statementKey }),
    given: dynamoSource({
      name: "points",
      table: pointsTable,
      entryOf: ({ payment, customer, points, at }) => ({
        key: payment?.S ?? "",
        timeMs: Number(at?.N),
        fields: { customer: customer?.S ?? "", points: Number(points?.N) },
      }),
      keyOf: (key) => ({ payment: { S: key } }),
      sealedTable: jobsTableName(bus),
      spanMs,
    }),
    book: pointsBook(),
  }),
);
