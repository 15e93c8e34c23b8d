import type { StandardSchemaV1 } from "@standard-schema/spec";
import {
  type ConsumeOptions,
  consume,
  type EmitOptions,
  type HandlerContext,
  type SqsHandler,
} from "../consume/index.ts";
import type { Contract, EventOf, InputOf } from "../contract/index.ts";
import { InvalidEventError, SettingsError } from "../errors.ts";
import type { StageNamed } from "./chained.ts";
import { failureOf, lateness } from "./failure-of.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Revocation, StageFailure } from "./revocation.ts";
import { runKey } from "./run-key.ts";
import type { Stage } from "./stage.ts";

/** What a stage's code is given beside its event. */
export interface StageContext extends HandlerContext {
  /**
   * Names what this stage does for this run, the same in `handle` and in `compensate`: put effects under it, or hand it to a third
   * party as its idempotency key, and `compensate` finds them again. 32 hex characters.
   */
  readonly runKey: string;
}

/** The code of one stage: `compensate` if, and only if, its declaration says `compensates`. */
export type StageCode<S extends Stage, About> = {
  /**
   * Resolves with the data of the event that the stage gives. Throws `StageRefused` to end the run with nothing of this stage standing,
   * `PermanentError` to end it when something may stand; any other throw is tried again, and ends the run when the attempts are used up.
   * What it emits besides goes out only with success.
   */
  handle(event: EventOf<S["on"]>, context: StageContext): Given<S["gives"]> | Promise<Given<S["gives"]>>;
} & (S["compensates"] extends true
  ? {
      /**
       * Undoes what `handle` did for this run, if it did: it may be asked where nothing stands, or only half of it. Run once, in the sense
       * that its record is kept once. A throw is tried again; what cannot be undone becomes a dead letter of this stage, and the
       * stages before wait for its redrive.
       */
      compensate(revocation: Revocation<About>, context: StageContext): unknown;
    }
  : { compensate?: never });

type Given<Gives> = Gives extends Contract ? InputOf<Gives> : unknown;

/**
 * Makes the Lambda function of one stage.
 *
 * One completion in the ledger holds what becomes of its event: the event for the next stage, or the one that goes back. So a run never
 * does both, and neither is lost. Everything else is as with `consume`.
 *
 * Throws `SettingsError`: for a stage that the pipeline does not have (`stage-name`), for a `compensate` that is missing or too much
 * (`stage-compensate`), and as `consume` does.
 *
 * @example
 * export const handler = runStage(fulfilOrder, "Charge", {
 *   handle: async ({ data }, ctx) => ({ orderId: data.orderId, payment: await charge(data, ctx.runKey) }),
 *   compensate: (_, ctx) => refund(ctx.runKey),
 * });
 */
export function runStage<
  Stages extends readonly Stage[],
  About extends StandardSchemaV1,
  Name extends Stages[number]["name"],
>(
  pipeline: Pipeline<Stages, About>,
  name: Name,
  code: StageCode<StageNamed<Stages, Name>, StandardSchemaV1.InferOutput<About>>,
  options: ConsumeOptions = {},
): SqsHandler {
  const stage = pipeline.stages.find((one) => one.name === name);
  if (!stage) {
    throw new SettingsError(
      "stage-name",
      `pipeline ${pipeline.name} has no stage ${JSON.stringify(name)}; it has ${pipeline.stages.map((one) => one.name).join(", ")}`,
    );
  }
  const { compensate } = code as PlainCode;
  if (stage.compensates !== (typeof compensate === "function")) {
    throw new SettingsError(
      "stage-compensate",
      stage.compensates
        ? `stage ${name} of pipeline ${pipeline.name} is declared with compensates: true, and its code has no compensate; write one, or take compensates away`
        : `stage ${name} of pipeline ${pipeline.name} has a compensate that would never run; declare the stage with compensates: true`,
    );
  }
  const { on } = pipeline.wiring[name];
  const run = { pipeline: pipeline as Pipeline, stage, code: code as PlainCode };
  return consume(
    on,
    (event, context) =>
      event.type === stage.on.type ? goForward(event, context, run) : goBack(event, context, run),
    options,
  );
}

interface PlainCode {
  handle(event: EventOf<Contract>, context: StageContext): unknown;
  compensate?(revocation: Revocation, context: StageContext): unknown;
}

interface StageRun {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  readonly code: PlainCode;
}

async function goForward(
  event: EventOf<Contract>,
  context: HandlerContext,
  { pipeline, stage, code }: StageRun,
): Promise<void> {
  const about = await aboutOf(event, pipeline);
  const { revokes, revokesBefore } = wiringOf(pipeline, stage);
  const goBackFrom = (failed: StageFailure) =>
    context.emit(failed.code === "refused" ? revokesBefore : revokes, { about, failed }, { key: "back" });

  const late = lateness(stage, context);
  if (late) return goBackFrom(late);
  const emits: (() => void)[] = [];
  let given: unknown;
  try {
    given = await code.handle(event, {
      ...context,
      runKey: runKey(pipeline.name, stage.name, about),
      // Kept until it is known that the run goes on: what goes back takes nothing else along.
      emit: <C extends Contract>(contract: C, data: InputOf<C>, options?: EmitOptions) => {
        emits.push(() => context.emit(contract, data, options));
      },
    });
  } catch (thrown) {
    const failed = failureOf(thrown, stage.name, context);
    if (!failed) throw thrown;
    context.log("the run goes back", { pipeline: pipeline.name, stage: stage.name, code: failed.code });
    return goBackFrom(failed);
  }
  for (const emit of emits) emit();
  if (stage.gives) context.emit(stage.gives, given, { key: "forward" });
}

async function goBack(
  event: EventOf<Contract>,
  context: HandlerContext,
  { pipeline, stage, code }: StageRun,
): Promise<void> {
  const revocation = event.data as Revocation;
  const key = runKey(pipeline.name, stage.name, revocation.about);
  await code.compensate?.(revocation, { ...context, runKey: key });
  context.emit(wiringOf(pipeline, stage).revokesBefore, revocation, { key: "back" });
}

function wiringOf({ wiring }: Pipeline, { name }: Stage) {
  // Made of the same stages.
  return wiring[name] as NonNullable<(typeof wiring)[string]>;
}

async function aboutOf({ type, data }: EventOf<Contract>, { name, about }: Pipeline): Promise<unknown> {
  const result = await about["~standard"].validate(data);
  if (!result.issues) return result.value;
  throw new InvalidEventError(
    "stage-about",
    `${type} does not say which run of pipeline ${name} it belongs to: ${result.issues[0]?.message}; every event of a pipeline has the fields of its \`about\``,
  );
}
