import type { ServerResponse } from "node:http";
import { send } from "./answer.ts";

/** Ours, and the one where LocalStack's users and their tools look. */
const pages = ["/_omnibus/health", "/_localstack/health"];
const services = ["dynamodb", "lambda", "s3", "scheduler", "sns", "sqs", "sts"];

/** Whether a request asks how the endpoint is. */
export function isHealthPage(method: string, url: string): boolean {
  return (method === "GET" || method === "HEAD") && pages.includes(url);
}

/**
 * 200 when all of the app stands; 503 before, when the services answer and know no topic yet. In the shape of LocalStack's
 * page, so that what waits for a service there waits here.
 */
export function answerHealth(response: ServerResponse, stands: boolean): void {
  const status = stands ? "running" : "starting";
  const page = {
    status,
    services: Object.fromEntries(services.map((name) => [name, status])),
    edition: "omnibus",
  };
  send(response, stands ? 200 : 503, JSON.stringify(page), { "content-type": "application/json" });
}
