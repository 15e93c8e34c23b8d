import { describeError } from "../src/errors.ts";

/** Reloads after changes, one at a time. */
export interface Reloader {
  /** Something changed: reload now, or once more after the reload that runs. */
  changed(): void;
  /** Resolves when no reload runs or waits. */
  idle(): Promise<void>;
}

/** A reload that fails is said and changes nothing: what ran before goes on until the next change. */
export function createReloader({
  reload,
  say,
}: {
  /** Answers what has changed. */
  readonly reload: () => Promise<readonly string[]>;
  readonly say: (text: string) => void;
}): Reloader {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      try {
        say("sources changed: reloading …");
        const changed = await reload();
        say(changed.length > 0 ? `reloaded: ${changed.join(", ")}` : "nothing to reload");
      } catch (error) {
        say(`not reloaded, the last good version goes on: ${describeError(error).message}`);
      }
    } while (again);
    running = undefined;
  };
  return {
    changed() {
      if (running) again = true;
      else running = run();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
