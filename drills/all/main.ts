import { parseArgs } from "node:util";
import { describeError } from "../../src/errors.ts";
import { fullSize } from "./full-size.ts";
import { playAll, toldAlready } from "./play-all.ts";
import { tableOf } from "./table.ts";

const names = fullSize.map(({ name }) => name);
const help = `npm run drills -- [--only NAME,…] [--json]

Plays every drill at full size, one after the other, on this machine. It takes about three quarters of an hour.

  --only NAME,…   only these: ${names.join(", ")}
  --json          print the results as one line of JSON, the last on standard output

Exit codes: 0 all passed, 2 usage, 3 one failed, 130 Ctrl-C.`;

process.exitCode = await main();

async function main(): Promise<number> {
  let values: { only?: string; json: boolean; help: boolean };
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    console.error(`${describeError(error).message}\n\n${help}`);
    return 2;
  }
  if (values.help) {
    console.log(help);
    return 0;
  }
  const wanted = values.only?.split(",").map((name) => name.trim()) ?? names;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`--only: ${unknown.join(", ")} is none; give some of ${names.join(", ")}`);
    return 2;
  }
  const drills = fullSize.filter(({ name }) => wanted.includes(name));
  const ending = new AbortController();
  // A terminal has told the drill, too: told twice, it would not clear up.
  process.on("SIGINT", () => ending.abort(process.stdin.isTTY ? toldAlready : undefined));
  process.on("SIGTERM", () => ending.abort());
  const played = await playAll(drills, {
    signal: ending.signal,
    onDrill: (name, nth) => console.error(`\n${nth + 1} of ${drills.length}: ${name}`),
  });
  const pass = played.length === drills.length && played.every((one) => one.pass);
  const print = values.json ? console.error : console.log;
  if (played.length > 0) print(tableOf(played, drills));
  if (values.json) console.log(JSON.stringify({ drills: played, pass }));
  if (ending.signal.aborted) return 130;
  return pass ? 0 : 3;
}
