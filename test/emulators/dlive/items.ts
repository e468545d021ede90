import { z } from "zod";

import { chatters, kindWords, smallTalk, streamer } from "../kit/cast.ts";
import { Chance } from "../kit/chance.ts";
import { roles, roomRoles, SenderPatch, senderFields, streamerName } from "./users.ts";

type Fields = Record<string, unknown>;

interface Kind {
  readonly typename: string;
  readonly hasSender: boolean;
  /** The fields that only this type has, filled in. */
  readonly own: (chance: Chance) => Fields;
}

const bannedBy = { id: `streamchatuser:${streamerName}`, displayname: streamer.name };

/** Every type of `streamMessageReceived`; those after `Timeout` go beyond the service's own list. */
const kinds = {
  Message: kind("ChatText", (chance) => ({ content: smallTalk(chance), subLength: 0, emojis: [] })),
  Gift: kind("ChatGift", (chance) => ({
    gift: "LEMON",
    amount: String(chance.integer(1, 5)),
    recentCount: 1,
    expireDuration: 0,
    message: "",
  })),
  Live: silentKind("ChatLive", () => ({})),
  Offline: silentKind("ChatOffline", () => ({})),
  Follow: kind("ChatFollow", () => ({})),
  Subscription: kind("ChatSubscription", (chance) => ({ month: chance.integer(1, 12) })),
  Delete: silentKind("ChatDelete", (chance) => ({ ids: [chance.uuid()] })),
  Host: kind("ChatHost", (chance) => ({ viewer: chance.integer(3, 250) })),
  ChatMode: silentKind("ChatChangeMode", () => ({ mode: "SUB_ONLY" })),
  Ban: kind("ChatBan", () => ({ bannedBy, bannedByRoomRole: "Owner" })),
  Mod: kind("ChatModerator", () => ({ add: true })),
  Emote: kind("ChatEmoteAdd", (chance) => ({ emote: sticker(chance) })),
  Timeout: kind("ChatTimeout", (chance) => ({
    minute: chance.integer(1, 10),
    bannedBy,
    bannedByRoomRole: "Owner",
  })),
  ExtendSub: kind("ChatExtendSub", (chance) => ({ month: 1, length: chance.integer(2, 24) })),
  SubStreak: kind("ChatSubStreak", (chance) => ({ length: chance.integer(2, 24) })),
  Clip: kind("ChatClip", (chance) => ({ url: `https://clips.example/dlive/${chance.hex(8)}` })),
  TCValueAdd: kind("ChatTCValueAdd", () => ({ amount: "1000000", totalAmount: "25000000" })),
  GiftSub: kind("ChatGiftSub", (chance) => ({ count: 1, receiver: chance.pick(chatters).name })),
  GiftSubReceive: kind("ChatGiftSubReceive", (chance) => ({ gifter: chance.pick(chatters).name })),
} satisfies Record<string, Kind>;

export const itemTypes = Object.keys(kinds) as (keyof typeof kinds)[];
export type ItemType = (typeof itemTypes)[number];

/** The fields of an item that an action may set, whichever type it is. */
export const itemShape = {
  type: z.enum(itemTypes),
  /** Whose stream it is on; without it every subscription is told, whichever streamer it names. */
  streamer: z.string().optional(),
  id: z.string().optional(),
  createdAt: z.string().optional(),
  sender: SenderPatch.optional(),
  role: z.enum(roles).optional(),
  roomRole: z.enum(roomRoles).optional(),
  subscribing: z.boolean().optional(),
  content: z.string().optional(),
  subLength: z.int().optional(),
  emojis: z.array(z.int()).optional(),
  gift: z.string().optional(),
  amount: z.string().optional(),
  message: z.string().optional(),
  recentCount: z.int().optional(),
  expireDuration: z.int().optional(),
  month: z.int().optional(),
  ids: z.array(z.string()).optional(),
  viewer: z.int().optional(),
  mode: z.enum(["DEFAULT", "SUB_ONLY", "FOLLOW_ONLY"]).optional(),
  bannedBy: z.strictObject({ id: z.string(), displayname: z.string() }).optional(),
  bannedByRoomRole: z.enum(roomRoles).optional(),
  add: z.boolean().optional(),
  emote: z.string().optional(),
  minute: z.int().optional(),
  length: z.int().optional(),
  url: z.string().optional(),
  totalAmount: z.string().optional(),
  count: z.int().optional(),
  receiver: z.string().optional(),
  gifter: z.string().optional(),
  /** Laid over the finished item, whatever it says: for fields and types that no item should have. */
  override: z.record(z.string(), z.unknown()).optional(),
} as const;

const Spec = z.strictObject(itemShape);
export type ItemSpec = z.infer<typeof Spec>;

const everyField = new Set(["action", "type", "streamer", "id", "createdAt", "override"]);
const senderField = new Set(["sender", "role", "roomRole", "subscribing"]);

/** The fields that were asked for and that this type does not have. */
export function strangeFields({
  type,
  ...asked
}: Partial<ItemSpec> & { type: ItemType }): string[] {
  const own = kinds[type].own(new Chance(0));
  return Object.keys(asked).filter(
    (field) =>
      !everyField.has(field) &&
      !(field in own) &&
      !(kinds[type].hasSender && senderField.has(field)),
  );
}

/** An item with every field that its type has: the service sends them all, whatever was asked for. */
export function makeItem(spec: ItemSpec, chance: Chance, nanoseconds: bigint): Fields {
  const { type, streamer: _streamer, sender, override, ...given } = spec;
  const { typename, hasSender, own } = kinds[type];
  const fields = { ...own(chance), ...definedOf(given) };
  return {
    __typename: typename,
    type,
    id: chance.uuid(),
    ...(hasSender ? senderFields(chance, sender) : {}),
    createdAt: String(nanoseconds),
    ...fields,
    ...(type === "Message" ? { emojis: given.emojis ?? emojiSpans(fields["content"]) } : {}),
    ...override,
  };
}

/** A sticker is a message with nothing but this in it. */
export function sticker(chance: Chance): string {
  return `:emote/channel/${streamerName}/${chance.hex(12)}:`;
}

/** A gift worth writing something with. */
export function diamond(chance: Chance): Pick<ItemSpec, "gift" | "amount" | "message"> {
  return { gift: "DIAMOND", amount: "1", message: kindWords(chance) };
}

/** Where the `:words:` stand, as pairs of first and last character. */
function emojiSpans(content: unknown): number[] {
  const spans = String(content).matchAll(/:[a-z_]+:/g);
  return [...spans].flatMap(({ index, 0: word }) => [index, index + word.length - 1]);
}

function definedOf(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function kind(typename: string, own: Kind["own"]): Kind {
  return { typename, hasSender: true, own };
}

function silentKind(typename: string, own: Kind["own"]): Kind {
  return { typename, hasSender: false, own };
}
