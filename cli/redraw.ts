import type { Terminal } from "./terminal.ts";

/** Prints a text that is shown again and again: on a screen that is watched, in the place of the one before. */
export function redraw(
  terminal: Pick<Terminal, "screen" | "print" | "draw">,
  watch: boolean,
): (text: string) => void {
  const { screen } = terminal;
  let drawn = 0;
  return (text) => {
    if (!watch || screen === undefined) {
      terminal.print(watch ? `${text}\n` : text);
      return;
    }
    const lines = text.split("\n").map((line) => `\u001b[2K${line.slice(0, screen.columns - 1)}\n`);
    // Below, what a longer text has left.
    terminal.draw(`${drawn > 0 ? `\u001b[${drawn}A` : ""}${lines.join("")}\u001b[J`);
    drawn = lines.length;
  };
}
