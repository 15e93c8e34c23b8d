import { SourceFault } from "./source-fault.ts";

/**
 * Asks a side about all keys at once; where it throws, about each half, as one key may be to blame: until both halves fail,
 * which is a side that is down. Answers in the order asked, with the fault for each key that got no answer.
 */
export async function apart<Key, Answer>(
  all: readonly Key[],
  ask: (some: readonly Key[]) => Promise<readonly (Answer | SourceFault)[]>,
): Promise<readonly (Answer | SourceFault)[]> {
  const attempt = async (some: readonly Key[]) => {
    try {
      return await ask(some);
    } catch (error) {
      if (error instanceof SourceFault) return error;
      throw error;
    }
  };
  const inHalves = async (
    some: readonly Key[],
    fault: SourceFault,
  ): Promise<readonly (Answer | SourceFault)[]> => {
    if (some.length === 1 || fault.code !== "source-failed") return some.map(() => fault);
    const middle = Math.ceil(some.length / 2);
    const halves = [];
    for (const half of [some.slice(0, middle), some.slice(middle)]) {
      halves.push({ half, answer: await attempt(half) });
    }
    if (halves.every(({ answer }) => answer instanceof SourceFault)) return some.map(() => fault);
    const answers: (Answer | SourceFault)[] = [];
    for (const { half, answer } of halves) {
      answers.push(...(answer instanceof SourceFault ? await inHalves(half, answer) : answer));
    }
    return answers;
  };
  const answer = await attempt(all);
  return answer instanceof SourceFault ? inHalves(all, answer) : answer;
}
