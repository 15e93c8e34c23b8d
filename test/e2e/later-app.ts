import { app, bus } from "../../bin/app.ts";
import { BooksStack } from "./books-stack.ts";
import { PromisesStack } from "./promises-stack.ts";
import { SmsStack } from "./sms-stack.ts";

// The same app on a later day: one more consumer, an outbox with what becomes of its orders, and a reconciliation, each in a
// stack of its own.
new SmsStack(app, "shop-sms", bus);
new PromisesStack(app, "shop-promises", bus);
new BooksStack(app, "shop-books", bus);
