import { app, bus } from "../../bin/app.ts";
import { SmsStack } from "./sms-stack.ts";

// The same app on a later day: one more consumer, in a stack of its own.
new SmsStack(app, "shop-sms", bus);
