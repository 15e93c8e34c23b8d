import { describeError } from "../../src/errors.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { EventInvocations, FunctionHost } from "../lambda/index.ts";
import { TargetError, type TargetPort } from "../scheduler/index.ts";
import { isRecord } from "./assembly/template.ts";
import { type AwsCall, AwsCallError } from "./aws-call.ts";
import { functionNameOf } from "./function-name.ts";
import type { QueueSender } from "./queue-sender.ts";

const universal = "arn:aws:scheduler:::aws-sdk:";

/** Whether a schedule can invoke that here. */
export function isScheduleTarget(arn: string): boolean {
  return (
    /^arn:aws:(lambda|sqs|sns):/.test(arn) ||
    [`${universal}sqs:sendMessage`, `${universal}sns:publish`].includes(arn)
  );
}

/** What is not here, in a sentence that says what is. */
export function describeTarget(arn: string): string {
  return `the target ${arn} is not part of the local cloud: functions, queues, topics, ${universal}sqs:sendMessage and ${universal}sns:publish are`;
}

/** Invokes functions as events, sends to queues and publishes to topics. */
export function createScheduleTargets({
  functions,
  events,
  aws,
  sendToQueue,
}: {
  functions: Pick<FunctionHost, "specs">;
  events: Pick<EventInvocations, "submit">;
  aws: Pick<AwsCall, "sqs" | "sns">;
  sendToQueue: QueueSender;
}): TargetPort {
  const invoke: TargetPort["invoke"] = async ({ arn, messageGroupId }, input) => {
    if (arn.startsWith(`${universal}sqs`)) return void (await aws.sqs("SendMessage", JSON.parse(input)));
    if (arn.startsWith(`${universal}sns`))
      return void (await aws.sns("Publish", publishForm(JSON.parse(input))));
    const [, , service] = arn.split(":");
    if (service === "sqs") {
      return sendToQueue(arn, input, messageGroupId === undefined ? {} : { groupId: messageGroupId });
    }
    if (service === "sns")
      return void (await aws.sns("Publish", publishForm({ TopicArn: arn, Message: input })));
    const name = functionNameOf(arn);
    const spec = functions.specs().find((candidate) => candidate.name === name);
    if (service !== "lambda") throw new TargetError("ValidationException", describeTarget(arn));
    if (spec === undefined) throw new TargetError("ResourceNotFoundException", `Function not found: ${arn}`);
    const bytes = Buffer.byteLength(input);
    if (bytes > lambda.eventPayloadBytes) {
      throw new TargetError(
        "RequestTooLargeException",
        `${bytes} bytes; ${lambda.eventPayloadBytes} are allowed`,
      );
    }
    // A function is not waited for: its own settings say how its errors are tried again. (with-eventbridge-scheduler)
    events.submit(spec, input);
  };
  return {
    async invoke(target, input) {
      try {
        await invoke(target, input);
      } catch (error) {
        if (!(error instanceof AwsCallError || error instanceof SyntaxError)) throw error;
        const code = error instanceof AwsCallError ? error.code : "ValidationException";
        throw new TargetError(code, describeError(error).message, { cause: error });
      }
    },
    sendToQueue,
  };
}

/** SNS's query protocol for the parameters of `Publish`. */
function publishForm(parameters: unknown): Record<string, string> {
  const form: Record<string, string> = {};
  const { MessageAttributes, ...plain } = isRecord(parameters) ? parameters : {};
  for (const [name, value] of Object.entries(plain)) form[name] = String(value);
  const attributes = isRecord(MessageAttributes) ? Object.entries(MessageAttributes) : [];
  attributes.forEach(([name, value], index) => {
    const prefix = `MessageAttributes.entry.${index + 1}`;
    form[`${prefix}.Name`] = name;
    for (const [part, text] of Object.entries(isRecord(value) ? value : {})) {
      form[`${prefix}.Value.${part}`] = String(text);
    }
  });
  return form;
}
