/** Hands out what was pushed, least first. */
export interface Heap<Item> {
  readonly size: number;
  push(item: Item): void;
  /** The least; `undefined` when it is empty. */
  peek(): Item | undefined;
  pop(): Item | undefined;
  /** Puts another one in the place of the least: cheaper than a pop and a push. */
  replace(item: Item): void;
}

/** Makes a binary heap. */
export function heapOf<Item>(compare: (one: Item, other: Item) => number): Heap<Item> {
  const items: Item[] = [];
  const at = (index: number) => items[index] as Item;

  const sink = (item: Item) => {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && compare(at(child + 1), at(child)) < 0) child++;
      if (compare(item, at(child)) <= 0) break;
      items[index] = at(child);
      index = child;
    }
    items[index] = item;
  };

  return {
    get size() {
      return items.length;
    },
    push(item) {
      let index = items.length;
      items.push(item);
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (compare(at(parent), item) <= 0) break;
        items[index] = at(parent);
        index = parent;
      }
      items[index] = item;
    },
    peek: () => items[0],
    pop() {
      const least = items[0];
      const last = items.pop();
      if (items.length > 0) sink(last as Item);
      return least;
    },
    replace: sink,
  };
}
