import { checkedSource } from "./checked-source.ts";
import type { CompareOptions, Finding } from "./comparison.ts";
import { judge } from "./judge.ts";
import { differing, lookInto, type Node } from "./look-into.ts";
import type { LedgerSource, Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";
import { splitWindow } from "./windows.ts";

/** How many windows that differ are looked into at once: what is held in memory at any time hangs on it. */
const nodesAtOnce = 16;

/**
 * Compares what two sources say about a window, and yields every difference, each once.
 *
 * Equal digests end a window. Unequal ones are split, by time and then by bucket, until few entries are left to list;
 * every key that the lists disagree about is looked up at its home on both sides before it is called a difference. So
 * the cost grows with the differences and not with the data, and memory with neither.
 *
 * A source that fails or contradicts itself makes its windows unknown, never its entries missing; what can still be
 * compared is.
 */
export async function* compare(
  left: LedgerSource,
  right: LedgerSource,
  window: Window,
  options: CompareOptions,
): AsyncGenerator<Finding> {
  const { leafEntries = 8, spanMs } = options;
  const sides = { left: checkedSource(left), right: checkedSource(right) };
  const stack: Node[] = [];
  const judged = judge(sides, options);
  try {
    stack.push(...(await differing(sides, [window])));
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    yield { unknown: window, fault: error };
    return;
  }
  while (stack.length > 0) {
    const leaves: Node[] = [];
    const inner: { readonly node: Node; readonly parts: readonly Window[] }[] = [];
    for (const node of stack.splice(-nodesAtOnce)) {
      const few = Math.max(node.left.count, node.right.count) <= leafEntries;
      const parts = few ? [] : splitWindow(node.window, spanMs);
      if (parts.length === 0) leaves.push(node);
      else inner.push({ node, parts });
    }
    for (const [index, found] of (await lookInto(sides, inner)).entries()) {
      if (!(found instanceof SourceFault)) stack.push(...found);
      else yield { unknown: inner[index]?.node.window ?? window, fault: found };
    }
    yield* judged(leaves);
  }
}
