import { startBus } from "../frame/index.ts";

/** Where a drill's `bus` goes. */
export interface BusPlace {
  readonly endpoint: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

/** Runs `bus` with `--json` as a person would, and answers its last line. Throws with what it said where it ended with something else. */
export async function busAnswer<Answer>(words: readonly string[], place: BusPlace): Promise<Answer> {
  const command = startBus([...words, "--json"], place);
  const code = await command.ended;
  const line = command.printed().trimEnd().split("\n").at(-1);
  if (code !== 0 || !line) {
    throw new Error(`bus ${words.join(" ")} ended with ${code}:\n${command.said().trim()}`);
  }
  return JSON.parse(line) as Answer;
}
