/** A file to be written: its path from the project's folder, with `/` between folders, and its text. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Set for a file that is there and is to have this text now; all others must not exist yet. */
  readonly replaces?: string;
}
