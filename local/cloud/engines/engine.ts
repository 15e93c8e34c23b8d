/**
 * A program that stands in for DynamoDB and listens on a port of this machine: dynoxide, or AWS's own DynamoDB
 * Local. It gets requests as an SDK signs them.
 */
export interface Engine {
  readonly name: string;
  /**
   * Starts it and answers when it takes requests. State goes to `dataDir`, which exists.
   *
   * The program ends with this process, however this process ends, SIGKILL included. Throws `LocalCloudError`,
   * saying what to install, when it cannot start.
   */
  start(request: { dataDir: string; removeDataDir: boolean }): Promise<RunningEngine>;
}

export interface RunningEngine {
  readonly port: number;
  /** Region that stands in the ARNs which the engine makes. */
  readonly arnRegion: string;
  /** What a user should know, one sentence each. */
  readonly notes: readonly string[];
  /** Ends the program. Its data directory goes too when it was started with `removeDataDir`. */
  stop(): Promise<void>;
}
