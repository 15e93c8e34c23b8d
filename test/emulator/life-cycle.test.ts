import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { eventually } from "../helpers/eventually.ts";

await describeWith([{ command: "python3", for: "the emulator" }], "startEmulator", () => {
  let emulator: Emulator;
  // The first time, Python packages are fetched.
  beforeAll(async () => {
    emulator = await startEmulator({ environment: withoutEndpoint() });
  }, 300_000);
  afterAll(() => emulator?.close());

  it("leaves children no way to another AWS", () => {
    const leading = Object.entries(emulator.env).filter(([name]) => /^(AWS|CDK|BOTO)_/.test(name));

    expect(Object.fromEntries(leading)).toEqual({
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_REGION: emulator.region,
      AWS_DEFAULT_REGION: emulator.region,
      AWS_ACCESS_KEY_ID: emulator.account,
      AWS_SECRET_ACCESS_KEY: "emulator",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
      CDK_DISABLE_CLI_TELEMETRY: "true",
    });
  });

  it("uses the one that runs already, in an account of its own, and leaves it running", async () => {
    const environment = { ...withoutEndpoint(), AWS_ENDPOINT_URL: emulator.endpoint };
    const ours = new SNSClient(emulator.client);
    await ours.send(new CreateTopicCommand({ Name: "ours" }));

    const guest = await startEmulator({ environment });
    const [sts, sns] = [new STSClient(guest.client), new SNSClient(guest.client)];
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    const seen = await sns.send(new ListTopicsCommand({}));
    await guest.close();
    const after = await ours.send(new ListTopicsCommand({}));
    for (const client of [ours, sts, sns]) client.destroy();

    expect(guest.isOurs).toBe(false);
    expect(guest.account).toMatch(/^9\d{11}$/);
    expect(identity.Account).toBe(guest.account);
    expect(seen.Topics ?? []).toEqual([]);
    expect(after.Topics).toHaveLength(1);
  });

  it("ends with its parent, also when that is killed", async () => {
    const script = new URL("./run-emulator.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script], {
      stdio: ["pipe", "pipe", "inherit"],
      env: withoutEndpoint(),
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { endpoint } = JSON.parse(line) as { endpoint: string };
    const folders = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`omnibus-emulator-${child.pid}-`));
    const answers = () =>
      fetch(`${endpoint}/_localstack/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    expect(await answers()).toBe(true);
    expect(folders()).toHaveLength(1);

    child.kill("SIGKILL");

    await eventually("the end of the emulator", async () => !(await answers()) && folders().length === 0);
  }, 60_000);
});

function withoutEndpoint(): NodeJS.ProcessEnv {
  const { AWS_ENDPOINT_URL: _, ...others } = process.env;
  return others;
}
