import { functionNameOf } from "../function-name.ts";
import { applied, type ResourceType } from "./resource-type.ts";

/** AWS::Lambda::Version: here each name of a function means its newest code. `Ref` is the ARN. */
export const lambdaVersion: ResourceType = {
  type: "AWS::Lambda::Version",
  properties: {
    FunctionName: applied,
    CodeSha256: "a function has one version here",
    Description: "nothing reads it here",
    ProvisionedConcurrencyConfig: "environments start at once here",
    RuntimePolicy: "the runtime is this machine's own",
  },
  canUpdate: () => true,
  remove: async () => {},
  async place({ properties, platform: { region, account } }) {
    const arn = `arn:aws:lambda:${region}:${account}:function:${functionNameOf(String(properties.FunctionName))}`;
    return { physicalId: `${arn}:1`, attributes: { Version: "1", FunctionArn: `${arn}:1` } };
  },
};

/** AWS::Lambda::Alias: another name of the function. `Ref` is the ARN. */
export const lambdaAlias: ResourceType = {
  type: "AWS::Lambda::Alias",
  properties: {
    FunctionName: applied,
    Name: applied,
    FunctionVersion: "a function has one version here",
    Description: "nothing reads it here",
    ProvisionedConcurrencyConfig: "environments start at once here",
  },
  canUpdate: () => true,
  remove: async () => {},
  async place({ properties, platform: { region, account } }) {
    const name = functionNameOf(String(properties.FunctionName));
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}:${String(properties.Name)}`;
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
};
