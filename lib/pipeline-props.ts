import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import type { Pipeline, Stage } from "../src/stages/index.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import type { IEventBus } from "./event-bus-address.ts";
import type { Acknowledgement } from "./guards/index.ts";

/** What a stage's consumer is given: everything of a `Consumer` that the pipeline does not say itself. */
export type StageProps = Omit<ConsumerProps, "bus" | "on" | "where" | "mode" | "language" | "leads">;

export interface PipelineProps<Stages extends readonly Stage[] = readonly Stage[]> {
  /** The bus that the events go over. */
  readonly bus: IEventBus;

  /** The declaration: what `pipeline(…)` returned. */
  readonly pipeline: Pick<Pipeline<Stages>, "name" | "stages" | "wiring" | "compensated">;

  /** Each stage's own: its entry, its concurrency, its limits, its retries. */
  readonly stages: { readonly [Name in Stages[number]["name"]]: StageProps };

  /**
   * Whether each stage has an alarm on its dead letters and undelivered messages: a run that neither goes on nor back
   * stands there.
   * @default true: nobody else would tell
   */
  readonly alarms?: boolean;

  /**
   * Whom the alarms tell.
   * @default nobody: they are seen on the console
   */
  readonly alarmAction?: IAlarmAction;

  /**
   * Guards of the pipeline to turn off, each with its reason; those of a stage are turned off at the stage.
   * @default none
   */
  readonly acknowledge?: readonly Acknowledgement[];
}
