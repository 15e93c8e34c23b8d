/**
 * Takes whole lines, one or several joined by line feeds, without the last line feed: standard output in a function, an
 * array in a test.
 */
export type Sink = (line: string) => void;

/** Where a function's logs and metrics go unless told otherwise: CloudWatch reads both from standard output. */
export const standardOutput: Sink = (line) => {
  process.stdout.write(`${line}\n`);
};
