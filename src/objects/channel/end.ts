import { listHubs } from "../../store/journal/hubs.ts";
import { emptyJournal } from "../../store/journal/schema.ts";
import { listWebhooks } from "../../store/journal/webhooks.ts";
import type { Errand } from "../../store/object/errands.ts";
import type { Errands } from "../errands.ts";
import { makeLeaveErrands } from "./hook-routes.ts";
import type { Incarnation } from "./meta.ts";

/** The errands of a channel's object. */
export type ChannelErrand =
  | "webhook-destroy"
  | "webhook-forget"
  | "hub-gone"
  | "hub-changed"
  | "hook-leave";

/** Hubs that hold sockets of a channel have to hear something of it. */
export function makeHubErrands(
  sql: SqlStorage,
  kind: "hub-gone" | "hub-changed",
  { number, epoch }: Incarnation,
): Errand<ChannelErrand>[] {
  return listHubs(sql).map(({ hub }) => ({ kind, name: hub, number, epoch }));
}

/**
 * Takes everything of a channel out of its object, all at once, and writes down in the same moment
 * who is still to be told. There is no half-way: what comes after it begins with nothing.
 */
export function endChannel(
  storage: DurableObjectStorage,
  errands: Errands<ChannelErrand>,
  was: Incarnation,
): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    const webhooks = listWebhooks(sql).map(({ id }) => ({
      kind: "webhook-destroy" as const,
      name: id,
      ...was,
    }));
    const hubs = makeHubErrands(sql, "hub-gone", was);
    const hooks = makeLeaveErrands(sql, was);
    errands.drop("hub-changed");
    errands.drop("webhook-forget");
    emptyJournal(sql);
    errands.put([...webhooks, ...hubs, ...hooks]);
  });
}
