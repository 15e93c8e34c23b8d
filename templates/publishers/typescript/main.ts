/** `node main.ts TOPIC_ARN < orders.jsonl`, where a line is an order: {"orderId": "o-1", "cents": 1250} */
import { text } from "node:stream/consumers";
import { SNSClient } from "@aws-sdk/client-sns";
import { type Order, publish } from "./order-publisher.ts";

const lines = (await text(process.stdin)).split("\n").filter((line) => line !== "");
const orders = lines.map((line): Order => JSON.parse(line));
await publish(new SNSClient({}), process.argv[2] ?? "", orders);
console.log(`published ${orders.length}`);
