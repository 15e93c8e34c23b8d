import type { SqsHandler } from "../../src/consume/index.ts";
import type { Pipeline, Stage } from "../../src/stages/index.ts";
import type { TestConsumer } from "./test-consumer-props.ts";

/**
 * The consumers of a pipeline for `createTestBus`: what each stage's file exports, with what the `Pipeline` construct says of it.
 *
 * @example
 * const bus = createTestBus({ consumers: stageConsumers(fulfilOrder, { RiskCheck: riskCheck, Charge: charge }) });
 */
export function stageConsumers<Stages extends readonly Stage[]>(
  { wiring }: Pick<Pipeline<Stages>, "wiring">,
  handlers: Readonly<Record<Stages[number]["name"], SqsHandler | Omit<TestConsumer, "emits" | "mode">>>,
): Readonly<Record<Stages[number]["name"], TestConsumer>> {
  const consumers = Object.entries<SqsHandler | Omit<TestConsumer, "emits" | "mode">>(handlers).map(
    ([name, given]) => {
      const consumer = typeof given === "function" ? { handler: given } : given;
      return [name, { ...consumer, emits: wiring[name as Stages[number]["name"]].emits }];
    },
  );
  return Object.fromEntries(consumers);
}
