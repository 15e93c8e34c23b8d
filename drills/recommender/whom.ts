import { fileURLToPath } from "node:url";
import { runTool } from "../../local/tools/index.ts";
import { customersTable } from "./names.ts";

/** A customer to write to, and why. */
export interface Letter {
  readonly customer: string;
  readonly recency: string;
  readonly frequency: number;
  readonly cents: number;
  readonly marks: { readonly recency: number; readonly frequency: number; readonly money: number };
}

const script = fileURLToPath(new URL("./handler/whom.py", import.meta.url));

/** Asks the recommender whom to write to next: the command in Python that reads its table. */
export async function askWhom({
  python,
  environment,
  count = 5,
  signal,
}: {
  readonly python: string;
  /** In which the SDK finds the table. */
  readonly environment: Readonly<Record<string, string>>;
  readonly count?: number;
  readonly signal: AbortSignal;
}): Promise<readonly Letter[]> {
  const said = await runTool(python, ["-B", script, customersTable, String(count)], { environment, signal });
  return said
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Letter => JSON.parse(line));
}
