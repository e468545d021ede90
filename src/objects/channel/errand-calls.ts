import { reachHub, reachWebhook } from "../../asking.ts";
import { nameWebhook, readName } from "../../calls/object-names.ts";
import type { Location } from "../../event/location.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import type { Errand } from "../../store/object/errands.ts";
import type { ChannelErrand } from "./end.ts";
import { tellForgotten } from "./forgetting.ts";
import { leaveHook } from "./hook-routes.ts";

/** The object that an errand is of: whether there is a channel in it or not. */
interface Household {
  readonly env: Env;
  readonly sql: SqlStorage;
  /** The channel's id, and where its objects are. */
  readonly channel: string;
  readonly at: Location;
  /** The facts that decide who may read the channel that is there now. */
  readonly ground: HeldGround | undefined;
}

/** Tells another object or store what an errand is about. Rejects where it is to be told again. */
export async function performErrand(
  { env, sql, channel, at, ground }: Household,
  errand: Errand<ChannelErrand>,
): Promise<void> {
  const { kind, name, number, epoch } = errand;
  switch (kind) {
    case "webhook-destroy":
      await reachWebhook(env, nameWebhook(at, number, name)).destroy();
      return;
    case "webhook-forget":
      return tellForgotten(sql, env, nameWebhook(at, number, name));
    case "hook-leave":
      return leaveHook(env, errand);
    case "hub-gone":
      return reachHub(env, readName(name)).gone(channel, epoch);
    case "hub-changed":
      // Whoever has begun since tells of itself.
      if (ground?.number !== number) return;
      return reachHub(env, readName(name)).changed(channel, ground);
  }
}
