import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fauxqs, ObjectAnswer } from "../engines/fauxqs-inside.ts";
import { newId, send } from "./answer.ts";
import { BodyTooLarge, readBytes } from "./body.ts";
import { refuseConditionalWrite } from "./s3-conditions.ts";
import { S3Refusal } from "./s3-error.ts";
import { listObjects } from "./s3-list.ts";
import { routeS3, type S3Route } from "./s3-route.ts";

/** Of one request; AWS takes 5 GiB. A body is held in memory. */
const maxBodyBytes = 256 * 1024 * 1024;

/** S3: fauxqs's actions without its web framework, with conditional writes and listings of ours. */
export function createS3(fauxqs: Fauxqs) {
  const perform = (route: S3Route, { headers }: IncomingMessage, body: Buffer): ObjectAnswer => {
    const { action, bucket, key, query } = route;
    switch (action) {
      case "unknown":
        throw new S3Refusal("NotImplemented", "this part of S3 is not part of the local cloud", 501);
      case "listObjects":
      case "listObjectsV2":
        return {
          status: 200,
          headers: { "content-type": "application/xml" },
          body: listObjects(fauxqs.objects, bucket, query),
        };
      default:
        if (action === "putObject" || action === "completeMultipartUpload") {
          refuseConditionalWrite(headers, bucket, key, fauxqs.objects);
        }
        return fauxqs.objectActions(action, { params: { bucket, "*": key }, query, headers, body });
    }
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const route = routeS3(request);
      const body = await readBytes(request, maxBodyBytes);
      answer(response, perform(route, request, body));
    } catch (thrown) {
      answer(response, refusalOf(thrown, request.method === "HEAD"));
    }
  };
}

function answer(response: ServerResponse, { status, headers, body }: ObjectAnswer): void {
  send(response, status, body, { "x-amz-request-id": newId(), ...headers });
}

function refusalOf(thrown: unknown, withoutBody: boolean): ObjectAnswer {
  const refusal =
    thrown instanceof BodyTooLarge
      ? new S3Refusal("EntityTooLarge", thrown.message, 400)
      : (thrown as { statusCode?: number; toXml?: () => string });
  const { statusCode = 500, toXml } = refusal;
  if (toXml === undefined) throw thrown;
  return {
    status: statusCode,
    headers: { "content-type": "application/xml" },
    body: withoutBody ? "" : toXml.call(refusal),
  };
}
