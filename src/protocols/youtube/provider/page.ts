import type { EventDraft } from "../../../event/event.ts";
import { isRecord } from "../../../lib/json.ts";
import { formatTime } from "../../../lib/time.ts";
import { observeEvents, rejectFrame } from "../../effects.ts";
import type { ProviderEffect } from "../../session.ts";
import { PLATFORM } from "../codec/fields.ts";
import { draftOffline, isChatEnd, toDraft } from "../codec/to-draft.ts";
import type { ChatPage } from "../wire/frames.ts";
import type { YouTubeLink, YouTubeState } from "./state.ts";

// What a link was late by is no past: clocks differ, and so do the ways here.
const SLACK_MS = 30_000;

// One page may hold hundreds of items, and a group of events is to fit a row of the journal.
const EVENTS_AT_ONCE = 50;

/** The effects of a page of a chat. */
export interface Told {
  readonly effects: readonly ProviderEffect[];
  /** The broadcast is over. */
  readonly isEnd: boolean;
}

/** Reads a page of a chat as events. */
export function readPage(
  { identifier }: YouTubeLink,
  state: YouTubeState,
  page: ChatPage,
  { videoId, at }: { readonly videoId: string; readonly at: number },
): Told {
  const context = { connectionId: identifier, videoId };
  const { activePollItem: poll, offlineAt } = page;
  const raws = [...page.items, ...(poll == null ? [] : [poll])];
  const drafts = raws.map((raw) => toDraft(context, raw));
  const known = drafts
    .filter((draft) => draft !== null)
    .filter((draft) => !state.isPastNext || isNews(state, draft));
  const gap = state.missingSince === null ? [] : [draftGap(identifier, state.missingSince, at)];
  const isOffline = offlineAt != null && offlineAt !== "";
  const end = isOffline ? [draftOffline(context, offlineAt)] : [];
  return {
    effects: [
      ...drafts.filter((draft) => draft === null).map(() => rejectFrame("no item of a chat")),
      ...observeInParts([...gap, ...known, ...end]),
    ],
    isEnd: isOffline || page.items.some((raw) => isRecord(raw) && isChatEnd(raw)),
  };
}

/** Observes drafts, so many at a time. */
export function observeInParts(drafts: readonly EventDraft[]): ProviderEffect[] {
  const effects: ProviderEffect[] = [];
  for (let from = 0; from < drafts.length; from += EVENTS_AT_ONCE) {
    effects.push(observeEvents(drafts.slice(from, from + EVENTS_AT_ONCE)));
  }
  return effects;
}

/**
 * Is it to be told of, among what a chat holds of the past? A chat that was heard before: what came
 * since then. Of any other: what was said, but no payment, gift or membership from before the link,
 * for which somebody would be thanked who was thanked then.
 */
function isNews({ heardAt, startedAt }: YouTubeState, { type, time }: EventDraft): boolean {
  if (time === undefined) return true;
  if (heardAt !== null) return time > heardAt - SLACK_MS;
  const isThanked = /^channel\.(?:tip|cheer|subscription)/.test(type);
  return !isThanked || time > startedAt - SLACK_MS;
}

/** Something may be missing: the chat could not be read on from where it was. */
function draftGap(identifier: string, from: number, to: number): EventDraft {
  return {
    type: "connection.gap",
    platform: PLATFORM,
    connectionId: identifier,
    data: {
      identifier,
      from: formatTime(from),
      to: formatTime(Math.max(from, to)),
      cause: "page_token_invalid",
    },
  };
}
