import { z } from "zod";

import { omitUndefined } from "../lib/given.ts";
import { isRecord } from "../lib/json.ts";
import type { EventDraft } from "./event.ts";

/**
 * An order to erase what was said: single messages, all of one person's lines, or everything, of
 * one provider's platform, up to and with the place of the event that gave the order.
 */
export const Erasure = z.object({
  seq: z.int(),
  provider: z.string(),
  platform: z.string(),
  scope: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("messages"), ids: z.array(z.string()) }),
    z.object({ kind: z.literal("user"), userId: z.string() }),
    z.object({ kind: z.literal("all") }),
  ]),
});
export type Erasure = z.infer<typeof Erasure>;

/** The types that can order an erasure: whoever keeps texts has to hear of them. */
export const ERASING_TYPES = [
  "chat.cleared",
  "chat.message.deleted",
  "moderation.ban",
  "moderation.timeout",
] as const satisfies readonly EventDraft["type"][];

/** The part of an event that an erasure looks at. */
interface Erasable {
  readonly seq: number;
  readonly provider: string;
  readonly platform: string;
  readonly data: Record<string, unknown>;
}

/**
 * The erasure that an event orders, if any. A ban or a timeout hides the person's lines, as
 * every chat shows it.
 */
export function findErasedScope(draft: EventDraft): Erasure["scope"] | null {
  switch (draft.type) {
    case "chat.message.deleted": {
      const ids = draft.data.messageIds;
      return ids.length === 0 ? null : { kind: "messages", ids };
    }
    case "chat.cleared":
      if (draft.data.scope === "all") return { kind: "all" };
      return makeUserScope(draft.data.user?.id);
    case "moderation.ban":
    case "moderation.timeout":
      return makeUserScope(draft.data.user.id);
    default:
      return null;
  }
}

/** The erasure that a logged event orders, if any. */
export function readErasure(event: {
  readonly seq: number;
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
  readonly text: string;
}): Erasure | null {
  if (!ERASING_TYPES.some((type) => type === event.type)) return null;
  // It was written down as a draft of this type.
  const scope = findErasedScope(JSON.parse(event.text) as EventDraft);
  const { seq, provider, platform } = event;
  return scope === null ? null : { seq, provider, platform, scope };
}

/** Somebody without an id is nobody: it would reach everyone else who has none. */
function makeUserScope(userId: string | undefined): Erasure["scope"] | null {
  return userId === undefined || userId === "" ? null : { kind: "user", userId };
}

/** Up to which place the orders of one provider's platform reach: everything, messages, people. */
interface Reach {
  all: number;
  readonly messages: Map<string, number>;
  readonly users: Map<string, number>;
}

/**
 * Several orders as one look-up: whether any of them reaches an event is found at once, however
 * many there are and however much each of them names.
 */
export class Erasures {
  readonly #reaches = new Map<string, Reach>();

  constructor(erasures: readonly Erasure[]) {
    for (const erasure of erasures) this.#add(erasure);
  }

  /** Does one of them reach this event? */
  reach(event: Erasable): boolean {
    const found = this.#reaches.get(formatErasureSource(event));
    if (found === undefined) return false;
    const message = event.data["message"];
    if (!isRecord(message) || message["deleted"] === true) return false;
    const { seq } = event;
    if (seq <= found.all || seq <= findPlace(found.messages, message["id"])) return true;
    const user = event.data["user"];
    return isRecord(user) && seq <= findPlace(found.users, user["id"]);
  }

  #add({ seq, provider, platform, scope }: Erasure): void {
    const source = formatErasureSource({ provider, platform });
    const reach = this.#reaches.get(source) ?? { all: 0, messages: new Map(), users: new Map() };
    this.#reaches.set(source, reach);
    if (scope.kind === "all") reach.all = Math.max(reach.all, seq);
    else if (scope.kind === "user") extend(reach.users, scope.userId, seq);
    else for (const id of scope.ids) extend(reach.messages, id, seq);
  }
}

/** Names where something was told of: neither part can hold a space. */
export function formatErasureSource(event: {
  readonly provider: string;
  readonly platform: string;
}): string {
  return `${event.provider} ${event.platform}`;
}

function extend(places: Map<string, number>, id: string, seq: number): void {
  places.set(id, Math.max(places.get(id) ?? 0, seq));
}

function findPlace(places: ReadonlyMap<string, number>, id: unknown): number {
  return typeof id === "string" ? (places.get(id) ?? 0) : 0;
}

/**
 * Texts of which one must stand in whatever the orders reach, as JSON writes them. Null where
 * looking for them would be more work than reading everything: there are none, or many.
 */
export function listErasureWords(erasures: readonly Erasure[]): readonly string[] | null {
  const words = new Set<string>();
  for (const { scope } of erasures) {
    if (scope.kind === "all") return null;
    const ids = scope.kind === "user" ? [scope.userId] : scope.ids;
    if (ids.length > WORDS_MAX) return null;
    for (const id of ids) words.add(JSON.stringify(id));
    if (words.size > WORDS_MAX) return null;
  }
  return [...words];
}

// A text is looked through for this many words in about the time in which it is parsed.
const WORDS_MAX = 8;

/**
 * The tombstone an event leaves: itself, with nothing of what was said. What stays of the message
 * is listed, not what goes: a program may have given it fields of its own.
 */
export function erase<E extends { readonly data: Record<string, unknown> }>(event: E): E {
  const { message } = event.data;
  if (!isRecord(message)) return event;
  const { id, replyTo, action, highlighted, first, to } = message;
  const about = omitUndefined({ id, replyTo, action, highlighted, first, to });
  const tombstone = { ...about, text: "", fragments: [], deleted: true };
  return { ...event, data: { ...event.data, message: tombstone } };
}
