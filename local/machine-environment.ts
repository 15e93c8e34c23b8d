/** The environment that this process was given: what programs we start inherit. The one place of `local` that reads it. */
export function machineEnvironment(): Readonly<NodeJS.ProcessEnv> {
  return process.env;
}
