import type { EventSourceMappingConfiguration, LambdaClient } from "@aws-sdk/client-lambda";
import { awsClient } from "../aws-client.ts";
import { readSettings, settingsVariable } from "../env.ts";
import { describeError } from "../errors.ts";
import { functionName } from "../names.ts";
import type { MappingFacts } from "../probing/index.ts";
import type { Mappings } from "./ports.ts";

/** How Lambda says that another change is under way. (API_UpdateEventSourceMapping) */
const busyErrors = ["ResourceInUseException", "ResourceConflictException"];

/**
 * The mappings of one bus, through Lambda's API. Its own are those from the queue `{bus}-{consumer}` to the function of the
 * same name: no other job's. Lambda lists by account alone, so all of the account's are gone through, a hundred a call.
 */
export function lambdaMappings({
  bus,
  client: given,
}: {
  readonly bus: string;
  readonly client?: LambdaClient;
}): Mappings {
  const sdk = () => import("./lambda-sdk.ts");
  let made: LambdaClient | undefined = given;
  const client = async () => {
    made ??= awsClient((await sdk()).LambdaClient, { maxAttempts: 3 });
    return made;
  };

  return {
    async list() {
      const { paginateListEventSourceMappings } = await sdk();
      const found: MappingFacts[] = [];
      for await (const page of paginateListEventSourceMappings({ client: await client() }, {})) {
        found.push(...(page.EventSourceMappings ?? []).flatMap((one) => factsOf(one, bus) ?? []));
      }
      return found;
    },

    async update(UUID, { enabled, maximumConcurrency }) {
      const { UpdateEventSourceMappingCommand } = await sdk();
      const command = new UpdateEventSourceMappingCommand({
        UUID,
        ...(enabled === undefined ? {} : { Enabled: enabled }),
        // An empty one takes the bound away. (API_UpdateEventSourceMapping)
        ...(maximumConcurrency === undefined
          ? {}
          : {
              ScalingConfig: maximumConcurrency === "unset" ? {} : { MaximumConcurrency: maximumConcurrency },
            }),
      });
      try {
        await (await client()).send(command);
        return "accepted";
      } catch (thrown) {
        const { name } = describeError(thrown);
        if (busyErrors.includes(name)) return "busy";
        if (name === "ResourceNotFoundException") return "gone";
        throw thrown;
      }
    },

    async plannedConcurrency(consumer) {
      const { GetFunctionConfigurationCommand } = await sdk();
      const FunctionName = functionName(bus, consumer);
      const { Environment } = await (await client()).send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      );
      return readSettings({ [settingsVariable]: Environment?.Variables?.[settingsVariable] })
        ?.maximumConcurrency;
    },
  };
}

/** What a mapping of this bus is; `undefined`: it is no consumer's. */
export function factsOf(
  {
    UUID,
    EventSourceArn = "",
    FunctionArn = "",
    State,
    ScalingConfig,
    ProvisionedPollerConfig,
  }: EventSourceMappingConfiguration,
  bus: string,
): MappingFacts | undefined {
  const [, , service, , , queue = ""] = EventSourceArn.split(":");
  const name = FunctionArn.split(":")[6] ?? "";
  const prefix = `${bus}-`;
  if (UUID === undefined || service !== "sqs" || !name.startsWith(prefix)) return undefined;
  if (queue.replace(/\.fifo$/, "") !== name) return undefined;
  return {
    uuid: UUID,
    consumer: name.slice(prefix.length),
    queue,
    state: State ?? "Enabled",
    maximumConcurrency: ScalingConfig?.MaximumConcurrency,
    isProvisioned: ProvisionedPollerConfig !== undefined,
  };
}
