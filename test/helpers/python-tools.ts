import { cacheFolder, pythonVenv } from "../../local/tools/index.ts";

/** AWS's own command line, its Python SDK, and what runs Lambda functions in Python. */
export interface PythonTools {
  readonly aws: string;
  readonly python: string;
}

const requirements = ["awscli==1.45.11", "boto3==1.43.11", "awslambdaric==4.2.2"];

/** One virtual environment for all tests. The first call needs a minute and the network. */
export async function pythonTools(): Promise<PythonTools> {
  const { python, script } = await pythonVenv({ folder: cacheFolder("venv"), requirements });
  // The script's first line may be too long for the kernel; the interpreter takes it either way.
  return { aws: script("aws"), python };
}
