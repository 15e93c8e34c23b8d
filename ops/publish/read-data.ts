import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { describeError, OmnibusError } from "../../src/errors.ts";
import { jsonErrorAt } from "./json-error.ts";

const shownCharacters = 20;

/** The data could not be read, or is no JSON; the message says where. */
export class DataError extends OmnibusError {}

/**
 * Reads JSON as a command line gives it: the text itself, `@file`, or `-` for standard input. Throws `DataError` with
 * the line and column of what is no JSON.
 */
export async function readData(
  given: string,
  { directory, stdin }: { readonly directory: string; readonly stdin: AsyncIterable<Buffer | string> },
): Promise<unknown> {
  const { text, from } = await readText(given, directory, stdin);
  const position = jsonErrorAt(text);
  if (position === undefined) return JSON.parse(text);
  const before = text.slice(0, position);
  const place = `line ${before.split("\n").length}, column ${position - before.lastIndexOf("\n")}`;
  const rest = text.slice(position, position + shownCharacters);
  const what = rest === "" ? "it ends too soon" : `${JSON.stringify(rest)} cannot stand there`;
  throw new DataError("bad-json", `${from} is no JSON: ${place}: ${what}`);
}

async function readText(given: string, directory: string, stdin: AsyncIterable<Buffer | string>) {
  if (given === "-") {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
    return { text: utf8(Buffer.concat(chunks), "standard input"), from: "standard input" };
  }
  if (!given.startsWith("@")) return { text: given, from: "--data" };
  const file = given.slice(1);
  const from = file === "" ? '"@"' : file;
  try {
    return { text: utf8(await readFile(isAbsolute(file) ? file : join(directory, file)), from), from };
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError("data-file", `${from} cannot be read: ${describeError(cause).message}`, { cause });
  }
}

function utf8(bytes: Buffer, from: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError("bad-encoding", `${from} is not UTF-8: save it as UTF-8`, { cause });
  }
}
