export type { Bundling } from "./bundle.ts";
export { Consumer } from "./consumer.ts";
export type { ConsumerProps, Retry } from "./consumer-props.ts";
export { EventBus, type EventBusProps } from "./event-bus.ts";
export type { BusAddress, IEventBus } from "./event-bus-address.ts";
export type { FieldRules, NumberRule, PresenceRule, TextRule, Where } from "./filter-policy.ts";
export { type Acknowledgement, type ConsumerFacts, type Guard, guards } from "./guards/index.ts";
export type { HandlerLanguage } from "./handler-language.ts";
export { Ledger, type LedgerProps } from "./ledger.ts";
