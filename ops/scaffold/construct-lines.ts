/** What a `Consumer` construct says of itself, as source: values are code. */
export type ConstructProps = Readonly<Record<string, string | undefined>>;

const lineWidth = 110;

/** `new Consumer(this, "LockStock", { bus, … });`, on one line where it fits. */
export function constructLines(name: string, props: ConstructProps, indent = ""): string {
  const entries = Object.entries(props).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [key === value ? key : `${key}: ${value}`];
  });
  const line = `${indent}new Consumer(this, ${JSON.stringify(name)}, { ${entries.join(", ")} });`;
  if (line.length <= lineWidth) return line;
  return [
    `${indent}new Consumer(this, ${JSON.stringify(name)}, {`,
    ...entries.map((entry) => `${indent}  ${entry},`),
    `${indent}});`,
  ].join("\n");
}
