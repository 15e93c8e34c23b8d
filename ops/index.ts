export { deadLetterReason } from "./dead-letter-reason.ts";
export { peekQueue } from "./peek-queue.ts";
export { aborted, untilAborted } from "./until-aborted.ts";
