import { openFauxqs } from "../../local/cloud/engines/fauxqs.ts";

// A process to be killed: it sends message after message, and says of each when it has been answered.
const [, , dataDir = ""] = process.argv;
const fauxqs = await openFauxqs({ region: "us-east-1", address: "http://127.0.0.1:1", dataDir });
const request = { headers: { host: "127.0.0.1:1" } };
const run = (action: string, body: object) =>
  fauxqs.together(() => fauxqs.sqsActions.get(action)?.(body, request));
const { QueueUrl } = run("CreateQueue", { QueueName: "kept" }) as { QueueUrl: string };
for (let number = 0; ; number++) {
  run("SendMessage", { QueueUrl, MessageBody: String(number) });
  // Written before the next one is sent: a pipe takes it at once.
  process.stdout.write(`${number}\n`);
  if (number % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
}
