import { bookPoints, type Crash, type CrashPoint, tellPoints } from "./crash-points.ts";
import { controlOf, transferOf } from "./transfers.ts";

/** What stands in the table: balances by account, and how often each transfer was booked, by its number. */
export interface Books {
  readonly balances: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
}

/** One call to the partner. */
export interface Call {
  readonly key: string;
  readonly invocation: string;
}

/** What a run has shown. */
export interface ExactlyOnceResult {
  readonly transfers: number;
  /** Processes killed with SIGKILL, at a crash point that they had printed. */
  readonly kills: number;
  /** Transfers that were booked more than once. */
  readonly doubled: number;
  /** Transfers that were not booked. */
  readonly lost: number;
  /** What was booked, over all. */
  readonly cents: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  readonly killsAt: Readonly<Record<CrashPoint, number>>;
  /** In mode `once`: calls to the partner beyond one for each transfer, and how many of them a kill does not explain. */
  readonly extraCalls: number;
  readonly unexplained: number;
}

/** Judges by what two other processes say: the table's reader, and the partner. */
export function judge({
  transfers,
  wantedKills,
  books,
  calls,
  crashes,
}: {
  readonly transfers: number;
  readonly wantedKills: number;
  readonly books: Books;
  /** By the transfer's number. */
  readonly calls: Readonly<Record<string, readonly Call[]>>;
  /** Where processes were killed. */
  readonly crashes: readonly Crash[];
}): ExactlyOnceResult {
  const findings: string[] = [];
  const control = controlOf(transfers);
  const all = Array.from({ length: transfers }, (_, index) => index);
  const timesOf = (index: number) => books.times[index] ?? 0;
  const callsOf = (index: number) => calls[index] ?? [];
  // Behind the record nothing is called again: a kill there explains no call.
  const inWindow = crashes.filter(({ point }) => point === "before-call" || point === "after-call");
  const killed = new Set(inWindow.map(({ invocation }) => invocation));
  const killsAt = Object.fromEntries(
    [...bookPoints, ...tellPoints].map((point) => [
      point,
      crashes.filter((one) => one.point === point).length,
    ]),
  ) as Record<CrashPoint, number>;
  const wrongBalances = [...new Set([...control.balances.keys(), ...Object.keys(books.balances)])].filter(
    (account) => (books.balances[account] ?? 0) !== (control.balances.get(account) ?? 0),
  );
  const result = {
    transfers,
    kills: crashes.length,
    doubled: all.filter((index) => timesOf(index) > 1).length,
    lost: all.filter((index) => timesOf(index) === 0).length,
    cents: all.reduce((sum, index) => sum + timesOf(index) * transferOf(index).cents, 0),
    killsAt,
    extraCalls: all.reduce((sum, index) => sum + Math.max(0, callsOf(index).length - 1), 0),
    // Every call but the last had to be followed by another one: its process was killed before it could record it.
    unexplained: all.reduce(
      (sum, index) =>
        sum +
        callsOf(index)
          .slice(0, -1)
          .filter(({ invocation }) => !killed.has(invocation)).length,
      0,
    ),
  };
  const mustBe = (what: string, value: number, wanted: number) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  mustBe("transfers booked more than once", result.doubled, 0);
  mustBe("transfers not booked", result.lost, 0);
  mustBe("cents booked", result.cents, control.cents);
  mustBe("balances that are wrong", wrongBalances.length, 0);
  mustBe(
    "bookings of transfers that there are none of",
    Object.keys(books.times).length,
    transfers - result.lost,
  );
  mustBe(
    "transfers that the partner was not told of",
    all.filter((index) => callsOf(index).length === 0).length,
    0,
  );
  mustBe("extra calls that no kill explains", result.unexplained, 0);
  mustBe(
    "transfers told under several effect keys",
    all.filter((index) => new Set(callsOf(index).map(({ key }) => key)).size > 1).length,
    0,
  );
  const missed = [...bookPoints, ...tellPoints].filter((point) => killsAt[point] === 0);
  const ofBook = bookPoints.reduce((sum, point) => sum + killsAt[point], 0);
  if (ofBook < wantedKills || missed.length > 0) {
    findings.push(
      `not exercised: ${ofBook} processes killed that book, and ${wantedKills} are promised${missed.length > 0 ? `; none at ${missed.join(", ")}` : ""}`,
    );
  }
  return { ...result, pass: findings.length === 0, findings };
}
