import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";

const ignored = new Set(["cdk.out", "node_modules", "__pycache__", "coverage"]);
/** Editors write a file in several steps. */
const quietMs = 150;

/**
 * Calls `onChange` when files under `directory` have changed and then been quiet for a moment. `cdk.out`,
 * `node_modules`, and names that begin with a dot are passed over. `close` ends it.
 */
export function watchSources({
  directory,
  onChange,
  clock = systemClock,
}: {
  directory: string;
  onChange: () => void;
  clock?: Clock;
}): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  let cancel = () => {};
  let closed = false;

  const changed = () => {
    cancel();
    cancel = clock.after(quietMs, onChange);
  };
  const forget = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  // Folder by folder: a recursive watch would walk node_modules as well.
  const follow = (folder: string) => {
    if (closed || watchers.has(folder)) return;
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      const watcher = watch(folder, (event, name) => {
        if (name !== null && !counts(name)) return;
        if (event === "rename" && name !== null) follow(join(folder, name));
        changed();
      });
      watcher.on("error", () => forget(folder));
      watchers.set(folder, watcher);
      for (const entry of entries) {
        if (entry.isDirectory() && counts(entry.name)) follow(join(folder, entry.name));
      }
    } catch {
      // It is a file, or it is gone again.
    }
  };
  follow(directory);
  return {
    close() {
      closed = true;
      cancel();
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
}

function counts(name: string): boolean {
  return !ignored.has(name) && !name.startsWith(".") && !name.endsWith("~");
}
