import type { WireTarget } from "../../src/env.ts";
import { WireError, wireClient } from "../../src/wire/index.ts";
import type { AlarmFacts, Read } from "./facts.ts";

/** What DescribeAlarms answers, as far as it is looked at. (API_DescribeAlarms) */
interface Alarms {
  readonly MetricAlarms?: readonly {
    readonly AlarmName?: string;
    readonly StateValue?: string;
    readonly AlarmDescription?: string;
  }[];
}

const action = "cloudwatch:DescribeAlarms";

/** Those of these alarms that there are, at most 100 of them; `undefined` where there is no CloudWatch, as on one machine. Never throws. */
export async function readAlarms(
  target: WireTarget,
  names: readonly string[],
): Promise<Read<readonly AlarmFacts[]> | undefined> {
  const call = wireClient({ service: "monitoring", target, maxAttempts: 2, errorOf });
  try {
    const { body } = await call({
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
      },
      body: JSON.stringify({ AlarmNames: names, MaxRecords: 100 }),
    });
    const { MetricAlarms = [] } = JSON.parse(body) as Alarms;
    return {
      found: MetricAlarms.map(({ AlarmName = "", StateValue = "", AlarmDescription = "" }) => ({
        name: AlarmName,
        state: StateValue,
        description: AlarmDescription,
      })),
    };
  } catch (thrown) {
    return /AccessDenied/.test((thrown as Error).name) ? { denied: action } : undefined;
  }
}

function errorOf(body: string, status: number): WireError {
  const isDenied = status === 403 || /AccessDenied/.test(body);
  return new WireError(isDenied ? "AccessDeniedException" : `Status${status}`, body.slice(0, 200), status);
}
