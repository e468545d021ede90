import { z } from "zod";

import type { Json } from "../lib/json.ts";
import { formatTime } from "../lib/time.ts";
import type { CatalogueType, DataOf } from "./catalogue.ts";
import { formatSource, type ChannelId, type Epoch, type ProviderId, type Seq } from "./ids.ts";
import { formatPosition, formatSequence } from "./position.ts";
import { makeSubject } from "./subject.ts";

/** The fields that every draft may carry beside its type and data. */
interface DraftEnvelope {
  /** The platform on which it happened. */
  readonly platform: string;
  /** The connection it came by: a key of the connection map. */
  readonly connectionId?: string;
  /** When it happened by the provider's clock, in milliseconds since 1970. */
  readonly time?: number;
  readonly subject?: string;
  /** The provider's own name for this occurrence: the same key again is the same occurrence. */
  readonly key?: string;
  /** The provider's exact words. */
  readonly raw?: Json;
  readonly test?: true;
}

/** A draft of a program's own type. */
export interface CustomDraft extends DraftEnvelope {
  readonly type: `custom.${string}`;
  readonly data: Record<string, unknown>;
}

/** A draft of one type of the catalogue. */
export type DraftOf<T extends CatalogueType> = DraftEnvelope & {
  readonly type: T;
  readonly data: DataOf<T>;
};

/** An event in our words, not yet numbered. Nothing past a codec sees a provider's shape. */
export type EventDraft = { [T in CatalogueType]: DraftOf<T> }[CatalogueType] | CustomDraft;

/** An event as everyone sees it: a CloudEvents 1.0 object. */
export interface StreamEvent {
  readonly specversion: "1.0";
  /** `<epoch>-<seq>`: also its position. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** When it happened, by the provider's clock; absent where it has none. */
  readonly time?: string;
  /** When the relay wrote it down. Never falls within a channel. */
  readonly recordedtime: string;
  readonly sequence: string;
  readonly provider: ProviderId;
  readonly platform: string;
  readonly connectionid?: string;
  /** The other connections that told of it; only on what is read back. */
  readonly seenVia?: readonly string[];
  readonly test?: true;
  readonly data: Record<string, unknown>;
}

/** The envelope as a schema, for reading back and for JSON Schema; `data` is the type's own. */
export const Envelope = z.object({
  specversion: z.literal("1.0"),
  id: z.string().meta({ description: "Its place in the channel's log: keep it to resume." }),
  source: z.string().meta({ description: "The channel, as `/channels/<id>`." }),
  type: z.string(),
  subject: z.string().optional().meta({ description: "Whom or what it is about." }),
  time: z.iso.datetime().optional().meta({
    description: "When it happened, by the provider's clock; absent where it has none.",
  }),
  recordedtime: z.iso.datetime().meta({
    description: "When the relay wrote it down. It never falls within a channel.",
  }),
  sequence: z.string().meta({ description: "The number in its id, to be ordered as a text." }),
  provider: z.string().meta({ description: "The protocol that it came by, `api` or `relay`." }),
  platform: z.string().meta({ description: "The platform on which it happened." }),
  connectionid: z.string().optional().meta({ description: "The connection that it came by." }),
  seenVia: z.array(z.string()).optional().meta({
    description: "The other connections that told of it later; on what is read from the log.",
  }),
  test: z.literal(true).optional().meta({ description: "It did not happen: it is there to try." }),
  data: z.record(z.string(), z.unknown()),
});

/**
 * The facts of an event that only the log knows: its place, its channel, and when it was written.
 */
export interface Place {
  readonly channel: ChannelId;
  readonly epoch: Epoch;
  readonly seq: Seq;
  readonly recordedAt: number;
  readonly provider: ProviderId;
}

/** The event that a draft becomes at its place in the log. */
export function toEvent(draft: EventDraft, place: Place): StreamEvent {
  const subject = draft.subject ?? makeSubject(draft);
  return {
    specversion: "1.0",
    id: formatPosition(place.epoch, place.seq),
    source: formatSource(place.channel),
    type: draft.type,
    ...(subject !== undefined && { subject }),
    ...(draft.time !== undefined && { time: formatTime(draft.time) }),
    recordedtime: formatTime(place.recordedAt),
    sequence: formatSequence(place.seq),
    provider: place.provider,
    platform: draft.platform,
    ...(draft.connectionId !== undefined && { connectionid: draft.connectionId }),
    ...(draft.test === true && { test: true }),
    data: draft.data,
  };
}
