import { type ChildProcess, spawn } from "node:child_process";

/**
 * The program runs under a shell that holds the read end of our pipe: when this process ends, in whatever way,
 * the pipe closes, and the shell kills the program, removes its directory, and kills what the program itself started
 * (all of its own process group). Node has no parent-death signal.
 */
const guard = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
( cat <&3 >/dev/null; kill -9 "$child" 2>/dev/null; if [ -n "$REMOVE" ]; then rm -rf "$REMOVE"; fi; kill -9 -$$ ) &
exec 3<&-
wait "$child"
`;

/**
 * Starts a program that ends with this process, also when this process is killed. `remove` is a directory to
 * delete then. Closing the returned child's `stdin` ends the program at once.
 *
 * @param environment All that the program sees of the environment; a plain `PATH` alone unless given.
 */
export function startGuarded(
  program: string,
  parameters: readonly string[],
  {
    remove = "",
    directory,
    environment = { PATH: "/usr/bin:/bin:/usr/local/bin" },
  }: {
    remove?: string;
    directory?: string;
    environment?: Readonly<NodeJS.ProcessEnv>;
  } = {},
): ChildProcess {
  return spawn("/bin/sh", ["-c", guard, "guard", program, ...parameters], {
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches a terminal's whole group, and the engine must outlive what still uses it.
    detached: true,
    ...(directory === undefined ? {} : { cwd: directory }),
    env: { ...environment, REMOVE: remove },
  });
}
