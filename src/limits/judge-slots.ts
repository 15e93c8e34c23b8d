import type { SlotRequest } from "./ports.ts";

/** What stands in the items of a request, in its order; `undefined` where there is none. */
export interface LimitItems {
  readonly arrivals: readonly (number | undefined)[];
  readonly used: readonly (number | undefined)[];
}

export type SlotJudgement =
  | { readonly status: "open"; readonly startMicros: number }
  | { readonly status: "full"; readonly fits: number; readonly roomAtMicros: number };

/** The distance between the slots of a request: the widest of its rates. */
export function spacingOf(request: SlotRequest): number {
  return Math.max(0, ...request.rates.map((rate) => rate.spacingMicros));
}

/** Where a rate's item stands after `slots` slots from `startMicros`: its own distance behind the last one. */
export function arrivalAfter(
  request: SlotRequest,
  rate: { readonly spacingMicros: number },
  startMicros: number,
  slots = request.slots,
): number {
  return startMicros + (slots - 1) * spacingOf(request) + rate.spacingMicros;
}

/** Whether the slots of a request fit, and from when. The only place that decides it: every store asks here. */
export function judgeSlots(request: SlotRequest, items: LimitItems): SlotJudgement {
  const spacing = spacingOf(request);
  const startMicros = Math.max(request.earliestMicros, ...items.arrivals.map((arrival) => arrival ?? 0));
  const left = Math.min(
    Number.POSITIVE_INFINITY,
    ...request.quotas.map((quota, index) => quota.count - (items.used[index] ?? 0)),
  );
  // Every rate ends at most one of the widest spacings behind the last slot.
  const roomMicros = request.latestMicros - startMicros;
  const inHorizon = spacing === 0 ? Number.POSITIVE_INFINITY : Math.floor(roomMicros / spacing);
  const fits = Math.max(0, Math.min(left, inHorizon));
  if (fits >= request.slots) return { status: "open", startMicros };
  const horizonMicros = request.latestMicros - request.earliestMicros;
  const spent = request.quotas.filter((quota, index) => (items.used[index] ?? 0) >= quota.count);
  return {
    status: "full",
    fits,
    roomAtMicros: Math.max(
      request.earliestMicros,
      inHorizon >= 1 ? 0 : startMicros + spacing - horizonMicros,
      ...spent.map((quota) => quota.endsMicros),
    ),
  };
}
