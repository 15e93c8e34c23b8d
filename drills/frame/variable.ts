/** What a drill's function was deployed with: the one place of the drills that reads the environment. */
export function variable(name: string): string | undefined {
  return process.env[name];
}
