import type { Epoch } from "../../event/ids.ts";
import { encodeBase36 } from "../../lib/base62.ts";
import { report } from "../../report.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { openHistory, type HistoryEnv } from "../../store/history/databases.ts";
import { findNewest } from "../../store/history/places.ts";
import { remakeChannel } from "../../store/history/remaking.ts";
import { readMeta } from "../../store/object/meta.ts";
import { Config, Incarnation } from "./meta.ts";
import type { ChannelRuntime } from "./runtime.ts";

const EPOCH_LENGTH = 10;

/**
 * The channel that an object without a log is to be: itself where it is new, and made anew where
 * history has events of it. Those were numbered by an object that ended, and the database came back
 * from an earlier time: in the same epoch their positions would be used twice.
 */
export async function renewReturning(
  env: HistoryEnv,
  channel: ChannelRecord,
): Promise<ChannelRecord | null> {
  const history = openHistory(env, channel).withSession("first-primary");
  const newest = await findNewest(history, channel.number);
  if (newest === null) return channel;
  const about = { channel: channel.number, newest: newest.seq };
  report("channel made anew", new Error("it has history and no log"), about);
  const epoch: Epoch = encodeBase36(crypto.getRandomValues(new Uint8Array(40)), EPOCH_LENGTH);
  return remakeChannel(env.DB, channel, epoch, Date.now());
}

/** The channel that everything in this object is of; null where it has kept nothing yet. */
export function readIncarnation(sql: SqlStorage): Incarnation | null {
  return readMeta(sql, "incarnation", Incarnation) ?? readMeta(sql, "channel", Config);
}

const DAY_MS = 86_400_000;

/** The time since when a channel keeps its events. */
export function computeKeptSince({ retentionDays }: ChannelRecord): number {
  return Date.now() - retentionDays * DAY_MS;
}

/**
 * The channel at work, if it is still the incarnation that is meant; null if it is another or none.
 */
export function pickIncarnation(
  runtime: ChannelRuntime | null,
  epoch: Epoch,
): ChannelRuntime | null {
  return runtime?.config.epoch === epoch ? runtime : null;
}
