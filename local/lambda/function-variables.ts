import { machineEnvironment } from "../machine-environment.ts";
import type { FunctionSpec } from "./function-spec.ts";

/** An endpoint for one service goes before the one for all. */
const leadsElsewhere = /^AWS_(ENDPOINT_URL_|IGNORE_CONFIGURED_ENDPOINT_URLS$)/;

/**
 * The environment that a function sees: its own variables, and those that Lambda sets. (configuration-envvars)
 *
 * The credentials are dummies and the endpoints are the local ones, whatever the function says, by service too: code
 * that runs here must never reach the real cloud.
 */
export function functionVariables(
  spec: FunctionSpec,
  {
    endpoint,
    dynamodbEndpoint = endpoint,
    region,
    logStream,
  }: { endpoint: string; dynamodbEndpoint?: string; region: string; logStream: string },
): Record<string, string> {
  return {
    // The one place where the host passes on its own environment: where programs are found.
    PATH: machineEnvironment().PATH ?? "/usr/local/bin:/usr/bin:/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    ...Object.fromEntries(Object.entries(spec.environment).filter(([name]) => !leadsElsewhere.test(name))),
    _HANDLER: spec.handler,
    LAMBDA_TASK_ROOT: spec.codeDir,
    LAMBDA_RUNTIME_DIR: spec.codeDir,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
  };
}
