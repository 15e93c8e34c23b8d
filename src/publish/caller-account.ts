import { awsClient } from "../aws-client.ts";
import { SettingsError } from "../errors.ts";

/**
 * The account whose credentials this process has, asked of STS. The client is loaded only here, so that bundles
 * which are told their account stay small. Throws `SettingsError` when `@aws-sdk/client-sts` is not installed.
 */
export async function callerAccount(region?: string): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await loadSts();
  const client = awsClient(STSClient, { maxAttempts: 3, region });
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    if (Account) return Account;
  } finally {
    client.destroy();
  }
  throw new SettingsError(
    "account-missing",
    "STS did not say which account these credentials belong to: give account to createPublisher",
  );
}

async function loadSts() {
  try {
    return await import("@aws-sdk/client-sts");
  } catch (cause) {
    throw new SettingsError(
      "account-missing",
      "the account of the bus is not known, and STS cannot be asked: give account to createPublisher, or npm install @aws-sdk/client-sts",
      { cause },
    );
  }
}
