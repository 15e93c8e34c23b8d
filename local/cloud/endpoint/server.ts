import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerJson, answerXml, errorXml } from "./answer.ts";
import { parseForm, readBody } from "./body.ts";
import { answerHealth, isHealthPage } from "./health.ts";
import { refusal } from "./host-guard.ts";
import { serviceOf, serviceOfForm } from "./service.ts";

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;
type HandleForm = (form: Record<string, string>, response: ServerResponse) => void;

/** What stands behind the endpoint. */
export interface Services {
  readonly sqs: Handle;
  readonly s3: Handle;
  readonly dynamodb: Handle;
  readonly lambda: Handle;
  readonly scheduler: Handle;
  /** CloudWatch, under the name that it signs with. */
  readonly monitoring: Handle;
  readonly sns: HandleForm;
  readonly sts: HandleForm;
}

/**
 * One address for every AWS service, as `AWS_ENDPOINT_URL` wants it. A request's service is found without reading its
 * body. `ready` is waited for by each request, so that the port can be taken before the services are up.
 *
 * `stands` says whether all of the app is there, for the health page.
 *
 * Any region in a signature is taken and means the local one: there is only one.
 */
export function createEndpointServer(ready: Promise<Services>, stands: () => boolean): Server {
  const server = createServer((request, response) => {
    route(request, response, ready, stands).catch((thrown: unknown) => {
      answerJson(response, 500, {
        __type: "InternalFailure",
        message: thrown instanceof Error ? thrown.message : String(thrown),
      });
    });
  });
  // SDK agents keep idle sockets longer than Node's 5 s; a socket closed under them is an ECONNRESET for the user.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  return server;
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  ready: Promise<Services>,
  stands: () => boolean,
): Promise<void> {
  const refused = refusal(request.headers);
  if (refused !== undefined) {
    answerJson(response, 403, { __type: "AccessDenied", message: refused });
    return;
  }
  const { method = "GET", url = "/" } = request;
  if (isHealthPage(method, url)) {
    answerHealth(response, stands());
    return;
  }
  const services = await ready;
  const service = serviceOf(request.headers, method, url);
  switch (service) {
    case "sqs":
    case "s3":
    case "dynamodb":
    case "lambda":
    case "scheduler":
    case "monitoring":
      await services[service](request, response);
      return;
    case "sns":
    case "sts":
      services[service](await readForm(request, url), response);
      return;
    case "form": {
      const form = await readForm(request, url);
      services[serviceOfForm(form) === "sts" ? "sts" : "sns"](form, response);
      return;
    }
    default:
      answerNotHere(request, response, service);
  }
}

async function readForm(request: IncomingMessage, url: string): Promise<Record<string, string>> {
  if (request.method === "POST") return parseForm(await readBody(request));
  return parseForm(url.slice(url.indexOf("?") + 1));
}

function answerNotHere(request: IncomingMessage, response: ServerResponse, service: string): void {
  const message = `${service} is not part of the local cloud; it has sns, sqs, s3, dynamodb, lambda, scheduler, sts and a little of cloudwatch`;
  const isQuery = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  if (isQuery) answerXml(response, 501, errorXml("NotImplemented", message));
  else {
    answerJson(
      response,
      501,
      { __type: "NotImplemented", message },
      { "x-amzn-errortype": "NotImplemented" },
    );
  }
}
