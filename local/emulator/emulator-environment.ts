import { delimiter, dirname, join } from "node:path";

const nodePrograms = join(import.meta.dirname, "../../node_modules/.bin");

/** Settings that lead an AWS tool, or the CDK, somewhere: none of this machine's reaches a child. */
const leads = /^(AWS_|CDK_|BOTO_)/;

/** The environment of this machine, with the emulator as the only AWS that can be reached from it. */
export function emulatorEnvironment({
  inherited,
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
  python,
}: {
  readonly inherited: Readonly<NodeJS.ProcessEnv>;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The interpreter whose programs come first. */
  readonly python: string;
}): Record<string, string> {
  const kept = Object.entries(inherited).flatMap(([name, value]) =>
    value === undefined || leads.test(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [nodePrograms, dirname(python), inherited.PATH ?? ""].join(delimiter),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A profile may name endpoints and roles of its own, and a machine in the cloud has an identity.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    // What the CDK tells its makers, it tells over the network.
    CDK_DISABLE_CLI_TELEMETRY: "true",
  };
}
