/** A table's name, of what the AWS SDK takes for one: a name or an ARN. */
export function tableNameOf(name: string | undefined): string {
  return name?.slice(name.lastIndexOf("/") + 1) ?? "";
}
