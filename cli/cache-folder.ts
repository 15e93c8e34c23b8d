import { homedir } from "node:os";
import { join } from "node:path";
import { machineEnvironment } from "../local/machine-environment.ts";

/** Where this user's programs keep what can be had again, and our folder in it. */
export function cacheFolder(
  environment: Readonly<NodeJS.ProcessEnv> = machineEnvironment(),
  { platform = process.platform, home = homedir() }: { platform?: NodeJS.Platform; home?: string } = {},
): string {
  const usual =
    platform === "darwin"
      ? join(home, "Library", "Caches")
      : platform === "win32"
        ? (environment.LOCALAPPDATA ?? join(home, "AppData", "Local"))
        : join(home, ".cache");
  return join(environment.XDG_CACHE_HOME || usual, "omnibus");
}
