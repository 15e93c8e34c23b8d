import type { PGlite } from "@electric-sql/pglite";

/** A node of a plan in the form that `EXPLAIN (ANALYZE, FORMAT JSON)` answers. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** How many rows of tables PostgreSQL looks at for a statement, by its own plan: it is run for that. */
export async function rowsScanned(
  pglite: PGlite,
  { text, parameters }: { readonly text: string; readonly parameters: readonly string[] },
): Promise<number> {
  const { rows } = await pglite.query<{ "QUERY PLAN": readonly { Plan: PlanNode }[] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
    [...parameters],
  );
  const plan = rows[0]?.["QUERY PLAN"][0]?.Plan;
  if (!plan) throw new Error(`no plan for ${text}`);
  return Math.round(rowsOf(plan));
}

function rowsOf(node: PlanNode): number {
  const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  const own =
    node["Relation Name"] === undefined ? 0 : (node["Actual Rows"] + removed) * node["Actual Loops"];
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), own);
}
