/** A function's name out of whatever APIs and templates take for it: name, `name:alias`, partial or whole ARN. */
export function functionNameOf(identifier: string): string {
  const parts = identifier.split(":");
  const marker = parts.indexOf("function");
  return (marker >= 0 ? parts[marker + 1] : parts[0]) ?? identifier;
}
