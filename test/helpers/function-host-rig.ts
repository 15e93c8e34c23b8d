import { afterEach } from "@jest/globals";
import { createFunctionHost, type FunctionHost, type FunctionHostOptions } from "../../local/lambda/index.ts";

/** A host whose log can be waited for; it is stopped when the test ends. */
export interface HostRig {
  readonly host: FunctionHost;
  readonly lines: string[];
  /** Settles with the first line, past or future, that contains `part`. */
  line(part: string): Promise<string>;
}

const running = new Set<FunctionHost>();

afterEach(async () => {
  await Promise.all([...running].map((host) => host.stop()));
  running.clear();
});

/** Starts a host as the options say. */
export function hostRig(options: Partial<FunctionHostOptions> = {}): HostRig {
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const host = createFunctionHost({
    endpoint: "http://127.0.0.1:4566",
    region: "eu-west-1",
    account: "123456789012",
    environments: "thread",
    onLog: (_, line) => {
      lines.push(line);
      for (const watch of watchers) watch();
    },
    ...options,
  });
  running.add(host);
  return {
    host,
    lines,
    line: (part) =>
      new Promise((resolve) => {
        const watch = () => {
          const found = lines.find((line) => line.includes(part));
          if (found === undefined) return;
          watchers.delete(watch);
          resolve(found);
        };
        watchers.add(watch);
        watch();
      }),
  };
}
