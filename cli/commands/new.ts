import type { CommandGroup } from "../command.ts";
import { newApp } from "./new-app.ts";
import { newConsumer } from "./new-consumer.ts";

/** `bus new …`: a working, tested starting point, never over an existing file. */
export const newGroup: CommandGroup = {
  name: "new",
  summary: "write a working, tested starting point: an app, a consumer",
  commands: [newApp, newConsumer],
};
