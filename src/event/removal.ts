import { omitUndefined } from "../lib/given.ts";
import { isRecord } from "../lib/json.ts";
import { findErasure } from "./erasure.ts";
import type { DraftOf, StreamEvent } from "./event.ts";
import { Erasures } from "./tombstone.ts";

/**
 * The event by which the relay tells that an event is erased, and has it erased; null where there is
 * nothing left of it to erase. A message is named by its own id as well: what quotes it goes too, and
 * programs that know no other id hear of it.
 */
export function makeRemoval(
  event: StreamEvent,
  raw: unknown,
): DraftOf<"chat.message.deleted"> | null {
  const { id, platform, sequence, connectionid, test } = event;
  const message = event.data["message"];
  const messageId = isRecord(message) ? message["id"] : null;
  const messageIds = typeof messageId === "string" && messageId !== "" ? [messageId] : [];
  const draft: DraftOf<"chat.message.deleted"> = {
    type: "chat.message.deleted",
    platform,
    data: { messageIds, eventIds: [id] },
    // Asked for twice at once, it is told of once.
    key: `erased ${id}`,
    ...omitUndefined({ connectionId: connectionid, test }),
  };
  const seq = Number(sequence);
  const order = findErasure(draft, "relay", seq);
  const isReached = order !== null && new Erasures([order]).reach(seq, event, raw);
  return isReached ? draft : null;
}
