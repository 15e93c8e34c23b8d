/** What stands in the book: by account, its steps in the order in which they were written. */
export type BookAudit = Readonly<Record<string, readonly number[]>>;
