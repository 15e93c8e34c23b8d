import type { FauxqsAttribute } from "../engines/fauxqs-inside.ts";

/** One message, read from a `Publish` or from one entry of a `PublishBatch`. */
export interface PublishEntry {
  /** The entry's id; empty for `Publish`. */
  readonly id: string;
  readonly message: string;
  readonly subject?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly attributes: Readonly<Record<string, FauxqsAttribute>>;
  /** As SNS counts: the body, and name, type and value of each attribute. */
  readonly bytes: number;
}

interface Draft {
  fields: Record<string, string>;
  attributes: Map<string, Record<string, string>>;
}

const batchPrefix = "PublishBatchRequestEntries.member.";
const attributePrefix = "MessageAttributes.entry.";

/** The entries of a `PublishBatch`, in the order of their numbers. One pass over the form. */
export function batchEntries(form: Readonly<Record<string, string>>): readonly PublishEntry[] {
  const drafts = new Map<string, Draft>();
  for (const [key, value] of Object.entries(form)) {
    if (!key.startsWith(batchPrefix)) continue;
    const dot = key.indexOf(".", batchPrefix.length);
    if (dot < 0) continue;
    const number = key.slice(batchPrefix.length, dot);
    let draft = drafts.get(number);
    if (draft === undefined) {
      draft = { fields: {}, attributes: new Map() };
      drafts.set(number, draft);
    }
    put(draft, key.slice(dot + 1), value);
  }
  return [...drafts].sort(([a], [b]) => Number(a) - Number(b)).map(([, draft]) => finish(draft));
}

/** The one message of a `Publish`. */
export function singleEntry(form: Readonly<Record<string, string>>): PublishEntry {
  const draft: Draft = { fields: {}, attributes: new Map() };
  for (const [key, value] of Object.entries(form)) put(draft, key, value);
  return finish(draft);
}

function put(draft: Draft, key: string, value: string): void {
  if (!key.startsWith(attributePrefix)) {
    draft.fields[key] = value;
    return;
  }
  const dot = key.indexOf(".", attributePrefix.length);
  const number = key.slice(attributePrefix.length, dot);
  const attribute = draft.attributes.get(number) ?? {};
  attribute[key.slice(dot + 1)] = value;
  draft.attributes.set(number, attribute);
}

function finish({ fields, attributes }: Draft): PublishEntry {
  const message = fields.Message ?? "";
  let bytes = Buffer.byteLength(message);
  const read: Record<string, FauxqsAttribute> = {};
  for (const attribute of attributes.values()) {
    const { Name: name, "Value.DataType": type } = attribute;
    if (name === undefined || type === undefined) continue;
    const text = attribute["Value.StringValue"];
    const binary = attribute["Value.BinaryValue"];
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(text ?? binary ?? "");
    read[name] = {
      DataType: type,
      ...(text === undefined ? {} : { StringValue: text }),
      ...(binary === undefined ? {} : { BinaryValue: binary }),
    };
  }
  return {
    id: fields.Id ?? "",
    message,
    attributes: read,
    bytes,
    ...(fields.Subject === undefined ? {} : { subject: fields.Subject }),
    ...(fields.MessageGroupId === undefined ? {} : { groupId: fields.MessageGroupId }),
    ...(fields.MessageDeduplicationId === undefined
      ? {}
      : { deduplicationId: fields.MessageDeduplicationId }),
  };
}
