import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { ObjectStore } from "../../src/segments/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** What every `ObjectStore` must do. Keys of this run are never used twice, so one bucket will do for all. */
export function objectStoreConformance(
  make: () => Promise<ObjectStore> | ObjectStore,
  /** Makes the keys this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let folders = 0;
  const world = async () => {
    const store = await make();
    const folder = `conformance-${run}/${String(folders++).padStart(3, "0")}/`;
    const put = (name: string, text = "x", options = {}) =>
      store.put(folder + name, Buffer.from(text), options);
    const read = async (name: string) => (await store.get(folder + name))?.body.toString();
    const list = async (prefix = "", options: { after?: string; limit?: number } = {}) => {
      const { after, ...rest } = options;
      const found = [];
      const asked = { ...rest, ...(after === undefined ? {} : { after: folder + after }) };
      for await (const one of store.list(folder + prefix, asked)) found.push(one.key.slice(folder.length));
      return found;
    };
    const foldersOf = async (prefix = "", after?: string) => {
      const found = [];
      const options = after === undefined ? {} : { after };
      for await (const name of store.folders(folder + prefix, options)) found.push(name);
      return found;
    };
    return { store, folder, put, read, list, foldersOf };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("gives back the bytes that were put, whatever they are", async () => {
      const { store, folder } = await world();
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256));
      await store.put(`${folder}bytes.gz`, bytes);
      await store.put(`${folder}empty.txt`, Buffer.alloc(0));

      assert.deepEqual((await store.get(`${folder}bytes.gz`))?.body, bytes);
      assert.deepEqual((await store.get(`${folder}empty.txt`))?.body, Buffer.alloc(0));
    }),

    check("knows nothing of an object that was never put", async () => {
      const { store, folder } = await world();

      assert.equal(await store.get(`${folder}never`), undefined);
      assert.equal(await store.get(`${folder}never`, { offset: 0, length: 1 }), undefined);
    }),

    check("replaces an object whole, with another etag", async () => {
      const { store, folder, put } = await world();
      const first = await put("a", "long before");
      const second = await put("a", "short");

      const now = await store.get(`${folder}a`);
      assert.equal(now?.body.toString(), "short");
      assert.ok(first.status === "stored" && second.status === "stored");
      assert.notEqual(first.etag, second.etag);
      assert.equal(now?.etag, second.etag);
    }),

    check("answers a range of bytes, and as much of it as there is", async () => {
      const { store, folder, put } = await world();
      await put("a", "0123456789");
      const range = async (offset: number, length: number) =>
        (await store.get(`${folder}a`, { offset, length }))?.body.toString();

      assert.equal(await range(0, 3), "012");
      assert.equal(await range(7, 3), "789");
      assert.equal(await range(7, 30), "789");
      assert.equal(await range(10, 5), "");
    }),

    check("puts where nothing is, once, however many try at the same time", async () => {
      const { put, read } = await world();
      const tries = await Promise.all(
        ["a", "b", "c", "d", "e"].map((text) => put("one", text, { ifAbsent: true })),
      );

      const stored = tries.flatMap(({ status }, index) => (status === "stored" ? [index] : []));
      assert.equal(stored.length, 1);
      assert.equal(await read("one"), "abcde"[stored[0] as number]);
      assert.deepEqual(await put("one", "late", { ifAbsent: true }), { status: "refused" });
    }),

    check("puts where the object is still the one that was read, once of many", async () => {
      const { store, folder, put, read } = await world();
      await put("one", "old");
      const { etag = "" } = (await store.get(`${folder}one`)) ?? {};
      const tries = await Promise.all(
        ["a", "b", "c", "d"].map((text) => put("one", text, { ifMatch: etag })),
      );

      const stored = tries.flatMap(({ status }, index) => (status === "stored" ? [index] : []));
      assert.equal(stored.length, 1);
      assert.equal(await read("one"), "abcd"[stored[0] as number]);
      assert.deepEqual(await put("one", "late", { ifMatch: etag }), { status: "refused" });
    }),

    check("lists by prefix, in the order of bytes, with sizes", async () => {
      const { store, folder, put, list } = await world();
      for (const name of ["b/2", "a", "b/10", "b-1", "B", "b/2-x", "c"]) await put(name, name);

      assert.deepEqual(await list(), ["B", "a", "b-1", "b/10", "b/2", "b/2-x", "c"]);
      assert.deepEqual(await list("b/"), ["b/10", "b/2", "b/2-x"]);
      assert.deepEqual(await list("nothing"), []);
      for await (const { key, bytes } of store.list(folder))
        assert.equal(bytes, key.length - folder.length, key);
    }),

    check("lists behind a key, and no more than it is asked for", async () => {
      const { put, list } = await world();
      for (const name of ["a", "b", "c", "d"]) await put(name);

      assert.deepEqual(await list("", { after: "b" }), ["c", "d"]);
      assert.deepEqual(await list("", { after: "bb" }), ["c", "d"]);
      assert.deepEqual(await list("", { limit: 2 }), ["a", "b"]);
      assert.deepEqual(await list("", { after: "a", limit: 1 }), ["b"]);
      assert.deepEqual(await list("", { after: "d" }), []);
    }),

    check("lists more than one page, each key once", async () => {
      const { put, list } = await world();
      const names = Array.from({ length: 1_100 }, (_, index) => `k-${String(index).padStart(4, "0")}`);
      for (let at = 0; at < names.length; at += 50) {
        await Promise.all(names.slice(at, at + 50).map((name) => put(name)));
      }

      assert.deepEqual(await list(), names);
      assert.deepEqual(await list("", { after: "k-0010", limit: 1_050 }), names.slice(11, 1_061));
    }),

    check("names the folders under a prefix, each once, behind a name", async () => {
      const { put, foldersOf } = await world();
      for (const name of ["s/a/1", "s/a/2", "s/b/1/deep", "s/b-2/1", "s/c/1", "s/file", "other/x"]) {
        await put(name);
      }

      assert.deepEqual(await foldersOf("s/"), ["a", "b-2", "b", "c"]);
      assert.deepEqual(await foldersOf("s/", "b-2"), ["b", "c"]);
      assert.deepEqual(await foldersOf("s/", "b"), ["c"]);
      assert.deepEqual(await foldersOf("s/", "c"), []);
      assert.deepEqual(await foldersOf("none/"), []);
    }),

    check("deletes many, and does not mind what is gone", async () => {
      const { store, folder, put, list } = await world();
      for (const name of ["a", "b", "c"]) await put(name);

      await store.delete([`${folder}a`, `${folder}never`, `${folder}c`]);
      await store.delete([`${folder}a`]);
      await store.delete([]);

      assert.deepEqual(await list(), ["b"]);
    }),

    check("tells objects apart by their address", async () => {
      const { store, folder } = await world();

      assert.ok(store.urlOf(`${folder}a`).endsWith(`/${folder}a`));
    }),
  ];
}
