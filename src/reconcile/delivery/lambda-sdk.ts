// A file of its own, imported when Lambda is called.
export { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
