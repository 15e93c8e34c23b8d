import { DatabaseSync } from "node:sqlite";

/** A credit to a customer of bank B. */
export interface Credit {
  readonly transfer: string;
  readonly customer: string;
  readonly cents: number;
  readonly atMs: number;
}

/** Bank B's book. Nothing is ever deleted: what was wrong is reversed, and stays. */
export interface CreditBook {
  /** Books a credit, once for each key. */
  credit(credit: Credit, key: string): void;
  /**
   * Makes the credits of a transfer what its debit says: reverses all there are, and books the right one, where there is one.
   * All of it or nothing, once for each key.
   */
  correct(transfer: string, right: Credit | undefined, key: string): void;
  /** The credits that stand. */
  standing(): readonly Credit[];
  readonly database: DatabaseSync;
}

/** How long one who writes waits for another. */
const busyMs = 20_000;

const tables = `
  CREATE TABLE IF NOT EXISTS credits (
    number INTEGER PRIMARY KEY, transfer TEXT NOT NULL, customer TEXT NOT NULL, cents INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, booked_by TEXT NOT NULL UNIQUE, reversed_by TEXT
  );
  CREATE INDEX IF NOT EXISTS credits_by_transfer ON credits (transfer);
  CREATE INDEX IF NOT EXISTS credits_by_time ON credits (at_ms);
  CREATE TABLE IF NOT EXISTS corrections (key TEXT PRIMARY KEY, transfer TEXT NOT NULL);
`;

/** Opens bank B's book: a file, or ":memory:". Several processes may have it open; a killed one leaves no half of anything. */
export function openCreditBook(file: string): CreditBook {
  const database = new DatabaseSync(file, { timeout: busyMs });
  // What a killed process has written, the machine still has.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${tables}`);
  const insert = database.prepare(
    `INSERT INTO credits (transfer, customer, cents, at_ms, booked_by) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (booked_by) DO NOTHING`,
  );
  const note = database.prepare("INSERT INTO corrections VALUES (?, ?) ON CONFLICT (key) DO NOTHING");
  const reverse = database.prepare(
    "UPDATE credits SET reversed_by = ? WHERE transfer = ? AND reversed_by IS NULL",
  );
  const standing = database.prepare(
    "SELECT transfer, customer, cents, at_ms AS atMs FROM credits WHERE reversed_by IS NULL ORDER BY number",
  );
  const credit = ({ transfer, customer, cents, atMs }: Credit, key: string) =>
    void insert.run(transfer, customer, cents, atMs, key);
  return {
    database,
    credit,
    correct(transfer, right, key) {
      database.exec("BEGIN IMMEDIATE");
      try {
        if (note.run(key, transfer).changes > 0) {
          reverse.run(key, transfer);
          if (right) credit(right, key);
        }
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    standing: () => standing.all() as unknown as readonly Credit[],
  };
}
