import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";

/** Why a run of a pipeline does not go on. */
export interface StageFailure {
  /** The stage that failed. */
  readonly stage: string;
  /**
   * - `refused`: its code said no (`StageRefused`).
   * - `permanent`: it threw a `PermanentError`.
   * - `attempts-exhausted`: it failed as often as its retries allow.
   * - `late`: its time limit was over before it started.
   */
  readonly code: FailureCode;
  /** For people. At most 500 characters. */
  readonly reason: string;
}

export type FailureCode = (typeof failureCodes)[number];

/** Every `FailureCode`. */
export const failureCodes = ["refused", "permanent", "attempts-exhausted", "late"] as const;

/** What goes back through a pipeline: whose run it was, and what ended it. */
export interface Revocation<About = unknown> {
  readonly about: About;
  readonly failed: StageFailure;
}

export type RevocationSchema<About extends StandardSchemaV1> = StandardSchemaV1<
  Revocation<StandardSchemaV1.InferInput<About>>,
  Revocation<StandardSchemaV1.InferOutput<About>>
>;

/** The longest reason, in characters. */
export const maxReasonLength = 500;

/** The schema of revocations about whatever `about` accepts, as JSON Schema too where `about` can say so. */
export function revocationSchema<About extends StandardSchemaV1>(about: About): RevocationSchema<About> {
  const { jsonSchema }: Partial<StandardJSONSchemaV1.Props> = about["~standard"];
  const over = (ask: (target: StandardJSONSchemaV1.Options) => Record<string, unknown>) => {
    return (options: StandardJSONSchemaV1.Options) => ({
      type: "object",
      properties: { about: ask(options), failed: failureSchema },
      required: ["about", "failed"],
    });
  };
  return {
    "~standard": {
      version: 1,
      vendor: "omnibus",
      validate: (value) => validate(value, about),
      ...(jsonSchema
        ? { jsonSchema: { input: over(jsonSchema.input), output: over(jsonSchema.output) } }
        : {}),
    },
  } as RevocationSchema<About>;
}

const failureSchema = {
  type: "object",
  properties: {
    stage: { type: "string" },
    code: { enum: failureCodes },
    reason: { type: "string", maxLength: maxReasonLength },
  },
  required: ["stage", "code", "reason"],
};

type Result<About extends StandardSchemaV1> = StandardSchemaV1.Result<
  Revocation<StandardSchemaV1.InferOutput<About>>
>;

function validate<About extends StandardSchemaV1>(
  value: unknown,
  about: About,
): Result<About> | Promise<Result<About>> {
  const given = value as { readonly about?: unknown; readonly failed?: unknown } | null;
  if (typeof given !== "object" || given === null) return refuse("a revocation is an object");
  const { failed } = given;
  if (!isFailure(failed)) {
    return refuse(`failed names a stage, a code of ${failureCodes.join(", ")}, and a reason`, ["failed"]);
  }
  const judge = (result: StandardSchemaV1.Result<unknown>): Result<About> =>
    result.issues
      ? { issues: result.issues.map((issue) => ({ ...issue, path: ["about", ...(issue.path ?? [])] })) }
      : { value: { about: result.value as StandardSchemaV1.InferOutput<About>, failed } };
  const result = about["~standard"].validate(given.about);
  return "then" in result ? result.then(judge) : judge(result);
}

function refuse(message: string, path: readonly string[] = []): { issues: StandardSchemaV1.Issue[] } {
  return { issues: [{ message, path }] };
}

function isFailure(value: unknown): value is StageFailure {
  const { stage, code, reason } = (value ?? {}) as Partial<Record<keyof StageFailure, unknown>>;
  return (
    typeof stage === "string" &&
    failureCodes.some((known) => known === code) &&
    typeof reason === "string" &&
    reason.length <= maxReasonLength
  );
}
