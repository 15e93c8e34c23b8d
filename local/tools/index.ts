export { cacheFolder } from "./cache-folder.ts";
export { type DynamoDbLocal, startDynamoDbLocal } from "./dynamodb-local.ts";
export { findPython, requireLambdaPython } from "./find-python.ts";
export { freePort } from "./free-port.ts";
export { type GoBuild, goBuild } from "./go.ts";
export { startGuarded } from "./guarded-process.ts";
export { makeOnce } from "./make-once.ts";
export { type MavenBuild, mavenBuild, mavenDependencies } from "./maven.ts";
export { isRunning, makeOwnedDirectory } from "./owned-directory.ts";
export { type PythonVenv, pythonVenv } from "./python-venv.ts";
export {
  type CommandName,
  findProgram,
  type MissingCommand,
  missingCommands,
  requireCommands,
  type WantedCommand,
} from "./require-commands.ts";
export { runTool } from "./run-tool.ts";
export { ToolsError } from "./tools-error.ts";
