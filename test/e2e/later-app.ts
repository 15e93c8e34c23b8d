import { app, bus } from "../../bin/app.ts";
import { BooksStack } from "./books-stack.ts";
import { SmsStack } from "./sms-stack.ts";

// The same app on a later day: one more consumer, and a reconciliation, each in a stack of its own.
new SmsStack(app, "shop-sms", bus);
new BooksStack(app, "shop-books", bus);
