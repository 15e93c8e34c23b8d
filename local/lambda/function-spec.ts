/** A function as a template describes it, with its code on this machine. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** AWS's identifier: `nodejs24.x`, `python3.12`, … */
  readonly runtime: string;
  /** `file.export`, relative to `codeDir`. */
  readonly handler: string;
  /** Folder with the unpacked code. */
  readonly codeDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Most environments at once; without it the host's own ceiling holds alone. */
  readonly reservedConcurrency?: number;
  /** The queue for events that it could not handle, of those that nobody waits for. */
  readonly deadLetterArn?: string;
}
