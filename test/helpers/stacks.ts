import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import { App, Stack } from "aws-cdk-lib/core";
import * as z from "zod";
import { Consumer, type ConsumerProps, EventBus, type EventBusProps } from "../../lib/index.ts";
import { cacheFolder } from "../../local/tools/index.ts";
import { type Contract, defineEvent } from "../../src/contract/index.ts";
import { keptBundlesContext } from "../../src/names.ts";

/** A handler that does nothing, for constructs that need one. */
export const entry = new URL("../lib/fixture-handler.ts", import.meta.url);

const assemblies = mkdtempSync(join(tmpdir(), "omnibus-assemblies-"));
afterAll(() => rmSync(assemblies, { recursive: true, force: true }));

/** A folder for one app's assembly, gone when the suite is. */
export function anAssemblyFolder(): string {
  return mkdtempSync(join(assemblies, "app-"));
}

/**
 * What an app in a test need not do: keep a stack trace for each resource, which is a quarter of the time that its
 * constructs take, and bundle anew what another has bundled.
 */
export const quickContext = {
  "aws:cdk:disable-creation-stack-traces": true,
  [keptBundlesContext]: cacheFolder("bundles"),
};

/** A quick app, which leaves CloudFormation's schemas to the test that is about them: they take seconds. */
export function anApp(): App {
  return new App({
    builtinCloudFormationValidation: false,
    outdir: anAssemblyFolder(),
    context: quickContext,
  });
}

export function aStack(id = "shop", app: App = anApp()): Stack {
  return new Stack(app, id);
}

export const orderPlaced = defineEvent("order.placed", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), country: z.string(), cents: z.int() }),
  filterable: ["country", "cents"],
});

export const orderPaid = defineEvent("order.paid", {
  version: 2,
  topic: "orders",
  schema: z.object({ orderId: z.string(), country: z.string() }),
  filterable: ["country"],
});

export const stockLocked = defineEvent("stock.locked", {
  version: 1,
  topic: "stock",
  schema: z.object({ orderId: z.string() }),
});

export const balanceMoved = defineEvent("balance.moved", {
  version: 1,
  topic: "balances.fifo",
  schema: z.object({ account: z.string() }),
});

export const contracts: readonly Contract[] = [orderPlaced, orderPaid, stockLocked, balanceMoved];

export function aBus(stack: Stack, props: Partial<EventBusProps> = {}): EventBus {
  return new EventBus(stack, "Bus", {
    name: "shop",
    contracts,
    governor: false,
    archive: false,
    ...props,
  });
}

/** A consumer of placed orders in a stack of its own, beside its bus's stack. */
export function aConsumer<C extends Contract = typeof orderPlaced>(
  props: Partial<ConsumerProps<C>> = {},
  id = "Points",
): { consumer: Consumer<C>; stack: Stack; busStack: Stack } {
  const app = anApp();
  const busStack = aStack("bus", app);
  const bus = aBus(busStack);
  const stack = aStack("points", app);
  const on = [orderPlaced] as unknown as readonly C[];
  return { consumer: new Consumer<C>(stack, id, { bus, on, entry, ...props }), stack, busStack };
}

export function templateOf(stack: Stack): Template {
  return Template.fromStack(stack);
}
