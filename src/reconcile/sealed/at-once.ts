/** Does some work for each of many, no more than `most` at a time, and answers in their order. The first failure is thrown. */
export async function atOnce<One, Answer>(
  all: readonly One[],
  most: number,
  work: (one: One) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < all.length; at = next++) answers[at] = await work(all[at] as One);
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker));
  return answers;
}
