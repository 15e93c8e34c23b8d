import { addDigests, type Digest, emptyDigest, sameDigest } from "../digest/index.ts";
import { showWindow } from "./checked-source.ts";
import type { Sides } from "./look-up.ts";
import type { Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";

/** Looks at a window that changes under our eyes. */
export const maxLooks = 3;

/** A window whose digests differ. */
export interface Node {
  readonly window: Window;
  readonly left: Digest;
  readonly right: Digest;
}

/** Of these windows the ones that differ. */
export async function differing(sides: Sides, windows: readonly Window[]): Promise<readonly Node[]> {
  return (await digestsOf(sides, windows)).filter(differs);
}

/**
 * The parts of each node that differ, in the order asked, or why that cannot be said: by one question to each side for
 * all of them; node by node where that fails.
 */
export async function lookInto(
  sides: Sides,
  all: readonly { readonly node: Node; readonly parts: readonly Window[] }[],
): Promise<readonly (readonly Node[] | SourceFault)[]> {
  if (all.length === 0) return [];
  try {
    const found = await digestsOf(
      sides,
      all.flatMap(({ parts }) => parts),
    );
    let at = 0;
    const answers: (readonly Node[])[] = [];
    for (const { node, parts } of all) {
      const ofNode = found.slice(at, at + parts.length);
      at += parts.length;
      answers.push(oddSide(node, ofNode) ? await untilTheyAddUp(sides, node, parts) : ofNode.filter(differs));
    }
    return answers;
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    if (all.length === 1) return [error];
    const answers: (readonly Node[] | SourceFault)[] = [];
    for (const one of all) answers.push(...(await lookInto(sides, [one])));
    return answers;
  }
}

/**
 * On each side the parts must add up to the whole. Where they do not, the source has changed meanwhile (then another look
 * at whole and parts agrees), or contradicts itself.
 */
async function untilTheyAddUp(
  sides: Sides,
  { window }: Node,
  parts: readonly Window[],
): Promise<readonly Node[]> {
  for (let look = 2; ; look++) {
    const [whole] = await digestsOf(sides, [window]);
    const found = await digestsOf(sides, parts);
    const odd = whole && oddSide(whole, found);
    if (!odd) return found.filter(differs);
    if (look === maxLooks) {
      const { count, sum } = totalOf(found, odd);
      throw new SourceFault(
        "source-unstable",
        sides[odd].name,
        `its parts of ${showWindow(window)} hold ${count} entries (sum ${sum}), the whole ${whole[odd].count} (sum ${whole[odd].sum}), ${maxLooks} times in a row: it changes while it is read, or its digests are wrong`,
      );
    }
  }
}

/** The side whose parts do not add up to the whole. */
function oddSide(whole: Node, parts: readonly Node[]): "left" | "right" | undefined {
  return (["left", "right"] as const).find((side) => !sameDigest(totalOf(parts, side), whole[side]));
}

function totalOf(parts: readonly Node[], side: "left" | "right"): Digest {
  return parts.map((part) => part[side]).reduce(addDigests, emptyDigest);
}

function differs({ left, right }: Node): boolean {
  return !sameDigest(left, right);
}

async function digestsOf({ left, right }: Sides, windows: readonly Window[]): Promise<readonly Node[]> {
  const [lefts, rights] = await Promise.all([left.digest(windows), right.digest(windows)]);
  return windows.map((window, index) => ({
    window,
    left: lefts[index] as Digest,
    right: rights[index] as Digest,
  }));
}
