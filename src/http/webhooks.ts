import type { Context } from "hono";
import { z } from "zod";

import { reachWebhook } from "../asking.ts";
import { nameWebhook } from "../calls/object-names.ts";
import type { RecoveryInput } from "../calls/recovery.ts";
import type { WebhookCalls, WebhookChannelCalls } from "../calls/webhook.ts";
import { DOOR_MS } from "../deadline.ts";
import { RelayError } from "../errors.ts";
import { isForModerators } from "../event/catalogue.ts";
import { parseFilter, type FilterWords } from "../event/filter.ts";
import type { Seq } from "../event/ids.ts";
import { parsePosition } from "../event/position.ts";
import { mayModerate, MODERATING } from "../event/principal.ts";
import { parseTime } from "../lib/time.ts";
import { openHistory } from "../store/history/databases.ts";
import { findPlaceSince, findSeqBefore } from "../store/history/places.ts";
import { findPrincipal, getChannel, getChannelObject } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { ChannelParams } from "./schemas/common.ts";

export const WebhookParams = ChannelParams.extend({ id: z.string().max(40) });

/** The object of one of the channel's webhooks. */
export function getWebhookObject(c: Context<AppEnv>, id: string): WebhookCalls {
  const channel = getChannel(c);
  return reachWebhook(c.env, nameWebhook(channel, channel.number, id), DOOR_MS);
}

/** A channel's object, by what it does for webhooks. */
export function getWebhookChannel(c: Context<AppEnv>): WebhookChannelCalls {
  return getChannelObject(c, getChannel(c));
}

/** The value of a call that answers null where there is no such webhook. */
export function requireFound<T>(value: T | null): T {
  if (value !== null) return value;
  throw new RelayError("webhook_not_found", "This channel has no such webhook.");
}

/** May whoever asks moderate the channel? */
export async function isModerator(c: Context<AppEnv>): Promise<boolean> {
  return mayModerate((await findPrincipal(c)).scopes);
}

/** Refuses a webhook that names what only moderators hear of, to whoever may not moderate. */
export async function checkModerating(c: Context<AppEnv>, types: readonly string[]): Promise<void> {
  const named = types.find(isForModerators);
  if (named === undefined || (await isModerator(c))) return;
  throw new RelayError(
    "forbidden",
    `A webhook that hears ${named} needs one of the scopes ${MODERATING.join(", ")} as well.`,
  );
}

/** The filter of a webhook, or a refusal that points into its body. */
export function checkFilter(words: FilterWords) {
  const parsed = parseFilter(words);
  if (parsed.ok) {
    const { types, providers, platforms } = parsed.filter;
    return { types: [...types], providers: [...providers], platforms: [...platforms] };
  }
  const problems = parsed.problems.map(({ parameter, detail }) => ({
    pointer: `/${parameter}`,
    detail,
  }));
  const [first] = problems;
  throw new RelayError("invalid_input", `${first?.pointer ?? ""}: ${first?.detail ?? ""}`, {
    problems,
  });
}

interface Range {
  readonly after?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly only: RecoveryInput["only"];
}

/** Parses what is to be recovered, as places of the channel's log. */
export async function parseRecoveryInput(
  c: Context<AppEnv>,
  { after, since, until, only }: Range,
): Promise<RecoveryInput> {
  if ((after === undefined) === (since === undefined)) {
    throw makeInvalidInput("/after", "either after or since must say where to begin");
  }
  const begin = await parseRecoveryPosition(
    c,
    after ?? since ?? "",
    after === undefined ? "/since" : "/after",
  );
  const [from, to] = [parseTime(since ?? ""), parseTime(until ?? "")];
  // As times: two of them may be the same place of the log.
  if (from !== null && to !== null && to <= from) {
    throw makeInvalidInput("/until", "must be after since");
  }
  const end = until === undefined ? null : await parseRecoveryPosition(c, until, "/until");
  if (end !== null && end < begin) throw makeInvalidInput("/until", "ends before it begins");
  return { after: begin, upTo: end, only };
}

/** The place that a position names, or that of the last event recorded before a time. */
async function parseRecoveryPosition(
  c: Context<AppEnv>,
  text: string,
  pointer: string,
): Promise<Seq> {
  const channel = getChannel(c);
  const position = parsePosition(text);
  if (position !== null) {
    if (position.epoch === channel.epoch) return position.seq;
    throw new RelayError("position_unknown", "The position is not of this channel's log.", {
      problems: [{ pointer, detail: "is not of this channel's log" }],
    });
  }
  if (pointer === "/after")
    throw makeInvalidInput(pointer, "is no position; a time goes into since");
  const time = parseTime(text);
  if (time === null) throw makeInvalidInput(pointer, "is neither a position nor an RFC 3339 time");
  const recent = await getChannelObject(c, channel).seqBefore(time);
  const inHistory = pointer === "/since" ? findPlaceSince : findSeqBefore;
  if (recent !== null) return recent;
  const db = openHistory(c.env, channel).withSession("first-primary");
  return inHistory(db, channel.number, time);
}

function makeInvalidInput(pointer: string, detail: string): RelayError {
  return new RelayError("invalid_input", `${pointer}: ${detail}`, {
    problems: [{ pointer, detail }],
  });
}
