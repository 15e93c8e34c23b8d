/** Calls that are not answered yet. */
export interface Underway {
  /** Notes a call, and answers it. */
  add<Result>(call: Promise<Result>): Promise<Result>;
  /** Resolves when all calls of this moment are over, whatever became of them. */
  over(): Promise<void>;
}

export function createUnderway(): Underway {
  const calls = new Set<Promise<unknown>>();
  return {
    add(call) {
      const end = () => void calls.delete(call);
      calls.add(call);
      call.then(end, end);
      return call;
    },
    async over() {
      await Promise.allSettled(calls);
    },
  };
}
