import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { encodeJobSettings, jobSettingsVariable, type RelaySettings } from "../../src/env.ts";
import { jobFunctionName } from "../../src/names.ts";
import { startDynamoDB, type TestDynamoDB } from "./start-dynamodb.ts";

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::000000000000:user/ann</Arn><UserId>ann</UserId><Account>000000000000</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** As much of a cloud as outboxes need: tables, Lambda's list of relays, and who one is. */
export interface OutboxCloud {
  readonly dynamodb: TestDynamoDB;
  /** The environment that leads to it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts it; `relays`: what the functions `{bus}-relay` were deployed with. */
export async function startOutboxCloud(relays: () => readonly RelaySettings[]): Promise<OutboxCloud> {
  const dynamodb = await startDynamoDB();
  const functions = () => ({
    Functions: relays().map((settings) => ({
      FunctionName: jobFunctionName(settings.bus, "relay"),
      Environment: { Variables: { [jobSettingsVariable]: encodeJobSettings(settings) } },
    })),
  });
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const say = (type: string, text: string) => response.writeHead(200, { "content-type": type }).end(text);
    if (request.url?.includes("/functions")) return say("application/json", JSON.stringify(functions()));
    if (!request.headers["x-amz-target"]) return say("text/xml", identity);
    const headers = new Headers(
      Object.entries(request.headers).filter(
        ([name]) => !/^(host|connection|content-length)$/.test(name),
      ) as [string, string][],
    );
    const answer = await fetch(dynamodb.endpoint, { method: "POST", headers, body });
    return response
      .writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" })
      .end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    dynamodb,
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await dynamodb.stop();
    },
  };
}
