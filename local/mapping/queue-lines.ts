/** What a line needs to know of a message. */
export interface Lined {
  readonly sequence: number;
  readonly groupId: string | undefined;
}

/** The visible messages of a queue, in the order in which they may be received. */
export interface Line<Message extends Lined> {
  add(message: Message): void;
  /** Takes out up to `max`, for one receive. */
  take(max: number): Message[];
  /** What was taken is deleted, or about to be added again. */
  release(message: Message): void;
  /** Takes out a message that was not received. */
  remove(message: Message): void;
}

/** A standard queue: first come, first served; what comes back goes to the end. */
export function standardLine<Message extends Lined>(): Line<Message> {
  const line = new Set<Message>();
  return {
    add: (message) => line.add(message),
    take(max) {
      const taken: Message[] = [];
      for (const message of line) {
        if (taken.length >= max) break;
        taken.push(message);
      }
      for (const message of taken) line.delete(message);
      return taken;
    },
    release: () => {},
    remove: (message) => line.delete(message),
  };
}

interface Group<Message> {
  /** By sequence. */
  readonly messages: Message[];
  inFlight: number;
}

/**
 * An ordered queue: by group and sequence. One receive takes as many of a group as it can; then the group is closed until
 * all of them are deleted or have come back.
 */
export function orderedLine<Message extends Lined>(): Line<Message> {
  const groups = new Map<string, Group<Message>>();
  /** Groups with messages and none in flight, in the order in which they became so. */
  const open = new Set<string>();

  const groupOf = ({ groupId = "" }: Message): [string, Group<Message>] => {
    const group = groups.get(groupId) ?? { messages: [], inFlight: 0 };
    groups.set(groupId, group);
    return [groupId, group];
  };

  const settle = (id: string, group: Group<Message>) => {
    if (group.inFlight > 0) return;
    if (group.messages.length > 0) open.add(id);
    else {
      open.delete(id);
      groups.delete(id);
    }
  };

  return {
    add(message) {
      const [id, group] = groupOf(message);
      let at = group.messages.length;
      while (at > 0 && (group.messages[at - 1]?.sequence ?? 0) > message.sequence) at--;
      group.messages.splice(at, 0, message);
      settle(id, group);
    },
    take(max) {
      const taken: Message[] = [];
      for (const id of open) {
        if (taken.length >= max) break;
        const group = groups.get(id);
        if (!group) continue;
        const some = group.messages.splice(0, max - taken.length);
        group.inFlight += some.length;
        open.delete(id);
        taken.push(...some);
      }
      return taken;
    },
    release(message) {
      const [id, group] = groupOf(message);
      group.inFlight--;
      settle(id, group);
    },
    remove(message) {
      const [id, group] = groupOf(message);
      const at = group.messages.indexOf(message);
      if (at >= 0) group.messages.splice(at, 1);
      settle(id, group);
    },
  };
}
