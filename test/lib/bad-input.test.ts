import { describe, expect, it } from "@jest/globals";
import { Duration, Lazy } from "aws-cdk-lib/core";
import { Consumer, type ConsumerProps, type Expect } from "../../lib/index.ts";
import { consume } from "../../src/consume/index.ts";
import { SettingsError } from "../../src/errors.ts";
import { type Limit, type LimitOptions, limit } from "../../src/limits/index.ts";
import { aBus, aStack, entry, orderPlaced } from "../helpers/stacks.ts";

function make(props: Partial<ConsumerProps>): Consumer {
  const stack = aStack();
  return new Consumer(stack, "Points", { bus: aBus(stack), on: [orderPlaced], entry, ...props });
}

const fifty = limit("partner", { rate: "50/s" });
const sixty = limit("partner", { rate: "60/s" });

/** Numbers and texts where a `Duration` is meant, negative ones too: the CDK's own check is in its `Duration`. */
function wrongDurations(): Readonly<Record<string, { readonly make: () => unknown; readonly says: RegExp }>> {
  const given = (path: string, value: unknown) => {
    const whole = path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    const { expect: load, ...others } = whole as { expect?: { burst?: object } };
    const burst = load?.burst && { burst: { arrivals: "500/s", ...load.burst } };
    const full = load && { expect: { arrivals: "100/s", handlerMs: 40, ...load, ...burst } };
    return { ...others, ...full } as unknown as Partial<ConsumerProps>;
  };
  const paths = {
    "retry.survive": [3_600, -3_600, "6h"],
    "retry.firstDelay": [5],
    "retry.maxDelay": [-900],
    "breaker.window": [30],
    "breaker.probeEvery": ["10s"],
    "expect.burst.lasts": [10],
    "expect.outage": [-3_600],
    batchWindow: [1],
    timeout: [30],
    visibilityTimeout: [180],
    retention: [null],
    deadLetterRetention: ["14d"],
    keep: [60],
  };
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, values]) =>
      values.map((value) => [
        `${path} of ${JSON.stringify(value)}`,
        {
          make: () => make(given(path, value)),
          says: new RegExp(
            `Consumer shop/Points: ${path.replaceAll(".", "\\.")} is ${JSON.stringify(value)}; a Duration of aws-cdk-lib, as in Duration\\.\\w+\\(\\d+\\), is allowed`,
          ),
        },
      ]),
    ),
  );
}

const circle: { self?: unknown } = {};
circle.self = circle;

