import { offlineEnvironment, startChild } from "./children.ts";
import type { Stretch, Task } from "./contender.ts";

/** One run of one contender: fresh processes for it and for the canned server, counts of the measured part alone. */
export async function runContender<Counts>(of: {
  /** The contender's script. */
  readonly script: string;
  /** Which contender, the script's first argument. */
  readonly name: string;
  /** The canned server's script: sends its port, answers `reset` and `counts`. */
  readonly server: string;
  readonly task: Task;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<Stretch & { readonly counts: Counts }> {
  const server = startChild(of.server, [], offlineEnvironment("http://127.0.0.1:9"));
  try {
    const port = (await server.next()) as number;
    const env = { ...offlineEnvironment(`http://127.0.0.1:${port}`), ...of.env };
    const contender = startChild(of.script, [of.name, JSON.stringify(of.task)], env);
    try {
      await contender.ask("warm up");
      await server.ask("reset");
      const stretch = (await contender.ask("go")) as Stretch;
      return { ...stretch, counts: (await server.ask("counts")) as Counts };
    } finally {
      await contender.stop();
    }
  } finally {
    await server.stop();
  }
}
