/** Runs `act` on every item, at most `width` at once; throws what the first failing one threw. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const item = items[next++];
      if (item !== undefined) await act(item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