/** What people get wrong about rates, retries and loads: where it is refused, and by which words. */
const mistakes: Readonly<Record<string, { readonly make: () => unknown; readonly says: RegExp }>> = {
  "a rate of 50/fortnight, where the limit is declared": {
    make: () => limit("partner", { rate: "50/fortnight" }),
    says: /limit "partner": rate "50\/fortnight" is not allowed: .*one of s, min, h, as in "50\/s"/,
  },
  "a negative survive, by the CDK's own Duration": {
    make: () => make({ retry: { survive: Duration.hours(-6) } }),
    says: /negative.*-6/,
  },
  "one limit with two rates at a consumer's construct": {
    make: () => make({ limits: [fifty, sixty], concurrency: 2 }),
    says: /Consumer shop\/Points\n {2}\[limit-twice\] limit partner: rate 50\/s .*rate 60\/s/,
  },
  "one limit with two rates where a function starts": {
    make: () => consume(orderPlaced, async () => {}, { limits: [fifty, sixty] }),
    says: /limit "partner" is declared twice, once as partner: rate 50\/s .*, once as partner: rate 60\/s/,
  },
  "to survive longer than any queue keeps a message": {
    make: () => make({ retry: { survive: Duration.days(15) } }),
    says: /\[retry-goal\] retry\.survive is 1296000000 ms; 0 to 14 days are allowed/,
  },
  "to survive longer than this queue keeps a message": {
    make: () => make({ retry: { survive: Duration.days(1) }, retention: Duration.days(1) }),
    says: /\[queue-retention\] retention is 1 d; retries that survive 24 h can last [\d.]+ d/,
  },
  "concurrency × batch above the horizon": {
    make: () => make({ limits: [fifty], concurrency: 26 }),
    says: /\[limit-horizon\] limit partner: rate 50\/s .* holds 250 starts .* up to 260 are asked for at once/,
  },
  "a mapping for a rate that has no room for one": {
    make: () => make({ limits: [limit("slow", { rate: "10/h" })], drain: "mapping" }),
    says: /\[limit-horizon\] limit slow: rate 10\/h .* holds 0 starts.*\n.*\n.*drain: "schedule"/,
  },
  "a rate by key that no horizon holds": {
    make: () => limit("tenant", { rate: "5/min", key: ({ source }) => source }),
    says: /a start for each key every 12102 ms, and reserves 5000 ms ahead: none would ever be found/,
  },
  "a load without arrivals": {
    make: () => make({ expect: { handlerMs: 40 } as unknown as Expect }),
    says: /\[load\] expect: undefined is no rate of arrivals: give a number above 0, a slash/,
  },
  "a load whose arrivals are a number": {
    make: () => make({ expect: { arrivals: 100, handlerMs: 40 } as unknown as Expect }),
    says: /\[load\] expect: 100 is no rate of arrivals: give a number above 0, a slash/,
  },
  "a burst of no length": {
    make: () => {
      const burst = { arrivals: "500/s" } as unknown as NonNullable<Expect["burst"]>;
      return make({ expect: { arrivals: "100/s", handlerMs: 40, burst } });
    },
    says: /\[load\] expect: burst says nothing of how long it lasts: give burst\.lasts/,
  },
  ...wrongDurations(),
  "a timeout with a part of a second": {
    make: () => make({ timeout: Duration.millis(1_500) }),
    says: /Consumer shop\/Points: timeout is Duration\.millis\(1500\); a Duration of whole seconds, as in Duration\.seconds\(30\), is allowed/,
  },
  "a batch window with a part of a second": {
    make: () => make({ batchWindow: Duration.seconds(0.5) }),
    says: /batchWindow is Duration\.seconds\(0\.5\); a Duration of whole seconds/,
  },
  "a retention with a part of a second": {
    make: () => make({ retention: Duration.days(4.000001) }),
    says: /retention is Duration\.days\(4\.000001\); a Duration of whole seconds/,
  },
  "a delay with a part of a millisecond": {
    make: () => make({ retry: { firstDelay: Duration.seconds(1.0001) } }),
    says: /retry\.firstDelay is Duration\.seconds\(1\.0001\); a Duration of whole milliseconds/,
  },
  "a retry that is a Duration": {
    make: () => make({ retry: Duration.hours(20) as ConsumerProps["retry"] } as ConsumerProps),
    says: /Consumer shop\/Points: retry is Duration\.hours\(20\); an object, as in \{ survive: … \}, is allowed/,
  },
  "a retry that is an array": {
    make: () => make({ retry: [] } as unknown as ConsumerProps),
    says: /Consumer shop\/Points: retry is \[\]; an object, as in/,
  },
  "a timeout that leads back to itself": {
    make: () => make({ timeout: circle as unknown as Duration }),
    says: /timeout is an object that JSON cannot tell; a Duration of aws-cdk-lib/,
  },
  "a timeout that is a BigInt": {
    make: () => make({ timeout: 30n as unknown as Duration }),
    says: /timeout is 30n; a Duration of aws-cdk-lib/,
  },
  "a word that leads back to itself": {
    make: () => make({ drain: circle as unknown as "mapping" }),
    says: /drain is an object that JSON cannot tell; one of "mapping"/,
  },
  "limits that lead back to themselves": {
    make: () => make({ limits: circle as unknown as readonly Limit[] }),
    says: /limits is an object that JSON cannot tell, and must be an array/,
  },
  "a concurrency that is no number": {
    make: () => make({ concurrency: Number.NaN }),
    says: /^(?![\s\S]*at most NaN)[\s\S]*concurrency is NaN; a whole number of at least 1 is allowed/,
  },
  "a concurrency that is a text": {
    make: () => make({ concurrency: "20" as unknown as number }),
    says: /concurrency is "20"; a whole number of at least 1 is allowed/,
  },
  "a retry that is a number": {
    make: () => make({ retry: 3_600 } as unknown as ConsumerProps),
    says: /Consumer shop\/Points: retry is 3600; an object, as in \{ survive: … \}, is allowed/,
  },
  "a burst that is a number": {
    make: () => make({ expect: { arrivals: "1/s", handlerMs: 40, burst: 500 } } as unknown as ConsumerProps),
    says: /expect\.burst is 500; an object, as in \{ lasts: … \}, is allowed/,
  },
  "a time that is only known at deployment": {
    make: () => make({ retry: { survive: Duration.hours(Lazy.number({ produce: () => 6 })) } }),
    says: /retry\.survive is "a token"; one that is known at synth, as in Duration\.hours\(6\), is allowed/,
  },
  "limits that are none": {
    make: () => make({ limits: ["partner"] as unknown as readonly Limit[] }),
    says: /limits is \["partner"\], and must be an array of what limit\(…\) has made/,
  },
  "a limit instead of an array of limits": {
    make: () => make({ limits: fifty as unknown as readonly Limit[] }),
    says: /limits is \{.*and must be an array of what limit\(…\) has made/,
  },
  "a limit with nothing said": {
    make: () => limit("partner", undefined as unknown as LimitOptions),
    says: /limit "partner" has neither rate nor quota/,
  },
  "a word that nobody knows, for a poison": {
    make: () => make({ onPoison: "drop" as "park" }),
    says: /Consumer shop\/Points: onPoison is "drop"; one of "skip", "park" is allowed/,
  },
  "a word that nobody knows, for who drains": {
    make: () => make({ drain: "never" as "mapping" }),
    says: /drain is "never"; one of "mapping", "schedule" is allowed/,
  },
  "a mode that nobody knows": {
    make: () => make({ mode: "twice" as "once" }),
    says: /\[mode\] mode is "twice"; "once", "transaction", "record", "none" are allowed/,
  },
  "a key that is no function": {
    make: () => limit("partner", { rate: "50/s", key: "tenant" } as unknown as LimitOptions),
    says: /limit "partner": key "tenant" is not allowed: give a function of the event/,
  },
  "more arrivals than a limit lets through, with the arithmetic": {
    make: () => make({ limits: [fifty], concurrency: 25, expect: { arrivals: "50/s", handlerMs: 40 } }),
    says: /\[load-limit\] 50 events a second come; limit partner: .* lets 48\.7 a second through/,
  },
};

describe("bad input", () => {
  it.each(Object.entries(mistakes))("is refused: %s", (_, { make, says }) => {
    expect(make).toThrow(says);
  });

  it("is refused with a code, except where the CDK's own Duration was faster", () => {
    const own = Object.entries(mistakes).filter(
      ([name]) => name !== "a negative survive, by the CDK's own Duration",
    );

    for (const [, { make }] of own) expect(make).toThrow(SettingsError);
  });
});
