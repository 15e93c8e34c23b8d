export { type AskCosts, type Asked, type AskOptions, askArchive } from "./ask-archive.ts";
export { type Cell, cellText } from "./cell.ts";
export type { FetchProgress } from "./fetch-copies.ts";
export type { Answer, AnswerColumn } from "./open-database.ts";
export { QueryError } from "./query-error.ts";
export { type View, type ViewColumn, viewColumns, views } from "./views.ts";
