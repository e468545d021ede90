import type { Endpoint } from "../../delivery/endpoint.ts";
import { formatTime } from "../../lib/time.ts";
import {
  addDelivery,
  findDelivery,
  type Delivery,
  type Kind,
} from "../../store/queue/deliveries.ts";

/**
 * Puts an event that is in no log into an endpoint's queue: what a new one is greeted with, which is
 * tried as long as any event is, or a test, which is tried once.
 */
export function addTest(
  sql: SqlStorage,
  { id, channel, batch }: Endpoint,
  kind: Exclude<Kind, "event">,
  uuid: string,
  now: number,
): Delivery {
  const event = {
    specversion: "1.0",
    id: `${kind}-${uuid}`,
    source: `/channels/${channel}`,
    type: `webhook.${kind}`,
    subject: `webhook/${id}`,
    time: formatTime(now),
    recordedtime: formatTime(now),
    provider: "relay",
    platform: "tributary",
    test: true,
    data: { webhookId: id },
  };
  const number = addDelivery(sql, {
    lane: "urgent",
    kind,
    messageId: event.id,
    seqs: [],
    // In the shape of everything else that the endpoint gets.
    isBatch: batch !== null,
    body: JSON.stringify(event),
    isOnce: kind === "test",
    dueAt: now,
    createdAt: now,
    recovery: null,
  });
  const added = findDelivery(sql, number);
  if (added === null) throw new Error("the delivery was not kept");
  return added;
}
