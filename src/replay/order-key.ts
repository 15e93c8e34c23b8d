import { orderedGroup } from "../archive/index.ts";
import { fieldsOf, type PickedLine } from "./picked-line.ts";

/** What an event is in order with: its group where it had one, else its partition key; with nothing, where it has neither. */
export function orderKey(line: PickedLine): string {
  const fields = fieldsOf(line);
  const [group, partitionkey, source, id] = ["group", "partitionkey", "source", "id"].map(fields);
  return orderedGroup({ group, partitionkey, source: source ?? "", id: id ?? "" });
}
