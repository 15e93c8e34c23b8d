import type { RejectionCode } from "./envelope.ts";
import { eventLimits, isForbiddenKey } from "./event-limits.ts";

/** What is wrong with a JSON value, and where. */
export interface JsonProblem {
  readonly code: RejectionCode;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A container that the walk stands in: `keys` is undefined for an array, `next` is what it looks at next. */
interface Level {
  readonly container: Readonly<Record<PropertyKey, unknown>>;
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/**
 * Walks a parsed JSON value once and names the first thing that no event may hold: too deep, too many keys, a
 * forbidden key, a number out of range, and text that is no Unicode. `illFormed` is what to say of such text, and
 * `undefined` when there can be none: strings are then not looked at. One step per value, and never deeper than the
 * limit, so hostile input costs what its length costs.
 */
export function checkJson(root: unknown, illFormed: string | undefined): JsonProblem | undefined {
  if (typeof root !== "object" || root === null) return checkScalar(root, illFormed, []);
  const levels: Level[] = [];
  let keyCount = 0;

  const enter = (value: object): JsonProblem | undefined => {
    if (levels.length === eventLimits.maxDepth) {
      return problem("too-deep", `nested deeper than ${eventLimits.maxDepth}; flatten the data`);
    }
    const container = value as Level["container"];
    if (Array.isArray(value)) {
      levels.push({ container, keys: undefined, length: value.length, next: 0 });
      return undefined;
    }
    const keys = Object.keys(value);
    keyCount += keys.length;
    if (keyCount > eventLimits.maxKeys) {
      return problem(
        "too-many-keys",
        `more than ${eventLimits.maxKeys} keys; put a list where keys are data`,
      );
    }
    for (const key of keys) {
      if (isForbiddenKey(key)) return problem("forbidden-key", `the key "${key}" is not allowed`, key);
      if (illFormed && !key.isWellFormed()) return problem("bad-encoding", illFormed, key);
    }
    levels.push({ container, keys, length: keys.length, next: 0 });
    return undefined;
  };

  const problem = (code: RejectionCode, message: string, ...last: PropertyKey[]): JsonProblem => ({
    code,
    path: [...levels.map(currentKey), ...last],
    message,
  });

  const refused = enter(root);
  if (refused) return refused;
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const depth = levels.length;
    while (level.next < level.length && levels.length === depth) {
      const value = level.container[level.keys ? (level.keys[level.next] ?? "") : level.next];
      level.next++;
      if (typeof value === "object" && value !== null) {
        const found = enter(value);
        if (found) return found;
      } else if (illFormed || typeof value === "number") {
        const found = checkScalar(value, illFormed, levels);
        if (found) return found;
      }
    }
    if (levels.length === depth) levels.pop();
  }
  return undefined;
}

function checkScalar(
  value: unknown,
  illFormed: string | undefined,
  levels: readonly Level[],
): JsonProblem | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { code: "bad-json", path: levels.map(currentKey), message: "the number is out of range" };
  }
  if (illFormed && typeof value === "string" && !value.isWellFormed()) {
    return { code: "bad-encoding", path: levels.map(currentKey), message: illFormed };
  }
  return undefined;
}

function currentKey(level: Level): PropertyKey {
  return level.keys?.[level.next - 1] ?? level.next - 1;
}
