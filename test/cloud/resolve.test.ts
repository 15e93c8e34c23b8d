// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation reads these
import { describe, expect, it } from "@jest/globals";
import { noValue, resolveCondition, resolveValue, type Scope } from "../../local/cloud/assembly/resolve.ts";
import { LocalCloudError } from "../../local/cloud/index.ts";

const scope: Scope = {
  region: "us-east-1",
  ref: (name) => ({ "AWS::Region": "us-east-1", "AWS::NoValue": noValue, Topic: "arn:topic" })[name],
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => name === "Yes",
  findInMap: (map, first, second) => (map === "Sizes" ? `${first}-${second}` : undefined),
  importValue: (name) => `imported ${name}`,
  stackOutput: (stack, output) => `${stack}'s ${output}`,
};

describe("resolveValue", () => {
  it.each<[value: unknown, resolved: unknown]>([
    ["plain", "plain"],
    [{ Ref: "Topic" }, "arn:topic"],
    [{ "Fn::GetAtt": ["Queue", "Arn"] }, "Queue/Arn"],
    [{ "Fn::GetAtt": "Queue.Arn" }, "Queue/Arn"],
    [{ "Fn::GetAtt": ["Nested", "Outputs.Name"] }, "Nested/Outputs.Name"],
    [{ "Fn::Join": ["-", ["a", { Ref: "Topic" }, 3]] }, "a-arn:topic-3"],
    [{ "Fn::Select": [1, { "Fn::Split": [":", { Ref: "Topic" }] }] }, "topic"],
    [{ "Fn::Select": ["0", ["first", "second"]] }, "first"],
    [{ "Fn::If": ["Yes", "then", { "Fn::Nonsense": 1 }] }, "then"],
    [{ "Fn::If": ["No", "then", "else"] }, "else"],
    [{ "Fn::FindInMap": ["Sizes", "eu", "large"] }, "eu-large"],
    [{ "Fn::FindInMap": ["None", "eu", "large", { DefaultValue: "spare" }] }, "spare"],
    [{ "Fn::ImportValue": { "Fn::Join": ["", ["a", "b"]] } }, "imported ab"],
    [{ "Fn::GetStackOutput": { StackName: "Base", OutputName: { Ref: "Topic" } } }, "Base's arn:topic"],
    [{ "Fn::Base64": "plain" }, "cGxhaW4="],
    [{ "Fn::GetAZs": "" }, ["us-east-1a", "us-east-1b", "us-east-1c"]],
    [{ "Fn::Length": ["a", "b"] }, 2],
    [{ "Fn::ToJsonString": { at: { Ref: "Topic" } } }, '{"at":"arn:topic"}'],
    [
      { Condition: { StringEquals: { Key: { Ref: "Topic" } } } },
      { Condition: { StringEquals: { Key: "arn:topic" } } },
    ],
  ])("works out %j", (value, resolved) => {
    expect(resolveValue(value, scope)).toEqual(resolved);
  });

  it.each([
    ["${Topic} in ${AWS::Region}", "arn:topic in us-east-1"],
    ["${Queue.Arn}", "Queue/Arn"],
    ["${!Literal} stays", "${Literal} stays"],
  ])("substitutes %s", (text, resolved) => {
    expect(resolveValue({ "Fn::Sub": text }, scope)).toBe(resolved);
  });

  it("prefers a substitution's own names", () => {
    const value = { "Fn::Sub": ["${Topic}-${Own}", { Topic: "mine", Own: { Ref: "AWS::Region" } }] };

    expect(resolveValue(value, scope)).toBe("mine-us-east-1");
  });

  it("leaves out what is AWS::NoValue, in objects and lists", () => {
    const none = { Ref: "AWS::NoValue" };

    expect(resolveValue({ a: none, b: [1, none], c: { "Fn::If": ["Yes", none, 1] } }, scope)).toEqual({
      b: [1],
    });
  });

  it("names a function that it does not have", () => {
    expect(() => resolveValue({ "Fn::Cidr": ["10.0.0.0/16", 2, 8] }, scope)).toThrow(
      new LocalCloudError("unsupported-function", "Fn::Cidr is not part of the local cloud"),
    );
  });

  it("refuses a selection outside of its list", () => {
    expect(() => resolveValue({ "Fn::Select": [5, ["a"]] }, scope)).toThrow(
      "Fn::Select cannot be worked out",
    );
  });
});

describe("resolveCondition", () => {
  const yes = { Condition: "Yes" };
  const no = { Condition: "No" };

  it.each<[expression: unknown, holds: boolean]>([
    [{ "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] }, true],
    [{ "Fn::Equals": [1, "1"] }, true],
    [{ "Fn::Equals": ["a", "b"] }, false],
    [{ "Fn::And": [yes, yes] }, true],
    [{ "Fn::And": [yes, no] }, false],
    [{ "Fn::Or": [no, yes] }, true],
    [{ "Fn::Or": [no, no] }, false],
    [{ "Fn::Not": [no] }, true],
    [{ "Fn::Not": [yes] }, false],
    [{ "Fn::Contains": [["a", "b"], "b"] }, true],
  ])("works out %j", (expression, holds) => {
    expect(resolveCondition(expression, scope)).toBe(holds);
  });
});
