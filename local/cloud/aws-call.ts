import { OmnibusError } from "../../src/errors.ts";

/** What the endpoint answered with: AWS's own code and words. */
export class AwsCallError extends OmnibusError {}

/** Calls to the local endpoint, as few and small as the loader needs: an SDK client takes 70 ms to load. */
export interface AwsCall {
  sqs(action: string, body: unknown): Promise<Record<string, unknown>>;
  dynamodb(action: string, body: unknown): Promise<Record<string, unknown>>;
  /** The answer's XML. Lists and maps of the form are written out by the caller. */
  sns(action: string, form: Readonly<Record<string, string>>): Promise<string>;
  s3(method: string, path: string, body?: string): Promise<string>;
}

/** Makes the calls of `AwsCall` at `endpoint`. They throw `AwsCallError`. */
export function createAwsCall(endpoint: string, region: string): AwsCall {
  const post = async (
    service: string,
    init: { method: string; path: string; headers: Record<string, string>; body?: string },
  ) => {
    const response = await fetch(`${endpoint}${init.path}`, {
      method: init.method,
      headers: {
        ...init.headers,
        // The engine wants to see a signature's parts, whatever they say.
        "x-amz-date": "20260101T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=local`,
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    const text = await response.text();
    if (response.ok) return text;
    const code =
      /"__type"\s*:\s*"([^"]+)"/.exec(text)?.[1] ??
      /<Code>([^<]+)/.exec(text)?.[1] ??
      String(response.status);
    const message =
      /"[Mm]essage"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? /<Message>([^<]+)/.exec(text)?.[1] ?? text;
    throw new AwsCallError(code.split("#").pop() ?? code, message);
  };
  const json = async (service: string, target: string, body: unknown) => {
    const text = await post(service, {
      method: "POST",
      path: "/",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
      body: JSON.stringify(body),
    });
    return (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  return {
    sqs: (action, body) => json("sqs", `AmazonSQS.${action}`, body),
    dynamodb: (action, body) => json("dynamodb", `DynamoDB_20120810.${action}`, body),
    sns: (action, form) =>
      post("sns", {
        method: "POST",
        path: "/",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ Action: action, Version: "2010-03-31", ...form }).toString(),
      }),
    s3: (method, path, body) =>
      post("s3", { method, path, headers: {}, ...(body === undefined ? {} : { body }) }),
  };
}

/** A map as SNS's query protocol writes it. */
export function snsAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const form: Record<string, string> = {};
  Object.entries(attributes).forEach(([key, value], index) => {
    form[`Attributes.entry.${index + 1}.key`] = key;
    form[`Attributes.entry.${index + 1}.value`] = value;
  });
  return form;
}
