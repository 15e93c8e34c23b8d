/** Longer stacks are read this far; the line that is looked for stands near the top. In characters. */
const readCharacters = 4_000;
/** A longer line is cut: it travels in a message attribute. In characters. */
const maxLength = 200;

/**
 * Where an error was thrown: the first line of its stack that is neither Node's own nor a package's, as
 * `charge (index.mjs:12:7)`, without the folder; `undefined` where the stack tells none. Never throws.
 */
export function thrownAt(thrown: unknown): string | undefined {
  try {
    if (!(thrown instanceof Error) || typeof thrown.stack !== "string") return undefined;
    // A message may have lines that look like a stack's.
    const { stack, message } = thrown;
    const at = stack.indexOf(message);
    const lines = stack.slice(at < 0 ? 0 : at + message.length).slice(0, readCharacters);
    for (const line of lines.split("\n")) {
      const place = placeOf(line.slice(0, 500));
      if (place !== undefined) return place.slice(0, maxLength);
    }
  } catch {
    // A getter of its own: it tells nothing.
  }
  return undefined;
}

function placeOf(line: string): string | undefined {
  const [, called, path = ""] = /^ +at (?:async )?(?:(\S.*) \()?([^()]+:\d+:\d+)\)?$/.exec(line) ?? [];
  if (path === "" || path.startsWith("node:") || /[\\/]node_modules[\\/]/.test(path)) return undefined;
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return called === undefined ? file : `${called} (${file})`;
}
