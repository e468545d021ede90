import { z } from "zod";

import { decode, isRecord } from "../lib/json.ts";
import type { EventDraft } from "./event.ts";
import { Platform, type ProviderId, type Seq } from "./ids.ts";
import { isNobody } from "./nobody.ts";
import { parsePosition } from "./position.ts";
import { mayModerate, type Scope } from "./principal.ts";
import type { Person } from "./shapes.ts";

/** Somebody's id on a platform, and what else they are called there. */
const UserScope = z.object({
  userId: z.string(),
  names: z.array(z.string()).default([]),
});

/**
 * An order to erase, up to and with a place of the log: single messages or events, all that one person said,
 * everything that was said on a platform, or a person: what they said, and who they were.
 */
export const Erasure = z.object({
  seq: z.int(),
  platform: z.string(),
  scope: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("messages"),
      ids: z.array(z.string()),
      /** Events, whatever they are, by their own ids. */
      events: z.array(z.string()).optional(),
    }),
    UserScope.extend({ kind: z.literal("user") }),
    UserScope.extend({ kind: z.literal("person") }),
    z.object({ kind: z.literal("all") }),
  ]),
});
export type Erasure = z.infer<typeof Erasure>;

// Whatever a program posts is told by it, and happens on it where it does not say otherwise.
const API = "api" satisfies ProviderId;

/** The types that can order an erasure: whoever keeps texts has to hear of them. */
export const ERASING_TYPES = [
  "chat.cleared",
  "chat.message.deleted",
  "moderation.ban",
  "moderation.timeout",
] as const satisfies readonly EventDraft["type"][];

/** Can an event of this type order an erasure? */
export function isErasingType(type: string): boolean {
  return ERASING_TYPES.some((each) => each === type);
}

/** May whoever has these rights post an event of this type? */
export function mayOrder(type: string, rights: readonly Scope[]): boolean {
  return !isErasingType(type) || mayModerate(rights);
}

/**
 * The scope of the erasure that an event orders, if any. A ban or a timeout hides the person's
 * words, as every chat shows it.
 */
export function findErasedScope(draft: EventDraft): Erasure["scope"] | null {
  switch (draft.type) {
    case "chat.message.deleted": {
      const { messageIds: ids, eventIds: events = [] } = draft.data;
      if (ids.length === 0 && events.length === 0) return null;
      return { kind: "messages", ids, ...(events.length > 0 && { events }) };
    }
    case "chat.cleared":
      if (draft.data.scope === "all") return { kind: "all" };
      return makeUserScope(draft.data.user);
    case "moderation.ban":
    case "moderation.timeout":
      return makeUserScope(draft.data.user);
    default:
      return null;
  }
}

/**
 * The erasure that an event at a place orders, if any. It reaches what was told of that platform by
 * whichever provider, and nothing of another: a provider has no say on what happened elsewhere. A
 * program moderates for the channel as a whole: where it names no platform, the person's key does.
 */
export function findErasure(draft: EventDraft, provider: string, seq: Seq): Erasure | null {
  const scope = findErasedScope(draft);
  if (scope === null) return null;
  const isUnnamed = provider === API && draft.platform === API;
  const named = isUnnamed ? findPlatform(draft.data) : null;
  return { seq, platform: named ?? draft.platform, scope };
}

/** The erasure that a logged event orders, if any. */
export function readErasure(event: {
  readonly seq: Seq;
  readonly type: string;
  readonly provider: string;
  readonly text: string;
}): Erasure | null {
  if (!isErasingType(event.type)) return null;
  // It was written down as a draft of this type.
  return findErasure(JSON.parse(event.text) as EventDraft, event.provider, event.seq);
}

/** The key of somebody: `<platform>:<id>`. */
export interface UserKey {
  readonly platform: string;
  readonly userId: string;
}

// As long as any platform's, and far from what an address has room for.
const KEY_MAX_CHARS = 200;

/** Reads the key of somebody; null for what is none. */
export function parseUserKey(key: string): UserKey | null {
  const colon = key.indexOf(":");
  const platform = decode(Platform, key.slice(0, Math.max(0, colon)));
  const userId = key.slice(colon + 1);
  if (!platform.ok || userId === "" || key.length > KEY_MAX_CHARS) return null;
  return { platform: platform.value, userId };
}

