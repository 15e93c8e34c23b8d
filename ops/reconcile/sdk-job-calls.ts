import { InvokeCommand, LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import {
  awsTarget,
  type DeliverySettings,
  jobSettingsVariable,
  type ReconcilerSettings,
} from "../../src/env.ts";
import { archiveBucketName, consumerOfJob, jobsTableName, reconcilerName } from "../../src/names.ts";
import {
  dynamoKnownConsumers,
  dynamoReconcileStore,
  dynamoRepairs,
  type ReconcilerAnswer,
} from "../../src/reconcile/index.ts";
import { s3Objects } from "../../src/segments/index.ts";
import { deliveryJobs } from "./delivery-jobs.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

/** Longer than any function may run. */
const invokeTimeoutMs = 920_000;

/** `JobCalls` through the AWS SDK, where the environment leads. Call `close` when done. */
export function sdkJobCalls(): JobCalls & { close(): void } {
  // Of its own: an answer may take as long as the function does, and asking twice would begin twice.
  const lambda = new LambdaClient({
    ...awsTarget(),
    maxAttempts: 1,
    requestHandler: { requestTimeout: invokeTimeoutMs },
  });
  /** Asked once: what is deployed does not change while a command runs. */
  let asked: Promise<readonly AnySettings[]> | undefined;
  const settingsOfAll = () => {
    asked ??= (async () => {
      const found: AnySettings[] = [];
      for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
        for (const { Environment } of Functions) {
          const settings = settingsOf(Environment?.Variables?.[jobSettingsVariable]);
          if (settings) found.push(settings);
        }
      }
      return found;
    })();
    return asked;
  };
  return {
    async jobs() {
      const found = await settingsOfAll();
      const ofDelivery = found
        .filter((one) => one.does === "deliver")
        .map((one) => deliveryJobs(one, dynamoKnownConsumers({ table: jobsTableName(one.bus) })));
      return [...found.filter((one) => one.does === "reconcile"), ...(await Promise.all(ofDelivery)).flat()];
    },

    async deliveries() {
      return (await settingsOfAll()).filter((one) => one.does === "deliver");
    },

    async ask({ bus, job }, request) {
      const FunctionName = reconcilerName(bus, job);
      const one = consumerOfJob(job) === undefined ? {} : { job };
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify({ omnibus: { ...request, ...one } }) }),
      );
      const text = Buffer.from(Payload ?? []).toString("utf8");
      const answer: unknown = text === "" ? undefined : JSON.parse(text);
      if (FunctionError === undefined) return answer as ReconcilerAnswer;
      const { errorType, errorMessage } = (answer ?? {}) as { errorType?: string; errorMessage?: string };
      throw new JobError(
        "job-failed",
        `${FunctionName} failed (${errorType ?? FunctionError}: ${errorMessage ?? "no message"})`,
      );
    },

    store: (bus) => dynamoReconcileStore({ table: jobsTableName(bus) }),
    repairs: (bus) => dynamoRepairs({ table: jobsTableName(bus) }),
    objects: ({ bus, account, region, bucket = archiveBucketName(bus, account, region) }) =>
      s3Objects({ bucket }),
    close: () => lambda.destroy(),
  };
}

type AnySettings = ReconcilerSettings | DeliverySettings;

/** What stands in a function's variable, where it is the settings of a reconciliation that this version knows. */
function settingsOf(line: string | undefined): AnySettings | undefined {
  try {
    const settings = JSON.parse(line ?? "null") as Partial<AnySettings> | null;
    const isKnown = settings?.does === "reconcile" || settings?.does === "deliver";
    return settings?.v === 1 && isKnown ? (settings as AnySettings) : undefined;
  } catch {
    return undefined;
  }
}
