/** Answers that are kept while there is room: the last one asked for is the last to be forgotten. */
export interface KeptMap<Key, Value> {
  /** What is kept of a key, or what `make` answers: once, however many ask meanwhile. What fails is not kept. */
  get(key: Key, make: () => Promise<Value>): Promise<Value>;
}

/** Makes a `KeptMap` with room for answers of so much weight together; a single one may weigh more. */
export function keptMap<Key, Value>(room: number, weightOf: (value: Value) => number): KeptMap<Key, Value> {
  const kept = new Map<Key, { readonly answer: Promise<Value>; weight: number }>();
  let weight = 0;
  const makeRoom = () => {
    for (const [key, one] of kept) {
      if (weight <= room || kept.size === 1) return;
      kept.delete(key);
      weight -= one.weight;
    }
  };

  return {
    get(key, make) {
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known.answer;
      }
      const one = { answer: make(), weight: 0 };
      kept.set(key, one);
      one.answer.then(
        (value) => {
          if (kept.get(key) !== one) return;
          one.weight = weightOf(value);
          weight += one.weight;
          makeRoom();
        },
        () => {
          if (kept.get(key) === one) kept.delete(key);
        },
      );
      return one.answer;
    },
  };
}
