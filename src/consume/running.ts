/** Counts the handlers that run right now, and tells when none does. */
export interface Running {
  readonly none: boolean;
  begin(): void;
  end(): void;
  /** Resolves when no handler runs: at once, or as soon as the last one has ended. */
  idle(): Promise<void>;
}

/** Makes a `Running` at zero. */
export function createRunning(): Running {
  let count = 0;
  let waiting: PromiseWithResolvers<void> | undefined;
  return {
    get none() {
      return count === 0;
    },
    begin() {
      count++;
    },
    end() {
      if (--count > 0) return;
      waiting?.resolve();
      waiting = undefined;
    },
    async idle() {
      if (count === 0) return;
      waiting ??= Promise.withResolvers<void>();
      await waiting.promise;
    },
  };
}
