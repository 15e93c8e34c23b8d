import { type Item, type Value, writeUnits } from "./item-size.ts";
import { readStatement } from "./partiql.ts";

/** What was asked of the table since the last reset. */
export interface TableCounts {
  /** HTTP requests, by operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** Write units; in a batch of statements each statement has its own. */
  readonly writeUnits: number;
  /** Items read. */
  readonly reads: number;
}

/** What an operation of a table answers: DynamoDB's JSON, or the name of its error. */
export type TableAnswer = { readonly ok: unknown } | { readonly error: string };

type Request = Readonly<Record<string, unknown>>;
const conditionFailed = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";

/**
 * A table that knows enough to answer first deliveries as DynamoDB would, and counts what each request costs. A
 * condition is taken for "there is none yet" on a put, and for "there is one" on an update.
 */
export function cannedTable() {
  const items = new Map<string, Item>();
  let requests: Record<string, number> = {};
  let units = 0;
  let reads = 0;

  const keyOf = (value: Value | undefined) => JSON.stringify(value);
  const write = (key: string, after: Item | undefined) => {
    units += writeUnits(items.get(key), after);
    if (after) items.set(key, after);
    else items.delete(key);
  };
  const refuse = () => {
    // A condition that fails costs its unit all the same.
    units += 1;
  };

  const execute = (statement: string, parameters: readonly Value[]): Request => {
    const one = readStatement(statement, parameters);
    if (one.kind === "insert") {
      const key = keyOf(Object.values(one.item)[0]);
      if (items.has(key)) {
        refuse();
        return { Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" } };
      }
      write(key, one.item);
    } else if (one.kind === "update") {
      const key = keyOf(one.key);
      const before = items.get(key);
      if (!before) {
        refuse();
        return { Error: { Code: "ConditionalCheckFailed", Message: "The conditional request failed" } };
      }
      const after = Object.entries({ ...before, ...one.set }).filter(([, value]) => value !== undefined);
      write(key, Object.fromEntries(after) as Item);
    } else {
      reads += 1;
      const item = items.get(keyOf(one.key));
      return { TableName: one.table, ...(item ? { Item: item } : {}) };
    }
    return { TableName: one.table };
  };

  const operations: Readonly<Record<string, (request: Request) => TableAnswer>> = {
    PutItem: ({ Item: item, ConditionExpression: condition }) => {
      const key = keyOf(Object.values(item as Item)[0]);
      if (condition !== undefined && items.has(key)) {
        refuse();
        return { error: conditionFailed };
      }
      write(key, item as Item);
      return { ok: {} };
    },
    UpdateItem: (request) => {
      const key = keyOf(Object.values(request.Key as Item)[0]);
      const names = request.ExpressionAttributeNames as Record<string, string>;
      const values = request.ExpressionAttributeValues as Record<string, Value>;
      const set = [...String(request.UpdateExpression).matchAll(/(#\w+)\s*=?\s*(:\w+)/g)].map(
        ([, name = "", value = ""]) => [names[name] ?? name, values[value]],
      );
      write(key, { ...(items.get(key) ?? (request.Key as Item)), ...Object.fromEntries(set) });
      return { ok: {} };
    },
    DeleteItem: ({ Key: key }) => {
      write(keyOf(Object.values(key as Item)[0]), undefined);
      return { ok: {} };
    },
    GetItem: ({ Key: key }) => {
      reads += 1;
      const item = items.get(keyOf(Object.values(key as Item)[0]));
      return { ok: item ? { Item: item } : {} };
    },
    TransactWriteItems: ({ TransactItems: writes }) => {
      for (const { Update } of writes as { Update?: Request }[]) {
        if (!Update) throw new Error("the canned table knows no write in a transaction but Update");
        const before = units;
        operations.UpdateItem?.(Update);
        // A transaction's writes cost twice. (transaction-apis)
        units += units - before;
      }
      return { ok: {} };
    },
    BatchExecuteStatement: ({ Statements: statements }) => ({
      ok: {
        Responses: (statements as { Statement: string; Parameters?: Value[] }[]).map((one) =>
          execute(one.Statement, one.Parameters ?? []),
        ),
      },
    }),
  };

  return {
    /** Runs one operation and counts it. Throws on one it does not know. */
    run(operation: string, request: Request): TableAnswer {
      requests[operation] = (requests[operation] ?? 0) + 1;
      const known = operations[operation];
      if (!known) throw new Error(`an operation that the canned table does not know: ${operation}`);
      return known(request);
    },
    reset(): void {
      requests = {};
      units = 0;
      reads = 0;
    },
    counts: (): TableCounts => ({ requests, writeUnits: units, reads }),
  };
}
