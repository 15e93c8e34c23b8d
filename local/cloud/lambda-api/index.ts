import { describeError } from "../../../src/errors.ts";
import type { EventInvocations, FunctionHost, FunctionSpec } from "../../lambda/index.ts";
import { answer, apiError, notFound } from "../api-answer.ts";
import type { DeployedStack } from "../deployment/describe-stack.ts";
import type { ForwardedAnswer, ForwardedRequest } from "../endpoint/messages.ts";
import { functionNameOf } from "../function-name.ts";
import type { MappingHost } from "../resources/index.ts";
import { configurationOf, getFunction, invoke } from "./functions.ts";
import { type AnyMapping, describeMapping, sourceArnOf, updateMapping } from "./mappings.ts";

/** What Lambda's API stands on. */
export interface LambdaApi {
  readonly functions: FunctionHost;
  readonly events: Pick<EventInvocations, "submit">;
  readonly mappings: MappingHost;
  readonly region: string;
  readonly account: string;
  /**
   * What `PutFunctionConcurrency` said last, `null` after `DeleteFunctionConcurrency`. By the spec that it was said
   * about: a function that is defined anew has its template's again.
   */
  readonly concurrency: WeakMap<FunctionSpec, number | null>;
  /** What was deployed: the tags of a function name its stack, as CloudFormation's do. */
  stacks(): readonly DeployedStack[];
}

/** Answers a request to Lambda's REST API, as far as the verbs need it. Never rejects. */
export async function answerLambda(request: ForwardedRequest, api: LambdaApi): Promise<ForwardedAnswer> {
  try {
    return await route(request, api);
  } catch (thrown) {
    return apiError(500, "ServiceException", describeError(thrown).message);
  }
}

async function route(request: ForwardedRequest, api: LambdaApi): Promise<ForwardedAnswer> {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const [, version = "", collection = "", rawName = "", part = ""] = pathname.split("/");
  const name = decodeURIComponent(rawName);
  if (collection === "event-source-mappings") return routeMapping(request, api, name, searchParams);
  if (collection === "tags" && request.method === "GET") return answer(200, { Tags: tagsOf(name, api) });
  if (collection !== "functions") return unknownOperation(request, version);
  if (name === "") {
    return request.method === "GET"
      ? answer(200, {
          Functions: api.functions.specs().map((spec) => configurationOf(spec, api.account)),
        })
      : unknownOperation(request, version);
  }
  const spec = api.functions.specs().find((candidate) => candidate.name === functionNameOf(name));
  if (spec === undefined) {
    return notFound(
      `Function not found: arn:aws:lambda:${api.region}:${api.account}:function:${functionNameOf(name)}`,
    );
  }
  return routeFunction(request, api, spec, part);
}

async function routeFunction(
  request: ForwardedRequest,
  { functions, events, account, concurrency }: LambdaApi,
  defined: FunctionSpec,
  part: string,
): Promise<ForwardedAnswer> {
  const spec = withConcurrency(defined, concurrency.get(defined));
  switch (`${request.method} ${part}`) {
    case "GET ":
      return getFunction(spec, account);
    case "GET configuration":
      return answer(200, configurationOf(spec, account));
    case "POST invocations":
      return invoke(defined, request, { functions, events });
    case "GET concurrency":
      return answer(200, concurrencyOf(spec));
    case "PUT concurrency": {
      const { ReservedConcurrentExecutions: reserved } = JSON.parse(request.body || "{}") as {
        ReservedConcurrentExecutions?: number;
      };
      if (reserved === undefined || !Number.isInteger(reserved) || reserved < 0) {
        return apiError(
          400,
          "InvalidParameterValueException",
          `ReservedConcurrentExecutions ${reserved}: a whole number from 0 on is needed`,
        );
      }
      functions.setReservedConcurrency(spec.name, reserved);
      concurrency.set(defined, reserved);
      return answer(200, { ReservedConcurrentExecutions: reserved });
    }
    case "DELETE concurrency":
      functions.setReservedConcurrency(spec.name, undefined);
      concurrency.set(defined, null);
      return answer(204, undefined);
    default:
      return unknownOperation(request, part);
  }
}

function routeMapping(
  request: ForwardedRequest,
  api: LambdaApi,
  uuid: string,
  query: URLSearchParams,
): ForwardedAnswer {
  const mappings: readonly AnyMapping[] = [...api.mappings.all(), ...api.mappings.streams()];
  if (uuid === "") {
    if (request.method !== "GET") return unknownOperation(request, "event-source-mappings");
    const functionName = query.get("FunctionName");
    const source = query.get("EventSourceArn");
    const found = mappings.filter(
      (mapping) =>
        (functionName === null || mapping.spec.functionName === functionNameOf(functionName)) &&
        (source === null || sourceArnOf(mapping) === source),
    );
    return answer(200, { EventSourceMappings: found.map((mapping) => describeMapping(mapping, api)) });
  }
  const mapping = mappings.find(({ spec }) => spec.uuid === uuid);
  if (mapping === undefined) return notFound("The resource you requested does not exist.");
  if (request.method === "GET") return answer(200, describeMapping(mapping, api));
  if (request.method === "PUT") return updateMapping(mapping, request.body, api);
  return unknownOperation(request, uuid);
}

/** Source: CloudFormation, "Resource tag": it marks what it makes. */
function tagsOf(arn: string, { stacks }: LambdaApi): Record<string, string> {
  const name = functionNameOf(arn);
  const stack = stacks().find(({ resources }) =>
    resources.some(({ type, physicalId }) => type === "AWS::Lambda::Function" && physicalId === name),
  );
  return stack === undefined ? {} : { "aws:cloudformation:stack-name": stack.name };
}

function withConcurrency(spec: FunctionSpec, said: number | null | undefined): FunctionSpec {
  if (said === undefined) return spec;
  const { reservedConcurrency: _templates, ...rest } = spec;
  return said === null ? rest : { ...rest, reservedConcurrency: said };
}

function concurrencyOf({ reservedConcurrency }: FunctionSpec): Record<string, number> {
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
}

function unknownOperation({ method, url }: ForwardedRequest, _part: string): ForwardedAnswer {
  return apiError(
    501,
    "NotImplementedException",
    `${method} ${url} is not part of the local cloud's Lambda API`,
  );
}
