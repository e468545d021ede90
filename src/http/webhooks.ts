import type { Context } from "hono";
import { z } from "zod";

import {
  webhookName,
  type RecoveryWish,
  type WebhookCalls,
  type WebhookChannelCalls,
} from "../calls/webhook.ts";
import { RelayError } from "../errors.ts";
import type { Seq } from "../event/ids.ts";
import { parsePosition } from "../event/position.ts";
import { parseTime } from "../lib/time.ts";
import { seqBefore } from "../store/history/events.ts";
import { channelOf, objectOf } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { ChannelParams } from "./schemas.ts";

export const WebhookParams = ChannelParams.extend({ id: z.string().max(40) });

/** The object of one of the channel's webhooks. A stub is for one request. */
export function webhookOf(c: Context<AppEnv>, id: string): WebhookCalls {
  return c.env.WEBHOOK.getByName(webhookName(channelOf(c).number, id));
}

/** A channel's object, by what it does for webhooks. */
export function webhookChannelOf(c: Context<AppEnv>): WebhookChannelCalls {
  return c.env.CHANNEL.getByName(channelOf(c).id);
}

/** The value of a call that answers null where there is no such webhook. */
export function found<T>(value: T | null): T {
  if (value !== null) return value;
  throw new RelayError("webhook_not_found", "This channel has no such webhook.");
}

interface Stretch {
  readonly after?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly only: RecoveryWish["only"];
}

/** What is to be recovered, as places of the channel's log. */
export async function recoveryWish(
  c: Context<AppEnv>,
  { after, since, until, only }: Stretch,
): Promise<RecoveryWish> {
  if ((after === undefined) === (since === undefined)) {
    throw invalid("/after", "either after or since must say where to begin");
  }
  const begin = await placeOf(c, after ?? since ?? "", after === undefined ? "/since" : "/after");
  const end = until === undefined ? null : await placeOf(c, until, "/until");
  if (end !== null && end < begin) throw invalid("/until", "ends before it begins");
  return { after: begin, upTo: end, only };
}

/** The place that a position names, or that of the last event recorded before a time. */
async function placeOf(c: Context<AppEnv>, text: string, pointer: string): Promise<Seq> {
  const channel = channelOf(c);
  const position = parsePosition(text);
  if (position !== null) {
    if (position.epoch === channel.epoch) return position.seq;
    throw new RelayError("position_unknown", "The position is not of this channel's log.", {
      problems: [{ pointer, detail: "is not of this channel's log" }],
    });
  }
  if (pointer === "/after") throw invalid(pointer, "is no position; a time goes into since");
  const time = parseTime(text);
  if (time === null) throw invalid(pointer, "is neither a position nor an RFC 3339 time");
  const recent = await objectOf(c, channel.id).seqBefore(time);
  return recent ?? seqBefore(c.env.DB.withSession("first-primary"), channel.number, time);
}

function invalid(pointer: string, detail: string): RelayError {
  return new RelayError("invalid_input", `${pointer}: ${detail}`, {
    problems: [{ pointer, detail }],
  });
}
