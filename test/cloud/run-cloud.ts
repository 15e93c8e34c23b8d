import { startLocalCloud } from "../../local/cloud/index.ts";

// A process to be killed: it runs a cloud, lets a function run, and says so.
const [, , assembly = "", environments] = process.argv;
const cloud = await startLocalCloud({
  assembly,
  port: 0,
  environments: environments === "process" ? "process" : "thread",
});
void cloud.functions.invoke("slow", "{}");
const look = setInterval(() => {
  if (cloud.functions.stats("slow").running === 0) return;
  clearInterval(look);
  console.log("busy");
}, 20);
