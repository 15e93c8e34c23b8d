import { Tokenization } from "aws-cdk-lib/core";

/**
 * The bytes that a function's variables take, as Lambda measures them: as one JSON object. What a token becomes is not
 * known before deployment: it counts for nothing, so that this is the least they take.
 */
export function environmentBytes(variables: Readonly<Record<string, string>>): number {
  const literal = Object.entries(variables).map(([name, value]) => [name, withoutTokens(value)]);
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(literal)));
}

function withoutTokens(value: string): string {
  const fragments = Tokenization.reverseString(value).mapTokens({ mapToken: () => "" });
  return fragments.join({ join: (left = "", right = "") => `${left}${right}` }) ?? "";
}
