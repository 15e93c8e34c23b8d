import { readFileSync } from "node:fs";
import { type BookLine, type BooksReport, readBooks } from "./books.ts";

/** The partner's books, from the file that it keeps them in. */
export function booksIn(file: string): BooksReport {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return readBooks(lines.map((line) => JSON.parse(line) as BookLine));
}
