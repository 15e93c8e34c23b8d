import { outboxAlarmName, outboxAlarms, outboxPatienceMs } from "../../src/names.ts";
import type { MappingFacts, OutboxFacts, OutboxStanding, Read, TableFacts } from "./facts.ts";
import { type Finding, fail, ok, redeployBus, unseen, warn } from "./finding.ts";

const check = "outbox";
/** How a table stands in ARNs: the same wherever it is, and whatever a stand-in takes for its region. */
const tableOf = (arn: string) => arn.slice(arn.indexOf(":table/"));

/** The outbox: its table tells the relay of each row, nothing stands in it, and somebody is told if something does. */
export function judgeOutbox(bus: string, outbox: OutboxFacts): readonly Finding[] {
  const { settings, table, mappings, standing, alarms } = outbox;
  if ("denied" in settings) return [unseen(check, `relay of bus ${bus}`, settings.denied)];
  if ("missing" in settings) return judgeWithoutRelay(bus, table, standing);
  const { table: name, graceMs } = settings.found;
  if ("denied" in table) return [unseen(check, `table ${name}`, table.denied)];
  if ("missing" in table) {
    const text = `${name} is gone: whoever writes an event there fails, and with it all of its transaction`;
    return [fail(check, text, "restore it from its backup, or deploy the stack of the outbox")];
  }
  const findings = [
    ...judgeTable(table.found, settings.found),
    ...judgeStream(table.found, mappings),
    ...judgeStanding(name, standing, graceMs),
    ...judgeAlarms(bus, alarms),
  ];
  if (findings.length > 0) return findings;
  return [ok(check, `${name}: its stream leads to the relay, and nothing stands in it`)];
}

/** Its stack went and its table was kept, or the relay was deleted beside its stack. */
function judgeWithoutRelay(
  bus: string,
  table: OutboxFacts["table"],
  standing: Read<OutboxStanding>,
): readonly Finding[] {
  if (!("found" in table)) return [ok(check, `bus ${bus} has no outbox`)];
  const text = `${table.found.name} is there, and no function ${bus}-relay publishes what is written to it`;
  const { dead = 0, parked = 0, gaps = 0, waiting = 0 } = "found" in standing ? standing.found : {};
  const events = dead + parked + gaps + waiting;
  if (events > 0) return [fail(check, `${text}: ${events} events and keys wait there`, redeployBus)];
  return [warn(check, text, `${redeployBus}; or delete the table, if nobody writes to it`)];
}

function judgeTable(
  { name, status, keys }: TableFacts,
  { partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string },
): readonly Finding[] {
  const wanted = [partitionKey, sortKey].join(", ");
  if (keys.join(", ") !== wanted) {
    const text = `${name} has the key (${keys.join(", ")}) instead of (${wanted}): nothing can be written`;
    return [fail(check, text, "give partitionKey and sortKey to the Outbox as the table has them")];
  }
  if (status === "ACTIVE") return [];
  return [warn(check, `${name} is ${status}`, "wait until it is ACTIVE, then look again")];
}

/** Without its stream a row waits for a sweep, a minute or more. */
function judgeStream(
  { name, stream }: TableFacts,
  mappings: Read<readonly MappingFacts[]>,
): readonly Finding[] {
  const late = "rows go out by the sweep alone, late";
  if (stream === undefined) {
    return [fail(check, `${name} has no stream: ${late}`, redeployBus)];
  }
  if (!/^NEW/.test(stream.view)) {
    const text = `${name}'s stream shows ${stream.view}, and no new images: ${late}`;
    return [
      fail(check, text, "give the table a stream of NEW_IMAGE, and deploy the stack of the outbox again"),
    ];
  }
  if ("denied" in mappings) return [unseen(check, `mapping of ${name}'s stream`, mappings.denied)];
  // Of a mapping that is not there, or not on, the relay's own line tells.
  if ("missing" in mappings || mappings.found.length === 0) return [];
  if (mappings.found.some(({ queueArn }) => tableOf(queueArn) === tableOf(stream.arn))) return [];
  const text = `${name} has a new stream, and the relay is called by another one: ${late}`;
  return [fail(check, text, redeployBus)];
}

function judgeStanding(name: string, standing: Read<OutboxStanding>, graceMs: number): readonly Finding[] {
  if ("denied" in standing) return [unseen(check, `what stands in ${name}`, standing.denied)];
  if ("missing" in standing) return [];
  const { dead, parked, gaps, waiting, oldestMs } = standing.found;
  const findings: Finding[] = [];
  const tell = (count: number, what: string, fix: string) => {
    if (count > 0) findings.push(warn(check, `${name}: ${count} ${what}`, fix));
  };
  tell(dead, "events that cannot be sent as they are", "bus outbox list; then release or drop them");
  tell(parked, "keys that wait behind an event that cannot be sent", "bus outbox list; then release or drop");
  tell(
    gaps,
    "keys that wait for a sequence that is missing",
    "bus outbox list; find its writer, or bus outbox release --skip-missing",
  );
  const text = `${name}: ${waiting} rows have waited for a sweep, the oldest for ${Math.round(oldestMs / 60_000)} min`;
  if (oldestMs > graceMs + outboxPatienceMs) {
    findings.push(fail(check, text, "bus outbox list, what is said of the relay, and its log"));
  }
  return findings;
}

function judgeAlarms(bus: string, alarms: OutboxFacts["alarms"]): readonly Finding[] {
  if (alarms === undefined || "missing" in alarms) return [];
  if ("denied" in alarms) return [unseen(check, `alarms of the outbox of bus ${bus}`, alarms.denied)];
  const { found } = alarms;
  const missing = outboxAlarms.filter((alarm) => {
    return !found.some(({ name }) => name === outboxAlarmName(bus, alarm));
  });
  const findings = found
    .filter(({ state }) => state === "ALARM")
    .map(({ name, description }) => warn(check, `${name} rings: ${description}`, "do what it says"));
  if (missing.length === 0) return findings;
  const text = `the outbox of bus ${bus} has no alarm for ${missing.join(", ")}: nobody is told`;
  return [...findings, warn(check, text, "leave alarms of the Outbox at true, and deploy its stack")];
}
