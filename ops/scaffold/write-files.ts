import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { NewFile } from "./new-file.ts";
import { ScaffoldError } from "./scaffold-error.ts";

/**
 * Writes new files into a folder: all of them, or none. An existing file is never written over: each text is put beside
 * its place first and moved there when all are on the disk, and a move onto a file that has appeared meanwhile fails.
 *
 * A file with `replaces` is changed only while it still holds that text.
 *
 * Throws `ScaffoldError`: `file-exists` and `file-changed` with every path in the way, `not-writable` with what the
 * system says (no permission, a disk that is full). Nothing is left behind then.
 */
export function writeFiles(directory: string, files: readonly NewFile[]): void {
  refuseWhatIsThere(directory, files);
  const undo: (() => void)[] = [];
  try {
    const staged = files.map((file, index) => {
      const place = join(directory, file.path);
      makeFolder(dirname(place), undo);
      const beside = `${place}.${process.pid}-${index}.new`;
      undo.push(() => rmSync(beside, { force: true }));
      writeFileSync(beside, file.text, { flag: "wx" });
      return { file, place, beside };
    });
    for (const { file, place, beside } of staged) move(file, place, beside, undo);
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw explained(directory, error);
  }
}

/** Throws when any of these cannot be written: what a dry run asks, too. */
export function refuseWhatIsThere(directory: string, files: readonly NewFile[]): void {
  const present = files.filter((file) => file.replaces === undefined && isThereIn(directory, file.path));
  if (present.length > 0) {
    throw new ScaffoldError(
      "file-exists",
      `${list(present)} ${present.length === 1 ? "exists" : "exist"} already in ${directory}; no file is ever written over and nothing was written: choose another name, or move ${present.length === 1 ? "it" : "them"} away first`,
    );
  }
  const changed = files.filter(
    ({ path, replaces }) => replaces !== undefined && textOf(join(directory, path)) !== replaces,
  );
  if (changed.length > 0) {
    throw new ScaffoldError(
      "file-changed",
      `${list(changed)} changed while this ran; nothing was written: run it again`,
    );
  }
}

function move(file: NewFile, place: string, beside: string, undo: (() => void)[]): void {
  if (file.replaces !== undefined) {
    const before = file.replaces;
    renameSync(beside, place);
    undo.push(() => writeFileSync(place, before));
    return;
  }
  try {
    // A rename would write over a file that has just appeared; a link does not.
    linkSync(beside, place);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new ScaffoldError(
      "file-exists",
      `${file.path} has just appeared; nothing was written: run it again`,
      { cause },
    );
  }
  undo.push(() => rmSync(place, { force: true }));
  rmSync(beside);
}

/** Makes a folder and those above it; undoing removes those that were made, when they are empty. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), undo);
  mkdirSync(folder);
  undo.push(() => rmdirSync(folder));
}

/** Also true for a link that leads nowhere: writing would create its target. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isThereIn(directory: string, path: string): boolean {
  try {
    return isThere(join(directory, path));
  } catch (error) {
    throw explained(directory, error);
  }
}

/** What the system refuses is the user's to mend: no bug of ours, and no stack to read. */
function explained(directory: string, error: unknown): unknown {
  const { syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new ScaffoldError(
    "not-writable",
    `cannot write into ${directory} (${message}); nothing was written: name a folder that you may write to`,
  );
}

function textOf(path: string): string | undefined {
  return isThere(path) ? readFileSync(path, "utf8") : undefined;
}

function list(files: readonly NewFile[]): string {
  return files.map(({ path }) => path).join(", ");
}
