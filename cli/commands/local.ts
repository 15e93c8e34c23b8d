import { isAbsolute, join } from "node:path";
import type { LocalCloud } from "../../local/cloud/index.ts";
import { aborted, untilAborted } from "../../ops/until-aborted.ts";
import { command } from "../command.ts";
import { cloudText, describeCloud } from "../describe-cloud.ts";
import { exitCodes } from "../exit-codes.ts";
import { port } from "../option-values.ts";
import { createReloader } from "../reloader.ts";

/** `bus local`: the CDK app of this folder, running on this machine. */
export const local = command({
  name: "local",
  summary: "run the CDK app of this folder on this machine: no Docker, no account",
  details: [
    "Synthesizes the app (cdk.json, or --app), starts its topics, queues, tables and functions behind one AWS endpoint",
    "on 127.0.0.1, and reloads functions when their sources change. Ctrl-C ends everything.",
    "",
    "Examples:",
    "  bus local",
    "  bus local --data .data --inspect LockStock",
    '  bus local --app "node bin/app.ts" --port 0 --json',
  ].join("\n"),
  options: {
    app: { value: "<command>", summary: 'the command that makes the app (default: "app" in cdk.json)' },
    port: {
      value: "<number>",
      summary: "where the endpoint listens; 0 = any free port",
      parse: port,
      fallback: 4_566,
    },
    data: { value: "<folder>", summary: "keep queues and tables there across restarts (default: in memory)" },
    inspect: {
      value: "<consumer>",
      summary: "let a debugger attach to this consumer's function (its name, or the function's)",
    },
    json: { summary: "print what runs as one line of JSON once it is up" },
  },
  run: async (terminal, { app, port: wanted, data, inspect, json }) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { requireEngines, startLocalCloud, synthesize, watchSources } = await import(
      "../../local/cloud/index.ts"
    );
    requireEngines();
    const { directory, signal } = terminal;
    const build = () =>
      synthesize({
        directory,
        ...(app === undefined ? {} : { app }),
        outDir: join(directory, "cdk.out", "local"),
        onLine: (line) => terminal.say(`  ${line}`),
      });
    const start = async (): Promise<LocalCloud> => {
      terminal.say(`synthesizing the CDK app of ${directory} …`);
      const { assembly } = await build();
      return startLocalCloud({
        assembly,
        port: wanted,
        ...(data === undefined ? {} : { dataDir: isAbsolute(data) ? data : join(directory, data) }),
        ...(inspect === undefined ? {} : { inspect }),
        onLog: (functionName, line) => {
          // Metrics are for machines; every outcome has a line of its own.
          if (!line.includes('"_aws"')) terminal.say(`${functionName}: ${line}`);
        },
        onProgress: (text) => terminal.say(text),
      });
    };

    const starting = start();
    const cloud = await untilAborted(starting, signal);
    if (!cloud) {
      void starting.then((late) => late.stop()).catch(() => undefined);
      return exitCodes.interrupted;
    }
    const reloader = createReloader({
      reload: async () => {
        const { assembly } = await build();
        const { changed } = await cloud.reload(assembly);
        return changed;
      },
      say: (text) => terminal.say(text),
    });
    const watch = watchSources({ directory, onChange: () => reloader.changed() });
    try {
      const description = await describeCloud(cloud);
      if (json) terminal.printJson(description);
      else terminal.print(cloudText(description));
      await aborted(signal);
      return exitCodes.interrupted;
    } finally {
      watch.close();
      await cloud.stop();
    }
  },
});
