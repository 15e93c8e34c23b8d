import { spanStartMs } from "./span.ts";

/** A line's place for good: the span, the ordinal of the segment in its manifest, the line in the segment, both from 0. */
export interface Offset {
  readonly span: string;
  readonly segment: number;
  readonly line: number;
}

/** `2026-11-27-01-00/0/1234` */
export function formatOffset({ span, segment, line }: Offset): string {
  return `${span}/${segment}/${line}`;
}

/** Reads an offset's text; `undefined` for what is none. */
export function parseOffset(text: string): Offset | undefined {
  const [, span = "", segment, line] = /^([\d-]+)\/(\d{1,9})\/(\d{1,12})$/.exec(text) ?? [];
  if (spanStartMs(span) === undefined) return undefined;
  return { span, segment: Number(segment), line: Number(line) };
}
