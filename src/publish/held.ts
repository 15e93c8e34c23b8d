/** What was added between two flushes. */
export interface Wave {
  left: number;
  closed: boolean;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** Counts what a publisher holds, so that it can say when there is room and when all of it is gone. */
export interface Held {
  readonly count: number;
  /** One more message is held; `give` wants the wave back. */
  take(bytes: number): Wave;
  /** A message is held no longer. */
  give(wave: Wave, bytes: number): void;
  /** `undefined` when one more fits, else a promise of room. Whoever waited asks again: others waited too. */
  room(): Promise<void> | undefined;
  /** Resolves when all that is held at this moment is gone, whatever is taken meanwhile. */
  drained(): Promise<void>;
}

/** Makes a count with its two bounds: messages, and bytes. */
export function createHeld(maxCount: number, maxBytes: number): Held {
  let count = 0;
  let bytes = 0;
  let wave = createWave();
  const waves = new Set([wave]);
  let waiting: (() => void)[] = [];
  const isFull = () => count >= maxCount || bytes >= maxBytes;
  const endIfDone = (one: Wave) => {
    if (!one.closed || one.left > 0) return;
    waves.delete(one);
    one.end();
  };

  return {
    get count() {
      return count;
    },
    take(size) {
      count++;
      bytes += size;
      wave.left++;
      return wave;
    },
    give(itsWave, size) {
      count--;
      bytes -= size;
      itsWave.left--;
      endIfDone(itsWave);
      if (waiting.length === 0 || isFull()) return;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    room() {
      return isFull() ? new Promise((resolve) => waiting.push(resolve)) : undefined;
    },
    async drained() {
      const closing = wave;
      const open = [...waves].map((one) => one.ended);
      wave = createWave();
      waves.add(wave);
      closing.closed = true;
      endIfDone(closing);
      await Promise.all(open);
    },
  };
}

function createWave(): Wave {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { left: 0, closed: false, ended: promise, end: resolve };
}
