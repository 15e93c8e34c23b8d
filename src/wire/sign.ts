import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

/** Keys that do not change while the process lives: what Lambda puts into a function's environment. */
export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What a signature is made over. Every header given is signed. */
export interface SignedRequest {
  /** @default "POST" */
  readonly method?: "GET" | "POST" | "DELETE";
  readonly service: string;
  readonly region: string;
  readonly path: string;
  /** As `queryText` makes it. @default "" */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A query as it is signed and sent: sorted by name, and escaped as RFC 3986 has it. */
export function queryText(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${escaped(name)}=${escaped(query[name] ?? "")}`)
    .join("&");
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Makes a signer of requests: answers the headers to send, `authorization` among them. The key of a day is derived once. Source: "Signature Version 4 signing process", AWS reference.
 */
export function createSigner(credentials: StaticCredentials) {
  const keys = new Map<string, KeyObject>();
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;

  const keyOf = (day: string, region: string, service: string) => {
    const scope = `${day}/${region}/${service}/aws4_request`;
    const known = keys.get(scope);
    if (known) return { scope, key: known };
    const first = hmac(`AWS4${secretAccessKey}`, day);
    const key = createSecretKey([region, service, "aws4_request"].reduce(hmac, first));
    keys.clear();
    keys.set(scope, key);
    return { scope, key };
  };

  return (request: SignedRequest, nowMs: number): Record<string, string> => {
    const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
    const { scope, key } = keyOf(stamp.slice(0, 8), request.region, request.service);
    const headers: Record<string, string> = {
      ...request.headers,
      "x-amz-date": stamp,
      ...(sessionToken ? { "x-amz-security-token": sessionToken } : {}),
    };
    const names = Object.keys(headers).sort();
    const signed = names.join(";");
    const canonical = `${request.method ?? "POST"}\n${request.path}\n${request.query ?? ""}\n${names.map((name) => `${name}:${headers[name]}\n`).join("")}\n${signed}\n${sha256(request.body)}`;
    const signature = createHmac("sha256", key)
      .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`)
      .digest("hex");
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return headers;
  };
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
