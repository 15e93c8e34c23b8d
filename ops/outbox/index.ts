export { lookAtOutbox, type Standing } from "./look-at-outbox.ts";
export { dropStanding, type Mended, releaseStanding } from "./mend-outbox.ts";
export { type FoundOutbox, type OpenOutboxes, openOutboxes } from "./open-outboxes.ts";
