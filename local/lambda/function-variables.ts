import { machineEnvironment } from "../machine-environment.ts";
import type { FunctionSpec } from "./function-spec.ts";

/**
 * The environment that a function sees: its own variables, and those that Lambda sets. (configuration-envvars)
 *
 * The credentials are dummies and the endpoint is the local one, whatever the function says: code that runs here
 * must never reach the real cloud.
 */
export function functionVariables(
  spec: FunctionSpec,
  { endpoint, region, logStream }: { endpoint: string; region: string; logStream: string },
): Record<string, string> {
  return {
    // The one place where the host passes on its own environment: where programs are found.
    PATH: machineEnvironment().PATH ?? "/usr/local/bin:/usr/bin:/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    ...spec.environment,
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
  };
}
