import { readdirSync, readFileSync } from "node:fs";

/**
 * The processes in which an emulator on this machine runs a function, by their environment: each has the function's
 * name and the emulator's own endpoint. Read from /proc; where there is none, there are none.
 */
export function workersOf(functionName: string, endpoint: string): readonly number[] {
  const { port } = new URL(endpoint);
  return numbersIn("/proc").filter((pid) => {
    const variables = read(`/proc/${pid}/environ`).split("\0");
    return (
      variables.includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`) &&
      variables.some((each) => each.startsWith("AWS_ENDPOINT_URL=") && each.endsWith(`:${port}`))
    );
  });
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Empty for a process that has ended, or is somebody else's. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
