/** How the body of a release message begins: it is no event, and no event begins like this. */
const beginning = '{"omnibus":"release",';

/**
 * The message that has a consumer handle the head of a parked group's line. It travels in the group itself: SQS then
 * lets no other batch of the group run beside it. What it starts is the marker's to say, so one too many does nothing.
 * Its JSON Schema is `schema/release-message.schema.json`.
 */
export function releaseMessage(
  group: string,
  { id, place }: { readonly id: string; readonly place: number },
  unique = "",
): { readonly body: string; readonly groupId: string; readonly deduplicationId: string } {
  return {
    body: `${beginning}"v":1,"release":${JSON.stringify(id)}}`,
    groupId: group,
    // The next one differs, and one that is sent twice counts once.
    deduplicationId: `release-${id}-${place}${unique}`,
  };
}

/** The release that a message asks for; `undefined` for every other message. */
export function releaseOf(body: string): string | undefined {
  if (!body.startsWith(beginning)) return undefined;
  try {
    const { release } = JSON.parse(body) as { release?: unknown };
    return typeof release === "string" ? release : undefined;
  } catch {
    return undefined;
  }
}
