import { mkdirSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { watchSources } from "../../local/cloud/index.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
let close = () => {};
afterEach(() => close());

/** A watched folder, in a time that moves only when the test says so. */
function watched(name: string, ...folders: string[]) {
  const directory = join(folder, name);
  const all = ["", ...folders];
  for (const each of all) mkdirSync(join(directory, each), { recursive: true });
  const clock = virtualClock();
  let changes = 0;
  const watcher = watchSources({ directory, onChange: () => changes++, clock });
  // A second pair of eyes: what it has seen, the first has seen too, since one loop serves both in order.
  const seen = new Set<string>();
  const others = all.map((each) =>
    watch(join(directory, each), (_event, file) => seen.add(join(each, file ?? ""))),
  );
  close = () => {
    watcher.close();
    for (const other of others) other.close();
  };
  return {
    clock,
    changes: () => changes,
    write: (file: string, text = "x") => writeFileSync(join(directory, file), text),
    folder: (path: string) => mkdirSync(join(directory, path)),
    seen: (...files: string[]) =>
      eventually(`${files} are seen`, () => files.every((file) => seen.has(file))),
  };
}

describe("watchSources", () => {
  it("tells of many changes once, when they are over", async () => {
    const sources = watched("burst", "handlers");

    for (const file of ["app.ts", "handlers/a.ts", "handlers/b.ts"]) {
      sources.write(file);
      await sources.seen(file);
      await sources.clock.advance(50);
    }
    expect(sources.changes()).toBe(0);
    await sources.clock.advance(150);

    expect(sources.changes()).toBe(1);
    expect(sources.clock.pending).toBe(0);
  });

  it("follows folders that are new", async () => {
    const sources = watched("new");
    sources.folder("later");
    await sources.seen("later");
    await sources.clock.advance(1_000);
    const before = sources.changes();

    sources.write("later/a.ts");
    await eventually("a file in the new folder is seen", () => sources.clock.pending > 0);
    await sources.clock.advance(1_000);

    expect(sources.changes()).toBeGreaterThan(before);
  });

  it("passes over what is made, installed, hidden or kept by an editor", async () => {
    const ignored = ["cdk.out", "node_modules", ".git"];
    const files = [...ignored.map((each) => `${each}/file.ts`), ".hidden", "backup.ts~"];
    const sources = watched("ignored", ...ignored);

    for (const file of files) sources.write(file);
    await sources.seen(...files);

    expect(sources.clock.pending).toBe(0);
  });

  it("ends when it is closed", async () => {
    const sources = watched("closed");
    sources.write("before.ts");
    await sources.seen("before.ts");

    close();
    await sources.clock.advance(1_000);

    expect(sources.changes()).toBe(0);
    expect(sources.clock.pending).toBe(0);
  });
});
