import { systemClock } from "../../src/clock.ts";
import { consume } from "../../src/consume/index.ts";
import { paymentCaptured } from "./contracts.ts";
import { givePoints } from "./give-points.ts";
import { pointsBook } from "./points-book.ts";

export const handler = consume(paymentCaptured, givePoints(pointsBook(), systemClock));
