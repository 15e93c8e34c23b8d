import { machineEnvironment } from "../../local/machine-environment.ts";

/** The whole environment of a program beside the cloud: it finds its interpreter, and no AWS but the one at `endpoint`. */
export function programEnvironment({
  endpoint,
  region,
}: {
  readonly endpoint: string;
  readonly region: string;
}): Readonly<Record<string, string>> {
  const { PATH = "/usr/local/bin:/usr/bin:/bin", NODE_COMPILE_CACHE } = machineEnvironment();
  return {
    PATH,
    ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
    LANG: "C.UTF-8",
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    // A profile may name endpoints and roles of its own, and a machine in the cloud has an identity.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
