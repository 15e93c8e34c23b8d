export { checkShadow } from "./check-shadow.ts";
export { type ChosenBySql, chosenBySql, questionOf } from "./chosen-by-sql.ts";
export { chosenByIds } from "./chosen-events.ts";
export {
  beyondText,
  checkRate,
  checkSelected,
  defaultReplayRate,
  makeReplay,
  replayRates,
} from "./make-replay.ts";
export { type OpenReplays, openReplays } from "./open-replays.ts";
export { ReplayError } from "./replay-error.ts";
export { type ReplayedConsumer, replayedConsumer } from "./replayed-consumer.ts";
export { replayNow, replaysNow } from "./replays-now.ts";
export { selectFor } from "./select-for.ts";
export { checkFleet, startFleet } from "./start-fleet.ts";
export { untilFree } from "./until-free.ts";
export { watchFleet } from "./watch-fleet.ts";
