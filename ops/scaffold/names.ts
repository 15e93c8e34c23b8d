import { defineEvent } from "../../src/contract/index.ts";
import { functionName } from "../../src/names.ts";

/** `order.created` → `orderCreated`: what the contract is called in code. */
export function bindingOf(type: string): string {
  const [first = "", ...others] = words(type);
  return first + others.map(capital).join("");
}

/** `order.created` → `order-created`, `LockStock` → `lock-stock`: what a file is called. */
export function fileNameOf(name: string): string {
  return words(name).join("-");
}

/** `order.created` → `order_created`: the same in Python. */
export function pythonNameOf(name: string): string {
  return words(name).join("_");
}

/** `order.created` → `orders`, or `orders.fifo`: the topic of a new contract when none is given. */
export function topicOf(type: string, fifo: boolean): string {
  const [noun = ""] = type.split(".");
  return `${noun.endsWith("s") ? noun : `${noun}s`}${fifo ? ".fifo" : ""}`;
}

/** `order.created` → `orderId`: the one field of a new contract, for its author to go on from. */
export function idFieldOf(type: string): string {
  return `${bindingOf(type.split(".")[0] ?? "")}Id`;
}

/** Throws `SettingsError` (`consumer-name`) for a name that `new Consumer(…)` would refuse, too. */
export function checkConsumerName(name: string): void {
  functionName("bus", name);
}

/** Throws `ContractError` for a type or topic that `defineEvent(…)` would refuse, too. */
export function checkContract(type: string, topic: string): void {
  defineEvent(type, { version: 1, topic, schema: anything });
}

const anything = {
  "~standard": { version: 1, vendor: "omnibus", validate: (value: unknown) => ({ value }) },
} as const;

/** `HTTPCall`, `lock-stock`, `order.created` → lower-case words. */
function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
