import { hash } from "node:crypto";
import type { ObjectStore, StoredObject } from "./ports.ts";

/** An `ObjectStore` in this process's memory, with a look inside for tests. */
export interface InMemoryObjects extends ObjectStore {
  readonly objects: ReadonlyMap<string, StoredObject>;
}

/** Makes an `InMemoryObjects`: nothing is kept when the process ends. */
export function inMemoryObjects(): InMemoryObjects {
  const objects = new Map<string, StoredObject>();
  const keysUnder = (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();

  return {
    objects,
    async put(key, body, { ifAbsent = false, ifMatch } = {}) {
      const there = objects.get(key);
      if (ifAbsent && there) return { status: "refused" };
      if (ifMatch !== undefined && there?.etag !== ifMatch) return { status: "refused" };
      const etag = `"${hash("md5", body, "hex")}"`;
      objects.set(key, { body: Buffer.from(body), etag });
      return { status: "stored", etag };
    },
    async get(key, range) {
      const there = objects.get(key);
      if (!there || !range) return there;
      return { ...there, body: there.body.subarray(range.offset, range.offset + range.length) };
    },
    async *list(prefix, { after = "", limit = Number.POSITIVE_INFINITY } = {}) {
      let left = limit;
      for (const key of keysUnder(prefix)) {
        const there = objects.get(key);
        if (key <= after || !there) continue;
        if (left-- <= 0) return;
        yield { key, bytes: there.body.length };
      }
    },
    async *folders(prefix, { after = "" } = {}) {
      const names = keysUnder(prefix).map((key) => key.slice(prefix.length).split("/"));
      const found = new Set(names.flatMap(([name = "", ...rest]) => (rest.length > 0 ? [name] : [])));
      const key = (name: string) => `${name}/`;
      const sorted = [...found].sort((one, other) => (key(one) < key(other) ? -1 : 1));
      yield* sorted.filter((name) => after === "" || key(name) > key(after));
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
    urlOf: (key) => `memory://${key}`,
  };
}
