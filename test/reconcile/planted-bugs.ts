import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Room, randomRuns } from "./random-runs.ts";

/** A bug: in which file, what stands there, and what stands there instead. */
interface Bug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const room = join(import.meta.dirname, "../../src/reconcile");
const bugs: readonly Bug[] = [
  bug("leaves the last buckets out", "windows", "Math.ceil(width / step) }", "Math.ceil(width / step) - 1 }"),
  bug(
    "leaves some buckets out",
    "windows",
    "window.fromBucket + index * step,",
    "window.fromBucket + (index + 0.5) * step,",
  ),
  bug(
    "ends windows early",
    "windows",
    "(first + (index + 1) * step) * spanMs)",
    "(first + (index + 1) * step) * spanMs - 1)",
  ),
  bug(
    "trusts lists",
    "judge",
    "await lookUp(sides, some, { futureMs })",
    "some.map(({ key, seenMs }) => ({ left: [{ key, timeMs: seenMs, fields: {} }], right: [] }))",
  ),
  bug("trusts counts", "look-into", "return !sameDigest(left, right);", "return left.count !== right.count;"),
  bug("lists one page", "list-window", "cursor = page.cursor;", "cursor = undefined;"),
  bug(
    "looks at what the left side lists",
    "judge",
    "new Set([...left.keys(), ...right.keys()])",
    "new Set(left.keys())",
  ),
  bug("calls a difference what is under way", "judge", "timeMs >= settledBeforeMs", "timeMs < 0"),
  bug("forgets what is under way", "go-through", "look), ...underWay]", "look)]"),
  bug("closes what has not settled", "look-again", "timeMs >= options.settledBeforeMs", "timeMs < 0"),
  bug(
    "closes what cannot be looked up",
    "look-again",
    "if (entries instanceof SourceFault) note(",
    "if (entries instanceof SourceFault) gone.push(key), note(",
  ),
  bug(
    "compares hours that have not ended",
    "looks",
    "return floor(atMs - settleMs, spanMs);",
    "return floor(atMs - settleMs, spanMs) + spanMs;",
  ),
  bug("forgets what was unknown", "go-through", "...withoutSpan(progress.unknown, look), ...unknown", ""),
  bug(
    "goes back before its beginning",
    "resumed",
    "Math.max(startMs, Math.min(remembered.lastLookToMs, lastLook))",
    "Math.min(remembered.lastLookToMs, lastLook)",
  ),
  bug("does not write what is left", "look-at", "if (some.length > 0) await write(some);", ""),
  bug("steps over an hour", "go-through", "fromMs = step.toMs;", "fromMs = step.toMs + spanMs;"),
  bug("sees no types", "difference", "one.left !== one.right", "String(one.left) !== String(one.right)"),
  bug("forgets what parts could not see", "fan-out", "(of ?? { unknown: [] })", "{ unknown: [] }"),
];

function bug(name: string, file: string, from: string, to: string): Bug {
  return { name, file: `${file}.ts`, from, to };
}

/** Each bug is in a room of its own: `?bug=3` is handed on from file to file. */
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const planted = /\?bug=\d+$/.exec(context.parentURL ?? "")?.[0];
    return planted && specifier.startsWith(".") ? { ...found, url: found.url + planted } : found;
  },
  load(url, context, next) {
    const found = next(url, context);
    const at = /\?bug=(\d+)$/.exec(url)?.[1];
    const planted = at === undefined ? undefined : bugs[Number(at)];
    if (!planted || !url.startsWith(`${pathToFileURL(join(room, planted.file))}?`)) return found;
    return { ...found, source: String(found.source).replace(planted.from, () => planted.to) };
  },
});

/** Each bug has so many worlds to hide in. Those come first that have caught one before: for speed, and for nothing else. */
const worlds = new Set([0, 1, 4, 20, 34, 86, 121, ...Array(Number(process.argv[2])).keys()]);
const missed: string[] = [];
for (const [at, { name, file, from }] of bugs.entries()) {
  const text = readFileSync(join(room, file), "utf8");
  if (text.split(from).length !== 2) throw new Error(`${file} does not say ${JSON.stringify(from)} once`);
  const planted: Room = await import(`${pathToFileURL(join(room, "index.ts"))}?bug=${at}`);
  let caughtBy: number | undefined;
  for (const seed of worlds) {
    if ((await complains(planted, seed)).length > 0) caughtBy = seed;
    if (caughtBy !== undefined) break;
  }
  console.error(`${name}: ${caughtBy === undefined ? "missed" : `caught by seed ${caughtBy}`}`);
  if (caughtBy === undefined) missed.push(name);
}
console.log(JSON.stringify({ bugs: bugs.length, missed }));

async function complains(planted: Room, seed: number): Promise<readonly string[]> {
  try {
    return await randomRuns(planted, seed);
  } catch (error) {
    return [String(error)];
  }
}
