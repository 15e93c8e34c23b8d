import { startEmulator } from "../../local/emulator/index.ts";

// A process to be killed: it runs an emulator, and says where.
const emulator = await startEmulator();
console.log(
  JSON.stringify({ endpoint: emulator.endpoint, account: emulator.account, isOurs: emulator.isOurs }),
);
process.stdin.resume();
