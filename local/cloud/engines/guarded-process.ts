import { type ChildProcess, spawn } from "node:child_process";

/**
 * The program runs under a shell that holds the read end of our pipe: when this process ends, in whatever way,
 * the pipe closes, and the shell kills the program and removes its directory. Node has no parent-death signal.
 */
const guard = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
( cat <&3 >/dev/null; kill -9 "$child" 2>/dev/null; if [ -n "$REMOVE" ]; then rm -rf "$REMOVE"; fi ) &
exec 3<&-
wait "$child"
`;

/**
 * Starts a program that ends with this process, also when this process is killed. `remove` is a directory to
 * delete then. Closing the returned child's `stdin` ends the program at once.
 */
export function startGuarded(
  program: string,
  parameters: readonly string[],
  { remove = "" }: { remove?: string } = {},
): ChildProcess {
  return spawn("/bin/sh", ["-c", guard, "guard", program, ...parameters], {
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches a terminal's whole group, and the engine must outlive what still uses it.
    detached: true,
    env: { PATH: "/usr/bin:/bin:/usr/local/bin", REMOVE: remove },
  });
}
