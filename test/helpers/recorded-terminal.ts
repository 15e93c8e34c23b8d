import { Readable } from "node:stream";
import { createTerminal, type Terminal } from "../../cli/index.ts";

/** A terminal whose words are kept. */
export interface RecordedTerminal extends Terminal {
  /** What went to standard output and to standard error so far. */
  readonly written: { out: string; err: string };
}

/** Makes a terminal without a screen that keeps all that is written. */
export function recordedTerminal(): RecordedTerminal {
  const written = { out: "", err: "" };
  const terminal = createTerminal({
    stdin: Readable.from([]),
    stdout: {
      write: (text) => {
        written.out += text;
      },
    },
    stderr: {
      write: (text) => {
        written.err += text;
      },
    },
    directory: "/project",
    startedAtMs: 0,
    signal: new AbortController().signal,
    unread: new AbortController().signal,
  });
  return { ...terminal, written };
}
