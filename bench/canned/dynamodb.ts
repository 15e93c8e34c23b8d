import { serve } from "./serve.ts";
import { cannedTable } from "./table.ts";

/** DynamoDB's JSON protocol over a canned table, in a process of its own. */
const table = cannedTable();

serve({
  answer(headers, body) {
    const operation = String(headers["x-amz-target"]).split(".")[1] ?? "";
    const result = table.run(operation, JSON.parse(body) as Record<string, unknown>);
    const json = (status: number, value: unknown) => ({
      status,
      type: "application/x-amz-json-1.0",
      body: JSON.stringify(value),
    });
    return "ok" in result ? json(200, result.ok) : json(400, { __type: result.error, message: result.error });
  },
  reset: table.reset,
  counts: table.counts,
});
