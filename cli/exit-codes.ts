/** What `bus` answers to the shell. Scripts rely on it. */
export const exitCodes = {
  /** All of it was done. */
  done: 0,
  /** Some of it was done; run it again for the rest. */
  partial: 1,
  /** The command line made no sense; nothing was done. */
  usage: 2,
  /** It could not be done, or what was to be shown did not hold. */
  failed: 3,
  /** Ended by Ctrl-C (128 + SIGINT). */
  interrupted: 130,
  /** Ended by SIGTERM (128 + 15). */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
