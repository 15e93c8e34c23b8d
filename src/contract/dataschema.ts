const scheme = "urn:omnibus:";
const versionPattern = /^[1-9][0-9]{0,8}$/;

/** What an event says about the shape of its data: `urn:omnibus:order.created:1`. */
export function dataschemaOf(type: string, version: number): string {
  return `${scheme}${type}:${version}`;
}

/** The version in a `dataschema`, or `undefined` when it is none of ours. */
export function versionOf(dataschema: string): number | undefined {
  if (!dataschema.startsWith(scheme)) return undefined;
  const digits = dataschema.slice(dataschema.lastIndexOf(":") + 1);
  return versionPattern.test(digits) ? Number(digits) : undefined;
}
