/** Why a row cannot be sent as it is. */
export interface Death {
  /** `too-large`, `bad-row`, `behind`, `InvalidParameter`, … */
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
}
