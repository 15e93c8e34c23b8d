/** What tells whose an event is: a field of its data, or a function of it that is free of side effects. */
export type Tenant = string | ((event: TenantEvent) => TenantKey);

/** What such a function may look at. The same function may be a limit's key. */
export interface TenantEvent<Data = unknown> {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly partitionkey?: string;
  /** As the schema gives it out. */
  readonly data: Data;
}

/** Whose it is; nothing, or an empty text: nobody's in particular. */
export type TenantKey = string | number | boolean | null | undefined;
