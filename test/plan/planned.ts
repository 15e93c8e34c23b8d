import { limit } from "../../src/limits/index.ts";
import {
  type ConsumerWish,
  chooseConsumer,
  type Load,
  type LoadPlan,
  type PlannedConsumer,
  planLoad,
} from "../../src/plan/index.ts";

/** A load of 100 events a second, 40 ms each. */
export function aLoad(change: Partial<Load> = {}): Load {
  return { arrivalsPerSecond: 100, handlerMs: 40, ...change };
}

/** A consumer of ten at once, or what a test needs of it. */
export function aConsumer(wish: ConsumerWish = {}, load: Load = aLoad()): PlannedConsumer {
  return chooseConsumer(load, { concurrency: 10, ...wish }).consumer;
}

export function aPlan(load: Partial<Load> = {}, wish: ConsumerWish = {}): LoadPlan {
  return planLoad(aLoad(load), aConsumer(wish, aLoad(load)));
}

export function rate(text: string, name = "partner") {
  return limit(name, { rate: text });
}

export function quota(text: string, name = "daily") {
  return limit(name, { quota: text });
}
