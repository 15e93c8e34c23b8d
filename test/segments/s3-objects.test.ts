import type { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { s3Objects } from "../../src/segments/index.ts";

interface Sent {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** A store over a client that answers by itself. */
function over(answer: (sent: Sent, signal: AbortSignal | undefined) => unknown) {
  const sent: Sent[] = [];
  const client = {
    send: async (command: { input: Sent["input"] }, options?: { abortSignal?: AbortSignal }) => {
      const one = { name: command.constructor.name, input: command.input };
      sent.push(one);
      return answer(one, options?.abortSignal);
    },
  } as unknown as S3Client;
  const clock = virtualClock();
  return { store: s3Objects({ bucket: "shop-archive", client, clock }), sent, clock };
}

const named = (name: string) => Object.assign(new Error(name), { name });

describe("s3Objects", () => {
  it("gives a write up when its patience is over, and says which", async () => {
    const { store, clock } = over(
      (_, signal) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(named("AbortError"))),
        ),
    );
    const put = store.put("raw/a.gz", Buffer.from("abc"), { patienceMs: 60_000 });
    const outcome = put.catch((error: Error) => error);
    await clock.advance(59_999);
    expect(clock.pending).toBe(1);

    await clock.advance(1);

    expect(await outcome).toMatchObject({
      code: "object-not-stored",
      retryable: true,
      message: "shop-archive did not take raw/a.gz (3 bytes) within 60000 ms",
    });
  });

  it("waits for nothing behind a write that was answered", async () => {
    const { store, clock } = over(() => ({ ETag: '"a"' }));

    expect(await store.put("a", Buffer.alloc(1), { patienceMs: 60_000 })).toEqual({
      status: "stored",
      etag: '"a"',
    });

    expect(clock.pending).toBe(0);
  });

  it.each(["PreconditionFailed", "ConditionalRequestConflict"])("takes %s for a refusal", async (name) => {
    const { store, sent } = over(() => Promise.reject(named(name)));

    expect(await store.put("a", Buffer.alloc(1), { ifAbsent: true })).toEqual({ status: "refused" });
    expect(await store.put("a", Buffer.alloc(1), { ifMatch: '"e"' })).toEqual({ status: "refused" });
    expect(sent.map(({ input }) => [input.IfNoneMatch, input.IfMatch])).toEqual([
      ["*", undefined],
      [undefined, '"e"'],
    ]);
  });

  it("throws what it cannot explain", async () => {
    const { store } = over(() => Promise.reject(named("AccessDenied")));

    await expect(store.put("a", Buffer.alloc(1))).rejects.toThrow("AccessDenied");
    await expect(store.get("a")).rejects.toThrow("AccessDenied");
    await expect(store.get("a", { offset: 0, length: 1 })).rejects.toThrow("AccessDenied");
  });

  it("says what an object is", async () => {
    const { store, sent } = over(() => ({ ETag: "" }));
    for (const key of ["a.ndjson.gz", "manifest.json", "symlink.txt"]) await store.put(key, Buffer.alloc(0));

    expect(sent.map(({ input }) => input.ContentType)).toEqual([
      "application/gzip",
      "application/json",
      "text/plain",
    ]);
  });

  it("deletes a thousand at a time, and names one that was not", async () => {
    const { store, sent } = over(({ input }) => {
      const { Objects } = input.Delete as { Objects: readonly { Key: string }[] };
      return Objects.length < 1_000
        ? { Errors: [{ Key: Objects[0]?.Key, Code: "AccessDenied", Message: "no" }] }
        : {};
    });
    const keys = Array.from({ length: 1_500 }, (_, index) => `k${index}`);

    await expect(store.delete(keys)).rejects.toThrow("shop-archive did not delete k1000 (AccessDenied: no)");
    expect(sent).toHaveLength(2);
  });

  it("asks for no more pages than it is read", async () => {
    const { store, sent } = over(() => ({
      Contents: [{ Key: "a", Size: 1 }],
      IsTruncated: true,
      NextContinuationToken: "t",
    }));

    for await (const { key } of store.list("")) {
      expect(key).toBe("a");
      break;
    }

    expect(sent).toHaveLength(1);
  });
});
