/** What the partner has seen, as it tells it. */
export interface PartnerAudit {
  /** By parcel: how often it was taken. */
  readonly taken: Readonly<Record<string, number>>;
  /** By parcel: how often it was refused. */
  readonly refused: Readonly<Record<string, number>>;
}
