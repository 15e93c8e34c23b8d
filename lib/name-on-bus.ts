import { Stack, Stage, Token } from "aws-cdk-lib/core";
import type { Construct, IConstruct } from "constructs";

/** What a construct's id is to its bus: the name of a function. */
interface Named {
  readonly kind: "consumer" | "reconciler" | "outbox";
  readonly bus: string;
  readonly name: string;
}

/** One for all copies of this library that an app may have. */
const named: unique symbol = Symbol.for("omnibus.name-on-bus");

/** Says that a construct's function has this name on its bus; then `twinOf` finds it. */
export function nameOnBus(construct: Construct, as: Named): void {
  Object.defineProperty(construct, named, { value: as });
}

/**
 * Which other construct has this name, in the same bus, account and region: its function and queues would be the same. In
 * words: `consumer Points already, at shop/Points`.
 */
export function twinOf(construct: Construct, { bus, name }: Omit<Named, "kind">): string | undefined {
  const { environment, account, region } = Stack.of(construct);
  // A place that is not known yet is another one for each stage, as when each is deployed with credentials of its own.
  const isKnown = !Token.isUnresolved(account) && !Token.isUnresolved(region);
  const twin = construct.node.root.node
    .findAll()
    .find(
      (other) =>
        other !== construct &&
        namedAs(other)?.name === name &&
        namedAs(other)?.bus === bus &&
        Stack.of(other).environment === environment &&
        (isKnown || Stage.of(other) === Stage.of(construct)),
    );
  const known = twin && namedAs(twin);
  const what = known?.kind === "outbox" ? "outbox" : `${known?.kind} ${name}`;
  return twin && `${what} already, at ${twin.node.path}`;
}

function namedAs(construct: IConstruct): Named | undefined {
  return (construct as { readonly [named]?: Named })[named];
}
