import type { AttributeValue, Item } from "../ports.ts";
import type { Bindings } from "./bindings.ts";
import type { Tokens } from "./tokens.ts";

/** Where a value is in its item: names of attributes and of maps' fields, places in lists. */
export type Path = readonly [string, ...(string | number)[]];

/** Reads `a`, `#a.b[0]` and the like. */
export function readPath(tokens: Tokens, bindings: Bindings): Path {
  const steps: (string | number)[] = [];
  const first = bindings.name(tokens.take());
  for (;;) {
    if (tokens.takeIf(".")) {
      steps.push(bindings.name(tokens.take()));
    } else if (tokens.takeIf("[")) {
      const index = tokens.take();
      if (!/^\d+$/.test(index)) throw tokens.unreadable();
      steps.push(Number(index));
      tokens.expect("]");
    } else {
      return [first, ...steps];
    }
  }
}

/** What stands at a path; `undefined` where nothing does. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>((value, step) => childOf(value, step), { M: item });
}

/** The item with another value at a path; `undefined` takes it away. Answers nothing where the way there is missing. */
export function withValue(item: Item, path: Path, value: AttributeValue | undefined): Item | undefined {
  return changed({ M: item }, path, value)?.M;
}

function childOf(value: AttributeValue | undefined, step: string | number): AttributeValue | undefined {
  if (typeof step === "number") return value?.L?.[step];
  return value?.M && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

function changed(
  parent: AttributeValue,
  [step, ...rest]: readonly (string | number)[],
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  if (step === undefined || rest.length === 0) return withChild(parent, step ?? "", value);
  const child = childOf(parent, step);
  const next = child && changed(child, rest, value);
  return next && withChild(parent, step, next);
}

function withChild(
  parent: AttributeValue,
  step: string | number,
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  if (typeof step === "string" && parent.M) {
    const { [step]: _, ...others } = parent.M;
    return { M: value === undefined ? others : { ...others, [step]: value } };
  }
  if (typeof step === "number" && parent.L) {
    if (value === undefined) return { L: parent.L.filter((_, index) => index !== step) };
    // Beyond a list's end is its end.
    return { L: step < parent.L.length ? parent.L.with(step, value) : [...parent.L, value] };
  }
  return undefined;
}
