/**
 * Who may do a job now: one owner at a time for each name, until its lease ends.
 *
 * A lease is kept by time alone, so an owner that was stopped for longer than its lease may come back while another is at
 * work. It is told so by `renew`: ask before every step that two must not do.
 */
export interface Leases {
  /**
   * Takes the lease of `name` until `endsMs`, when nobody else holds it or theirs has ended. The same owner may take it again.
   * Atomic: of many who ask at once, one has it.
   */
  take(name: string, owner: string, endsMs: number): Promise<Taken>;
  /** Keeps the lease until `endsMs`. `false`: it is another's by now, or nobody's; nothing was written. */
  renew(name: string, owner: string, endsMs: number): Promise<boolean>;
  /** Gives the lease back. Nothing happens to one that is another's by now. */
  release(name: string, owner: string): Promise<void>;
}

export type Taken = { readonly status: "ours" } | { readonly status: "held"; readonly untilMs: number };
