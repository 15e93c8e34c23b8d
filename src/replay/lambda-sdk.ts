// A file of its own, imported when Lambda is called.
export { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
