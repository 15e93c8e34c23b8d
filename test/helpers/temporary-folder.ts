import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

/** A folder of its own for one test file; it is removed when the file's tests have ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "omnibus-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
