import type { WebhookChannelCalls } from "../../calls/webhook.ts";
import type { Endpoint } from "../../delivery/endpoint.ts";
import { agreeOnKeys, withdrawKeys } from "../../store/history/webhook-keys.ts";
import type { Errand } from "../../store/object/errands.ts";
import { emptyQueue } from "../../store/queue/schema.ts";
import type { Errands } from "../errands.ts";
import type { WebhookKeys } from "./keys.ts";

/** The errands of a webhook's object: to its channel (by its id), and to the database. */
export type WebhookErrand = "channel-detach" | "keys-agree" | "keys-withdraw";

/** The port through which errands reach the object. */
export interface WebhookErrandsHost {
  readonly db: D1Database;
  /** The webhook's id. */
  readonly webhook: string;
  /** Null where there is no endpoint any more. */
  keys(): WebhookKeys | null;
  channel(id: string): Pick<WebhookChannelCalls, "detachWebhook">;
}

export async function performWebhookErrand(
  { kind, name, number }: Errand<WebhookErrand>,
  host: WebhookErrandsHost,
): Promise<void> {
  const { db, webhook } = host;
  switch (kind) {
    case "channel-detach":
      return host.channel(name).detachWebhook(webhook);
    case "keys-agree":
      return agreeOnKeys(db, { channel: number, webhook }, host.keys()?.all ?? []);
    case "keys-withdraw":
      return withdrawKeys(db, number, webhook);
  }
}

/** An errand about an endpoint. */
export function makeWebhookErrand(
  kind: WebhookErrand,
  { channel, channelNumber, epoch }: Endpoint,
): Errand<WebhookErrand> {
  return { kind, name: channel, number: channelNumber, epoch };
}

/** Takes everything of a webhook out of its object, and writes down who is still to be told. */
export function endWebhook(
  storage: DurableObjectStorage,
  errands: Errands<WebhookErrand>,
  endpoint: Endpoint,
): void {
  storage.transactionSync(() => {
    emptyQueue(storage.sql);
    errands.drop("keys-agree");
    errands.put([
      makeWebhookErrand("channel-detach", endpoint),
      makeWebhookErrand("keys-withdraw", endpoint),
    ]);
  });
}
