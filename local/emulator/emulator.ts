/** An AWS endpoint on this machine (or near it) into which CDK apps are deployed for real. */
export interface Emulator {
  /** Without a slash at the end: `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  readonly region: string;
  /** Twelve digits. On an emulator that ran already it is one of our own, so that nothing else there is touched. */
  readonly account: string;
  /** What every client of the AWS SDK takes: `new SNSClient(emulator.client)`. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /**
   * The whole environment for a child process in any language: endpoint, region and credentials of the emulator, Node
   * and Python (with boto3) first on the `PATH`, and no setting of this machine that could lead any
   * AWS tool elsewhere.
   */
  readonly env: Readonly<Record<string, string>>;
  /** A Python with boto3. */
  readonly python: string;
  /** Whether `startEmulator` started it; otherwise it ran already. */
  readonly isOurs: boolean;
  /** The end of what the emulator has said: why a deployment or a function failed. Empty when it is not ours. */
  output(): string;
  /** Ends it and what it started, and removes its state. Leaves one alone that ran already. Twice does nothing. */
  close(): Promise<void>;
}
