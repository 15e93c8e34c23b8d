import type { Assembly } from "./assembly/read-assembly.ts";
import { LocalCloudError } from "./local-cloud-error.ts";

/**
 * The name of the function that a person means: its whole name, or what stands after a hyphen at its end. Throws
 * `LocalCloudError` with the functions there are when it is none of them, or more than one.
 */
export function findInspected(assembly: Assembly, wanted: string): string {
  const names = assembly.stacks.flatMap(({ template }) =>
    Object.values(template.Resources ?? {}).flatMap(({ Type, Properties }) =>
      Type === "AWS::Lambda::Function" && typeof Properties?.FunctionName === "string"
        ? [Properties.FunctionName]
        : [],
    ),
  );
  if (names.includes(wanted)) return wanted;
  const meant = names.filter((name) => name.endsWith(`-${wanted}`));
  if (meant.length === 1 && meant[0] !== undefined) return meant[0];
  throw new LocalCloudError(
    "inspect-unknown",
    `there is ${meant.length === 0 ? "no" : "more than one"} function ${JSON.stringify(wanted)} to debug; there are: ${names.join(", ") || "none with a name"}`,
  );
}
