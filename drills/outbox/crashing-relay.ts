import { type RelaySettings, readJobSettings } from "../../src/env.ts";
import { relay } from "../../src/outbox/index.ts";
import { variable } from "../frame/variable.ts";
import { crashingParts } from "./crashing-parts.ts";
import { rowsBetweenVariable } from "./names.ts";

const settings = readJobSettings<RelaySettings>();

/** The relay of the bus, which says where it is. */
export const handler = relay(settings, crashingParts(settings, Number(variable(rowsBetweenVariable))));
