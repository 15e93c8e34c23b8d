import type { ConsumerQueues, DeadLetter, DelayEntry, SentMessage } from "./ports.ts";

/** Queues in memory that keep what they were told, for tests. */
export interface InMemoryQueues extends ConsumerQueues {
  readonly delayed: readonly (DelayEntry & { readonly queueArn: string })[];
  readonly deadLetters: readonly (DeadLetter & { readonly queueArn: string })[];
  readonly sent: readonly (SentMessage & { readonly queueArn: string })[];
  /** From now on dead letters are not taken (or are again). */
  refuseDeadLetters(refuse: boolean): void;
}

/** Makes `InMemoryQueues`. `exist`: the queues that there are, by ARN; every queue unless told. */
export function inMemoryQueues({ exist }: { exist?: readonly string[] } = {}): InMemoryQueues {
  const delayed: (DelayEntry & { queueArn: string })[] = [];
  const deadLetters: (DeadLetter & { queueArn: string })[] = [];
  const sent: (SentMessage & { queueArn: string })[] = [];
  let refusing = false;
  return {
    delayed,
    deadLetters,
    sent,
    refuseDeadLetters: (refuse) => {
      refusing = refuse;
    },
    delay: async (queueArn, entries) => {
      delayed.push(...entries.map((entry) => ({ queueArn, ...entry })));
    },
    deadLetter: async (queueArn, letters) => {
      const taken = !refusing && (exist?.includes(queueArn) ?? true);
      if (taken) deadLetters.push(...letters.map((letter) => ({ queueArn, ...letter })));
      return letters.map(() => taken);
    },
    send: async (queueArn, messages) => {
      const taken = exist?.includes(queueArn) ?? true;
      if (taken) sent.push(...messages.map((message) => ({ queueArn, ...message })));
      return messages.map(() => taken);
    },
  };
}
