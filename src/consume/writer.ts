import type { WireMessage } from "../contract/index.ts";
import { TransactionError } from "../errors.ts";
import {
  type ItemAddress,
  isWrite,
  refuseOverwrites,
  refuseWrites,
  type TransactionStore,
  type Write,
} from "../transaction/index.ts";
import type { HandlerContext, WriteOptions } from "./context.ts";

/** A write, and what becomes of the event when its condition does not hold. */
export interface AskedWrite extends WriteOptions {
  readonly write: Write;
}

/** Collects what one run of a handler writes. */
export interface Writer extends Pick<HandlerContext, "write" | "read"> {
  /**
   * All of it: what was given to `write`, and what the handler has returned. Throws `TransactionError` for what may not be
   * committed.
   */
  sealed(returned: unknown, emits: readonly WireMessage[]): readonly AskedWrite[];
}

/** Makes the `Writer` of one run; `store` is absent in every mode but `transaction`, where nothing would be written. */
export function createWriter(store: TransactionStore | undefined, consumer: string): Writer {
  const asked: AskedWrite[] = [];
  const reads: ItemAddress[] = [];
  let closed = false;

  return {
    write(write, options = {}) {
      if (!store) throw otherMode(consumer, "called ctx.write");
      if (closed) {
        throw new TransactionError(
          "write-late",
          `${consumer} called ctx.write after its handler had returned: await what writes, since the event is complete then`,
        );
      }
      if (!isWrite(write)) throw noWrite(consumer, "gave ctx.write", write);
      asked.push({ ...options, write });
    },
    async read(at) {
      if (!store) throw otherMode(consumer, "called ctx.read");
      reads.push(at);
      return store.read(at);
    },
    sealed(returned, emits) {
      closed = true;
      const given: readonly unknown[] = Array.isArray(returned) ? returned : [returned ?? []].flat();
      if (!store) {
        if (given.length > 0 && given.every(isWrite)) throw otherMode(consumer, "returned writes");
        return [];
      }
      for (const one of given) {
        if (!isWrite(one)) throw noWrite(consumer, "returned", one);
        asked.push({ write: one });
      }
      const writes = asked.map(({ write }) => write);
      refuseWrites(writes, { emits, ledger: store.ledger });
      refuseOverwrites(writes, reads);
      return asked;
    },
  };
}

function otherMode(consumer: string, what: string): TransactionError {
  return new TransactionError(
    "mode",
    `${consumer} ${what}, and its mode is not "transaction": nothing would be written; set mode: "transaction" in its Consumer construct`,
  );
}

function noWrite(consumer: string, what: string, value: unknown): TransactionError {
  const shown =
    typeof value === "object" && value !== null ? `{ ${Object.keys(value).join(", ")} }` : typeof value;
  return new TransactionError(
    "write-shape",
    `${consumer} ${what} ${shown}; a write has one of Put, Update, Delete and ConditionCheck, as in { Update: { TableName, Key, … } }; in mode "transaction" a handler returns writes, or nothing`,
  );
}
