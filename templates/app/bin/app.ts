import { App } from "aws-cdk-lib/core";
import { busName } from "../bus.ts";
import { AppStack } from "../lib/app-stack.ts";

new AppStack(new App(), busName);
