/** One change of an item, as DynamoDB Streams tells it; Lambda adds the stream's ARN. (API_streams_Record) */
export interface StreamRecord {
  /** Nobody else's. */
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: string;
  readonly awsRegion: string;
  readonly dynamodb: {
    /** In seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly NewImage?: Readonly<Record<string, unknown>>;
    readonly OldImage?: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/** A part of a stream within which changes are in order. */
export interface StreamShard {
  readonly shardId: string;
  /** The shard that it goes on from; it may be forgotten already. */
  readonly parentShardId?: string;
}

/** Some records, in order. */
export interface StreamPage {
  readonly records: readonly StreamRecord[];
  /** Where to read on; `undefined` when the shard is closed and read out. */
  readonly next: string | undefined;
}

/**
 * A stream of changes, as an event source mapping sees it. A *position* is a text of the port's own: it can be kept and
 * used by another instance after a restart, and any number of readers may use it.
 */
export interface StreamPort {
  /** All shards that are still known, parents before their children. */
  shards(): Promise<readonly StreamShard[]>;
  /** Before the oldest record that is kept, or behind the newest. */
  position(shardId: string, start: "TRIM_HORIZON" | "LATEST"): Promise<string>;
  /** Behind a record: nothing up to it comes again. */
  positionAfter(record: StreamRecord): string;
  /**
   * The records that follow a position, as many as the stream gives at once; does not wait for any. A position whose
   * records are not kept any more means the oldest that are.
   */
  read(shardId: string, position: string): Promise<StreamPage>;
}

/** Where a mapping keeps how far it has read, by stream and shard; a `Map` does where nothing has to last. */
export interface PositionStore {
  get(key: string): string | undefined;
  /** At once for `get`; it may be written down a little later, and then some records come again after a kill. */
  set(key: string, position: string): void;
}

/** Where the description of discarded records goes. */
export interface DestinationPort {
  /** `arn` is a queue's. Rejects when it was not taken. */
  send(arn: string, body: string): Promise<void>;
}
