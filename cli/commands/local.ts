import { join, resolve } from "node:path";
import type { LocalCloud } from "../../local/cloud/index.ts";
import { aborted, untilAborted } from "../../ops/until-aborted.ts";
import { command } from "../command.ts";
import { cloudText, describeCloud } from "../describe-cloud.ts";
import { exitCodes } from "../exit-codes.ts";
import { port } from "../option-values.ts";
import { createReloader } from "../reloader.ts";
import { runErrand } from "../run-errand.ts";
import { isAllHandled, leftoversText, untilHandled } from "../until-handled.ts";
import { UsageError } from "../usage-error.ts";

/** `bus local`: the CDK app of this folder, running on this machine. */
export const local = command({
  name: "local",
  summary: "run the CDK app of this folder on this machine: no Docker, no account",
  details: [
    "Synthesizes the app (cdk.json, or --app), starts its topics, queues, tables and functions behind one AWS endpoint",
    "on 127.0.0.1, and reloads functions when their sources change. Ctrl-C ends everything.",
    "",
    "--run runs a command once all is up, with the endpoint and keys in its environment; --once ends when that command",
    "has ended and the queues are empty: 0 when all was handled, 1 when something is left or dead.",
    "",
    "Examples:",
    "  bus local",
    "  bus local --data .data --inspect LockStock",
    '  bus local --app "node bin/app.ts" --port 0 --json',
    '  bus local --run "node scripts/publish.ts" --once',
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
    run: { value: "<command>", summary: "run this against it, once all is up" },
    once: { summary: "end when the command of --run has ended and all is handled" },
    json: { summary: "print what runs as one line of JSON once it is up (with --once: at the end)" },
  },
  run: async (terminal, { app, port: wanted, data, inspect, run: errand, once, json }) => {
    if (once && errand === undefined) {
      throw new UsageError(
        '--once needs --run: give the command to run, as in --run "node scripts/publish.ts"',
      );
    }
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { makeDataFolder, requireEngines, startLocalCloud, synthesize, watchSources } = await import(
      "../../local/cloud/index.ts"
    );
    requireEngines();
    const { directory, signal } = terminal;
    // Before the synthesis, which takes its time.
    const dataDir = data === undefined ? undefined : makeDataFolder(resolve(directory, data));
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
        ...(dataDir === undefined ? {} : { dataDir }),
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
      if (!once && json) terminal.printJson(description);
      if (!once && !json) terminal.print(cloudText(description));
      if (errand !== undefined) {
        terminal.say(`running ${errand} …`);
        await runErrand({
          cloud,
          command: errand,
          directory,
          say: (line) => terminal.say(`  ${line}`),
          signal,
        });
      }
      if (once && !signal.aborted) {
        const left = await untilHandled({ cloud, signal });
        if (json) terminal.printJson({ ...description, left });
        else terminal.print(leftoversText(left));
        if (!signal.aborted) return isAllHandled(left) ? exitCodes.done : exitCodes.partial;
      }
      await aborted(signal);
      return exitCodes.interrupted;
    } finally {
      watch.close();
      await cloud.stop();
    }
  },
});
