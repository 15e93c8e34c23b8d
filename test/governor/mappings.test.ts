import { afterEach, describe, expect, it } from "@jest/globals";
import { mappingsConformance } from "../../local/testing/mappings-conformance.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { inMemoryMappings, lambdaMappings } from "../../src/governor/index.ts";
import { factsOf } from "../../src/governor/lambda-mappings.ts";
import { settingsFor } from "../helpers/consumer-world.ts";
import { type LambdaEndpoint, startLambdaEndpoint } from "../helpers/lambda-endpoint.ts";

const settings = settingsFor({ maximumConcurrency: 10 });
const started: LambdaEndpoint[] = [];
afterEach(async () => {
  for (const endpoint of started.splice(0)) await endpoint.stop();
});
const startLambda = async () => {
  const endpoint = await startLambdaEndpoint(settings, async () => ({ status: "ok", payload: "{}" }));
  started.push(endpoint);
  return endpoint;
};

describe("inMemoryMappings", () => {
  const suite = mappingsConformance(() => {
    const clock = virtualClock();
    const model = { consumer: "LockStock", queue: "shop-LockStock", maximumConcurrency: 10 };
    return {
      mappings: inMemoryMappings([model], { clock, settleMs: 5_000 }),
      consumer: "LockStock",
      pause: () => clock.advance(1_000),
    };
  });
  for (const { name, check } of suite) it(name, check);
});

describe("lambdaMappings", () => {
  const suite = mappingsConformance(async () => {
    const { client } = await startLambda();
    return {
      mappings: lambdaMappings({ bus: "shop", client }),
      consumer: "LockStock",
      // Each look is a request: time enough for what turns at once.
      pause: async () => {},
    };
  });
  for (const { name, check } of suite) it(name, check);

  it("keeps to the mappings from a consumer's queue to its function, in its own bus", async () => {
    const { client, add } = await startLambda();
    const sqsArn = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
    add({ uuid: "a", queueArn: sqsArn("shop-archive"), functionName: "shop-archiver" });
    add({ uuid: "b", queueArn: sqsArn("shopdev-LockStock"), functionName: "shopdev-LockStock" });
    add({ uuid: "c", queueArn: sqsArn("other"), functionName: "shop-LockStock" });
    add({ uuid: "d", queueArn: sqsArn("shop-Mail.fifo"), functionName: "shop-Mail", fifo: true });

    const found = await lambdaMappings({ bus: "shop", client }).list();

    expect(found.map(({ consumer, queue }) => [consumer, queue])).toEqual([
      ["LockStock", "shop-LockStock"],
      ["Mail", "shop-Mail.fifo"],
    ]);
  });

  it.each([
    ["ResourceInUseException", "busy"],
    ["ResourceConflictException", "busy"],
    ["ResourceNotFoundException", "gone"],
  ])("reads %s as %s", async (name, answer) => {
    const { client } = await startLambda();
    client.middlewareStack.add(
      () => async () => {
        throw Object.assign(new Error("no"), { name });
      },
      { step: "initialize" },
    );

    expect(await lambdaMappings({ bus: "shop", client }).update("u", { enabled: false })).toBe(answer);
  });

  it("throws what else Lambda says", async () => {
    const { client } = await startLambda();
    client.middlewareStack.add(
      () => async () => {
        throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
      },
      { step: "initialize" },
    );

    await expect(lambdaMappings({ bus: "shop", client }).update("u", { enabled: false })).rejects.toThrow(
      "no",
    );
  });

  it("sees pollers of its own", () => {
    const provisioned = factsOf(
      {
        UUID: "u",
        EventSourceArn: "arn:aws:sqs:us-east-1:1:shop-Mail",
        FunctionArn: "arn:aws:lambda:us-east-1:1:function:shop-Mail:live",
        State: "Enabled",
        ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 10 },
      },
      "shop",
    );

    expect(provisioned).toMatchObject({ consumer: "Mail", isProvisioned: true });
  });
});
