import { Token } from "aws-cdk-lib/core";
import { type ConsumerSettings, encodeSettings } from "../src/env.ts";

/** As long as the longest account and region that they can become. */
const standIns = { account: "000000000000", region: "xx-gov-southeast-10" };

/**
 * The consumer's settings as the one line for its environment. Account and region may still be tokens: they are put
 * in after the size is checked, because a token's text is longer than what it becomes.
 *
 * Throws `SettingsError` (`settings-size`) when it is over 3 KB.
 */
export function settingsLine(settings: ConsumerSettings): string {
  const { account, region } = settings;
  if (!Token.isUnresolved(account) && !Token.isUnresolved(region)) return encodeSettings(settings);
  return encodeSettings({ ...settings, ...standIns })
    .replace(JSON.stringify(standIns.account), () => JSON.stringify(account))
    .replace(JSON.stringify(standIns.region), () => JSON.stringify(region));
}
