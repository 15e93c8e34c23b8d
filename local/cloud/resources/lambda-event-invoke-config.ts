import { isRecord } from "../assembly/template.ts";
import { functionNameOf } from "../function-name.ts";
import { applied, type ResourceType } from "./resource-type.ts";

/** AWS::Lambda::EventInvokeConfig: how a function's events are tried again, and who hears of the end. */
export const lambdaEventInvokeConfig: ResourceType = {
  type: "AWS::Lambda::EventInvokeConfig",
  properties: {
    FunctionName: applied,
    MaximumRetryAttempts: applied,
    MaximumEventAgeInSeconds: applied,
    DestinationConfig: applied,
    Qualifier: "a function has one version here",
  },
  canUpdate: (before, after) => before.FunctionName === after.FunctionName,
  async place({ properties, defaultName, platform, unsupported }) {
    const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: ageSeconds } = properties;
    const destinations = isRecord(properties.DestinationConfig) ? properties.DestinationConfig : {};
    const queueOf = (name: string) => {
      const destination = destinations[name];
      const arn = isRecord(destination) ? destination.Destination : undefined;
      if (typeof arn !== "string" || arn.startsWith("arn:aws:sqs:")) return arn;
      unsupported(`${name} ${arn}: only queues are told of events`);
      return undefined;
    };
    const [onSuccessArn, onFailureArn] = [queueOf("OnSuccess"), queueOf("OnFailure")] as (
      | string
      | undefined
    )[];
    platform.events.configure(functionNameOf(String(properties.FunctionName)), {
      ...(retries === undefined ? {} : { maximumRetryAttempts: Number(retries) }),
      ...(ageSeconds === undefined ? {} : { maximumEventAgeMs: Number(ageSeconds) * 1_000 }),
      onSuccessArn,
      onFailureArn,
    });
    return { physicalId: defaultName, attributes: { FunctionName: String(properties.FunctionName) } };
  },
  async remove({ attributes }, { events }) {
    events.configure(functionNameOf(String(attributes.FunctionName)), undefined);
  },
};
