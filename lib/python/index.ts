export { contractsFile, contractsFileName, wireSchema } from "./contracts-file.ts";
export { missingPackages } from "./missing-packages.ts";
export { type PythonCode, pythonCode } from "./python-code.ts";
export { schemaProblem } from "./schema-subset.ts";
