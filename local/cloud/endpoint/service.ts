import type { IncomingHttpHeaders } from "node:http";

/** AWS services by the name they sign with; anything else is answered as not being here. */
export type Service = string;

const signedWith = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
const presignedWith = /X-Amz-Credential=[^&]*%2F([a-z0-9-]+)%2Faws4_request/i;
const targets: readonly (readonly [prefix: string, service: Service])[] = [
  ["AmazonSQS.", "sqs"],
  ["DynamoDB_", "dynamodb"],
  ["DynamoDBStreams_", "dynamodb"],
];

/**
 * Which service a request is for, by its head alone: the credential scope of the signature, else the target header,
 * else the signature in the query, else the path. `form` means that only the body can tell (an unsigned query-protocol
 * request).
 */
export function serviceOf(headers: IncomingHttpHeaders, method: string, url: string): Service | "form" {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const service = signedWith.exec(authorization)?.[1];
    if (service !== undefined) return service;
  }
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    for (const [prefix, service] of targets) if (target.startsWith(prefix)) return service;
  }
  const presigned = presignedWith.exec(url)?.[1];
  if (presigned !== undefined) return presigned;
  if (/^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|tags)/.test(url)) return "lambda";
  const path = url.split("?", 1)[0];
  const isQuery = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  if (path === "/" && ((method === "POST" && isQuery) || /[?&]Action=/.test(url))) return "form";
  return "s3";
}

/** The service that an unsigned query-protocol request means, by its action. */
export function serviceOfForm(form: Readonly<Record<string, string>>): Service {
  return form.Action === "GetCallerIdentity" ? "sts" : "sns";
}