export function formatUserKey({ platform, userId }: UserKey): string {
  return `${platform}:${userId}`;
}

/** The order to forget somebody, up to a place of the log. */
export function makePersonErasure({ platform, userId }: UserKey, seq: Seq): Erasure {
  return { seq, platform, scope: { kind: "person", userId, names: [] } };
}

/** Is it the order to forget this very person? */
export function isOfPerson({ platform, scope }: Erasure, person: UserKey): boolean {
  return scope.kind === "person" && platform === person.platform && scope.userId === person.userId;
}

// Whoever renames themselves without end is found by their id all the same.
const NAMES_MAX = 10;

/** An order to forget somebody, with more names to find them by; null where none is new. */
export function addNames(erasure: Erasure, names: readonly string[]): Erasure | null {
  const { scope } = erasure;
  if (scope.kind !== "person") return null;
  const all = [...new Set([...scope.names, ...names])].slice(0, NAMES_MAX);
  return all.length > scope.names.length ? { ...erasure, scope: { ...scope, names: all } } : null;
}

/** The platform that the key of an order's person names. */
function findPlatform(data: object): string | null {
  const user: unknown = "user" in data ? data.user : null;
  const key = isRecord(user) ? user["key"] : null;
  return typeof key === "string" ? (parseUserKey(key)?.platform ?? null) : null;
}

/**
 * Somebody without id and login is nobody: it would reach everyone else who has none. A name alone
 * is anybody's.
 */
function makeUserScope(user: Person | undefined): Erasure["scope"] | null {
  const told = user !== undefined && isNobody(user) ? { ...user, id: "", key: "" } : user;
  const { id, key, login, name } = told ?? {};
  const userId = (id ?? "") === "" ? (parseUserKey(key ?? "")?.userId ?? "") : (id ?? "");
  if (userId === "" && (login ?? "") === "") return null;
  const names = [...new Set([login, name])].filter(
    (each): each is string => each !== undefined && each !== "" && each !== userId,
  );
  return { kind: "user", userId, names: userId === "" ? [login ?? ""] : names };
}

/**
 * Texts of which one must stand in whatever the orders reach, as JSON writes them. Null where
 * looking for them would be more work than reading everything: there are none, or many.
 */
export function listErasureWords(erasures: readonly Erasure[]): readonly string[] | null {
  const words = new Set<string>();
  for (const { scope } of erasures) {
    if (scope.kind === "all") return null;
    const { kind } = scope;
    const texts =
      kind === "messages"
        ? [...scope.ids, ...(scope.events ?? [])]
        : [scope.userId, ...scope.names.flatMap(spell)];
    if (texts.length > WORDS_MAX) return null;
    for (const text of texts) if (text !== "") words.add(JSON.stringify(text).slice(1, -1));
    if (words.size > WORDS_MAX) return null;
  }
  return [...words];
}

/**
 * The words by one of which an order finds whatever it reaches, as `hashWordsIn` lists them of an
 * event. Null where it reaches everything that was said on its platform, whatever it holds.
 */
export function listSoughtWords({ platform, scope }: Erasure): readonly string[] | null {
  if (scope.kind === "all") return null;
  if (scope.kind === "messages") return scope.ids.map((id) => id.toLowerCase());
  const { userId, names } = scope;
  const ids = userId === "" ? [] : [userId, formatUserKey({ platform, userId })];
  return [...ids, ...names].map((word) => word.toLowerCase());
}

/** Lists the places of the log that an order names. */
export function listErasedPlaces({ scope }: Erasure): readonly Seq[] {
  if (scope.kind !== "messages") return [];
  return (scope.events ?? []).flatMap((id) => parsePosition(id)?.seq ?? []);
}

/** A name as it may be written: as it was told of, and as logins are. */
function spell(name: string): readonly string[] {
  return [name, name.toLowerCase()];
}

// A text is looked through for this many words in about the time in which it is parsed.
const WORDS_MAX = 8;
