/** What the archive's function reads of an SQS record. */
export interface ArchiveRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: {
    /** Milliseconds since the epoch. */
    readonly SentTimestamp?: string | undefined;
    readonly MessageGroupId?: string | undefined;
  };
  readonly messageAttributes?: Readonly<
    Record<
      string,
      {
        readonly dataType: string;
        readonly stringValue?: string | undefined;
        readonly binaryValue?: string | undefined;
      }
    >
  >;
}

/** A message attribute as SQS's SendMessage takes it in JSON: binary values in base64. */
export interface SendAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** A message as it was published. */
export interface ArchivedMessage {
  /** Without the bus; `undefined` where the message does not say. */
  readonly topic: string | undefined;
  readonly publishedMs: number;
  /** SNS's; where the message does not say, the queue's. */
  readonly messageId: string;
  readonly group: string | undefined;
  /** As it was published, byte for byte. */
  readonly body: string;
  readonly attributes: Readonly<Record<string, SendAttribute>>;
}

/** A notification, as SNS sends it without raw delivery. (sns-message-and-json-formats) */
interface Notification {
  readonly TopicArn: string;
  readonly MessageId: string;
  readonly Message: string;
  readonly Timestamp?: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

/**
 * The message in a record of the archive's queue. Its subscriptions have no raw delivery, since only a notification tells topic,
 * id and time; a raw message is understood too, with what the queue knows of it.
 */
export function archivedMessage(record: ArchiveRecord, bus: string): ArchivedMessage {
  const { attributes, messageAttributes = {} } = record;
  const sentMs = Number(attributes.SentTimestamp) || 0;
  const group = attributes.MessageGroupId;
  const notification = readNotification(record.body);
  if (!notification) {
    return {
      topic: undefined,
      publishedMs: sentMs,
      messageId: record.messageId,
      group,
      body: record.body,
      attributes: mapValues(messageAttributes, ({ dataType, stringValue, binaryValue }) =>
        sendAttribute(dataType, stringValue, binaryValue),
      ),
    };
  }
  return {
    topic: topicOf(notification.TopicArn, bus),
    publishedMs: Date.parse(notification.Timestamp ?? "") || sentMs,
    messageId: notification.MessageId,
    group,
    body: notification.Message,
    attributes: mapValues(notification.MessageAttributes ?? {}, ({ Type, Value }) =>
      Type.startsWith("Binary")
        ? sendAttribute(Type, undefined, Value)
        : sendAttribute(Type, Value, undefined),
    ),
  };
}

function readNotification(body: string): Notification | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { Type, TopicArn, Message, MessageId } = value as Record<string, unknown>;
  const texts = [TopicArn, Message, MessageId].every((field) => typeof field === "string");
  return Type === "Notification" && texts ? (value as Notification) : undefined;
}

/** `arn:aws:sns:eu-central-1:123456789012:shop-orders` → `orders`. */
function topicOf(arn: string, bus: string): string {
  const name = arn.slice(arn.lastIndexOf(":") + 1);
  return name.startsWith(`${bus}-`) ? name.slice(bus.length + 1) : name;
}

function sendAttribute(
  DataType: string,
  StringValue: string | undefined,
  BinaryValue: string | undefined,
): SendAttribute {
  return {
    DataType,
    ...(StringValue === undefined ? {} : { StringValue }),
    ...(BinaryValue === undefined ? {} : { BinaryValue }),
  };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
