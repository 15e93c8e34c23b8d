import { type Clock, systemClock } from "../../src/clock.ts";
import type { Stage } from "../ports.ts";
import type { Backlog } from "./backlog.ts";
import { type DrillConsumer, perConsumer } from "./drill-consumer.ts";
import type { LogTally } from "./tally.ts";
import { whole } from "./whole.ts";

const redrawMs = 250;
const plainLineMs = 5_000;
const rateWindowMs = 3_000;

/** What the display shows; it only ever looks. */
export interface ProgressSources<Name extends string = string> {
  readonly consumers: readonly DrillConsumer<Name>[];
  /** Orders to be published. */
  readonly orders: number;
  readonly published: { readonly orders: number };
  readonly backlog: Backlog<Name>;
  readonly tally: LogTally<Name>;
  readonly kills: () => number | undefined;
}

/**
 * Shows how the run goes until the returned function is called: redrawn in place on a screen, a plain line per
 * consumer every five seconds elsewhere.
 */
export function showProgress<Name extends string>(
  stage: Pick<Stage, "draw" | "say" | "screen">,
  sources: ProgressSources<Name>,
  clock: Clock = systemClock,
): () => void {
  const rates = createRates(sources, clock);
  const screen = stage.screen;
  let drawn = 0;
  let cancel = () => {};

  const draw = (columns: number) => {
    const lines = progressLines(sources, rates()).map((line) => line.slice(0, columns - 1));
    const up = drawn > 0 ? `\u001b[${drawn}A` : "";
    stage.draw(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join("")}`);
    drawn = lines.length;
  };
  const show = () => (screen ? draw(screen.columns) : stage.say(progressLines(sources, rates()).join("\n")));
  const tick = () => {
    cancel = clock.after(screen ? redrawMs : plainLineMs, () => {
      show();
      tick();
    });
  };
  tick();
  return () => {
    cancel();
    if (screen) draw(screen.columns);
  };
}

/** The display's lines: the publisher, then each consumer. */
export function progressLines<Name extends string>(
  sources: ProgressSources<Name>,
  rates: Rates<Name>,
): string[] {
  const { consumers, orders, published, backlog, tally } = sources;
  const kills = sources.kills();
  const slowest = Math.min(...consumers.map(({ name }) => rates.of[name]));
  const open = Math.max(...consumers.map(({ name }) => orders - tally.of[name].handled));
  const eta = slowest > 0 && open > 0 ? `  ETA ${Math.ceil(open / slowest)} s` : "";
  const chaos = kills === undefined ? "" : `  killed ${whole(kills)}`;
  const head = `published ${whole(published.orders)} of ${whole(orders)} orders  ${whole(rates.published)}/s${chaos}${eta}`;
  return [
    head,
    ...consumers.map(({ name }) => {
      const { handled, duplicates, retries, dead } = tally.of[name];
      return [
        `  ${name.padEnd(9)}`,
        `handled ${whole(handled).padStart(6)}`,
        `${whole(rates.of[name]).padStart(5)}/s`,
        `lag ${whole(backlog.lag(name)).padStart(6)}`,
        `duplicates ${whole(duplicates).padStart(5)}`,
        `retries ${whole(retries).padStart(4)}`,
        `dead ${whole(dead).padStart(3)}`,
      ].join("  ");
    }),
  ];
}

/** Per second, over the last few seconds. */
export interface Rates<Name extends string = string> {
  readonly published: number;
  readonly of: Readonly<Record<Name, number>>;
}

function createRates<Name extends string>(
  { consumers, published, tally }: ProgressSources<Name>,
  clock: Clock,
): () => Rates<Name> {
  const take = () => ({
    atMs: clock.nowMs(),
    published: published.orders,
    of: perConsumer(consumers, ({ name }) => tally.of[name].handled),
  });
  let samples = [take()];
  return () => {
    const now = take();
    // One sample older than the window stays, so that the rate spans all of it.
    const inside = samples.findIndex(({ atMs }) => now.atMs - atMs <= rateWindowMs);
    samples = [...samples.slice(Math.max(0, inside === -1 ? samples.length - 1 : inside - 1)), now];
    const first = samples[0] ?? now;
    const seconds = Math.max(0.001, (now.atMs - first.atMs) / 1_000);
    return {
      published: (now.published - first.published) / seconds,
      of: perConsumer(consumers, ({ name }) => (now.of[name] - first.of[name]) / seconds),
    };
  };
}
