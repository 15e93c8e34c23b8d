import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { awsClient } from "../../src/aws-client.ts";
import { jobSettingsVariable, type RelaySettings, readJobSettings } from "../../src/env.ts";
import { jobFunctionName } from "../../src/names.ts";
import { dynamoOutbox, type OutboxStore, outboxTable, sdkCalls } from "../../src/outbox/index.ts";

/** An outbox of this cloud. */
export interface FoundOutbox {
  readonly settings: RelaySettings;
  readonly store: OutboxStore;
}

/** The outboxes where the environment's endpoint leads. */
export interface OpenOutboxes {
  /** Every outbox there is, by its bus; or that of one bus. */
  list(bus: string | undefined): Promise<readonly FoundOutbox[]>;
  close(): void;
}

/** Opens them through the AWS SDK. They are found by their relays' settings: table, keys and prefix are there. */
export function openOutboxes(): OpenOutboxes {
  const lambda = awsClient(LambdaClient, { maxAttempts: 3 });
  const client = awsClient(DynamoDBClient, { maxAttempts: 3 });
  const calls = sdkCalls({ client });
  return {
    async list(bus) {
      const found: FoundOutbox[] = [];
      for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
        for (const { FunctionName, Environment } of Functions) {
          const settings = relayOf(FunctionName, Environment?.Variables?.[jobSettingsVariable]);
          if (!settings || (bus !== undefined && settings.bus !== bus)) continue;
          found.push({ settings, store: dynamoOutbox({ table: outboxTable(settings), calls }) });
        }
      }
      return found.sort((one, other) => (one.settings.bus < other.settings.bus ? -1 : 1));
    },
    close() {
      lambda.destroy();
      client.destroy();
    },
  };
}

/** A function's settings, where it is a relay of a version that is known here. */
function relayOf(name: string | undefined, line: string | undefined): RelaySettings | undefined {
  try {
    const settings = readJobSettings<RelaySettings>({ [jobSettingsVariable]: line });
    return name === jobFunctionName(settings.bus, "relay") ? settings : undefined;
  } catch {
    return undefined;
  }
}
