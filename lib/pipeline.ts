import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnSubscription } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Stage } from "../src/stages/index.ts";
import { Consumer } from "./consumer.ts";
import { enforce, pipelineGuards } from "./guards/index.ts";
import { retentionFor } from "./keep-times.ts";
import { addStageAlarms } from "./pipeline-alarms.ts";
import type { PipelineProps, StageProps } from "./pipeline-props.ts";
import { readRetry } from "./read-retry.ts";

/**
 * A pipeline: one `Consumer` for each stage, named like it, with a queue, settings and a function of its own; and an alarm for
 * each, where runs stand that go neither on nor back.
 *
 * Deployed from its end: every subscription before any function, and each function after the one that it hands on to. So an event of a new
 * type finds its reader.
 *
 * Throws `SettingsError` with every guard that fires.
 *
 * @example
 * new Pipeline(this, "FulfilOrder", {
 *   bus,
 *   pipeline: fulfilOrder,
 *   stages: {
 *     LockStock: { entry: "lambdas/lock-stock.ts", concurrency: 20 },
 *     Charge: { entry: "lambdas/charge.ts", limits: [partner] },
 *   },
 * });
 */
export class Pipeline<const Stages extends readonly Stage[] = readonly Stage[]> extends Construct {
  /** Each stage's consumer. */
  readonly stages: Readonly<Record<Stages[number]["name"], Consumer>>;
  /** One for each stage, in order; none where `alarms` is false. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: PipelineProps<Stages>) {
    super(scope, id);
    const { bus, pipeline, alarms = true, alarmAction, acknowledge = [] } = props;
    const given: Readonly<Record<string, StageProps>> = props.stages;
    const facts = {
      pipeline: pipeline.name,
      given: Object.keys(given),
      stages: pipeline.stages.map(({ name, withinMs }) => ({
        name,
        withinMs,
        retentionMs: retentionOf(given[name]).toMilliseconds(),
        ...unasked(given[name]),
      })),
    };
    enforce(pipelineGuards, facts, { subject: `Pipeline ${this.node.path}`, acknowledge });
    for (const one of acknowledge) this.node.addMetadata("omnibus:acknowledged", one);

    const wiring: Readonly<Record<string, (typeof pipeline.wiring)[keyof typeof pipeline.wiring]>> =
      pipeline.wiring;
    const consumers = pipeline.stages.flatMap(({ name }) => {
      const own = given[name];
      const wired = wiring[name];
      if (!own || !wired) return [];
      const { emits = [] } = own;
      const [forward, ...back] = wired.leads;
      const leads = forward ? [{ on: forward.on, to: [...forward.to, ...emits] }, ...back] : [];
      return new Consumer(this, name, {
        ...own,
        bus,
        on: wired.on,
        emits: [...wired.emits, ...emits],
        leads,
      });
    });
    readersFirst(consumers);
    this.stages = Object.fromEntries(consumers.map((one) => [one.name, one])) as typeof this.stages;
    this.alarms = alarms ? addStageAlarms(pipeline.name, consumers, alarmAction) : [];
  }
}

function retentionOf({ retention, retry }: Partial<StageProps> = {}) {
  return retention ?? retentionFor(readRetry(retry).retries);
}

/** What the types leave out, and a stack in JavaScript may give. */
function unasked(props: object = {}): { readonly mode: unknown; readonly language: unknown } {
  const { mode, language } = props as { readonly mode?: unknown; readonly language?: unknown };
  return { mode, language };
}

function readersFirst(consumers: readonly Consumer[]): void {
  const subscriptions = consumers.flatMap((consumer) =>
    consumer.node.findAll().filter((one) => one instanceof CfnSubscription),
  );
  consumers.forEach((consumer, index) => {
    const next = consumers[index + 1];
    consumer.function.node.addDependency(...subscriptions, ...(next ? [next.function] : []));
  });
}
