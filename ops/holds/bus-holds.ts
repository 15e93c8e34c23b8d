import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { awsClient } from "../../src/aws-client.ts";
import { dynamoHolds, type HoldStore } from "../../src/breaker/index.ts";
import { describeError } from "../../src/errors.ts";
import { lambdaMappings, type Mappings } from "../../src/governor/index.ts";
import { jobFunctionName, jobsTableName } from "../../src/names.ts";

/** What the consumers of one bus are held by, and who sees to it. */
export interface BusHolds {
  readonly holds: HoldStore;
  readonly mappings: Mappings;
  /** Whether a governor is deployed; `undefined`: these credentials may not look. */
  hasGovernor(): Promise<boolean | undefined>;
}

/** `BusHolds` through the AWS SDK, where the environment leads. Call `close` when done. */
export function openHolds(): { readonly of: (bus: string) => BusHolds; close(): void } {
  const client = awsClient(LambdaClient, { maxAttempts: 3 });
  const known = new Map<string, BusHolds>();

  const open = (bus: string): BusHolds => ({
    holds: dynamoHolds({ table: jobsTableName(bus) }),
    mappings: lambdaMappings({ bus, client }),
    async hasGovernor() {
      const FunctionName = jobFunctionName(bus, "governor");
      try {
        await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
        return true;
      } catch (thrown) {
        const { name } = describeError(thrown);
        if (name === "ResourceNotFoundException") return false;
        if (name === "AccessDeniedException") return undefined;
        throw thrown;
      }
    },
  });
  return {
    of(bus) {
      const found = known.get(bus) ?? open(bus);
      known.set(bus, found);
      return found;
    },
    close: () => client.destroy(),
  };
}
