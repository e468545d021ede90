import { z } from "zod";

import { Principal } from "../../../event/principal.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { ASKS, takeTurn } from "../../pace.ts";

/** A room that something is subscribed in. */
const Room = z.object({
  /** The credentials that its topics were subscribed with, each cut down to this room. */
  principals: z.array(Principal),
  /** By topic: which of them. */
  topics: z.record(z.string(), z.int()),
});
type Room = z.infer<typeof Room>;

/** By the channel's id. */
export const Rooms = z.record(z.string(), Room);
export type Rooms = z.infer<typeof Rooms>;

/** Finds the subscriptions in a room. A channel may be called "constructor", so own keys only. */
export function findRoom(rooms: Rooms, channel: string): Room | undefined {
  return lookUp(rooms, channel);
}

/** The memory of a client's socket. Never holds a token. */
export const AstroGatewayState = z.object({
  session: z.string(),
  rooms: Rooms,
  /** It has used a word that only the document has. */
  isOld: z.boolean(),
  /** How many commands have come, and how many frames of our own have gone. */
  commands: z.int(),
  frames: z.int(),
  /** When a command would come that keeps the pace exactly, as far as they are ahead of it. */
  paceAt: z.number(),
  /**
   * Topics that were unsubscribed while a subscription was being checked, which must not take
   * effect then.
   */
  drops: z.array(z.object({ topic: z.string(), room: z.string().nullable(), at: z.int() })),
});
export type AstroGatewayState = z.infer<typeof AstroGatewayState>;

/** Takes a command on; null if it is one too many, which uses nothing up. */
export function countFrame(state: AstroGatewayState, at: number): AstroGatewayState | null {
  const paceAt = takeTurn(state.paceAt, at, ASKS);
  return paceAt === null ? null : { ...state, paceAt, commands: state.commands + 1 };
}

// An attachment holds 16 KiB, and the places in the rooms need theirs.
const ROOMS_MAX_CHARS = 11_000;

/** With a topic subscribed; null where there are more than can be remembered. */
export function addSubscription(
  rooms: Rooms,
  { topic, room, principal }: { topic: string; room: string; principal: Principal },
): Rooms | null {
  const { principals, topics } = findRoom(rooms, room) ?? { principals: [], topics: {} };
  const known = principals.findIndex((each) => each.credentialId === principal.credentialId);
  const at = known === -1 ? principals.length : known;
  const after = known === -1 ? [...principals, cutDown(principal, room)] : principals;
  const changed = { principals: after, topics: { ...topics, [topic]: at } };
  const all = { ...rooms, [room]: changed };
  return JSON.stringify(all).length > ROOMS_MAX_CHARS ? null : all;
}

/** Without a topic, in one room or (null) in all. What nothing is subscribed in is not there. */
export function removeSubscription(rooms: Rooms, topic: string, room: string | null): Rooms {
  const entries = Object.entries(rooms).flatMap(([id, each]): [string, Room][] => {
    if ((room !== null && room !== id) || !Object.hasOwn(each.topics, topic)) return [[id, each]];
    const { [topic]: _gone, ...topics } = each.topics;
    return Object.keys(topics).length === 0 ? [] : [[id, prunePrincipals({ ...each, topics })]];
  });
  return Object.fromEntries(entries);
}

/** Without the credentials that no topic goes by: they may run out without harm. */
function prunePrincipals({ principals, topics }: Room): Room {
  const used = principals.filter((_, at) => Object.values(topics).includes(at));
  const moved = Object.entries(topics).map(([topic, at]): [string, number] => {
    const principal = principals[at];
    return [topic, principal === undefined ? 0 : used.indexOf(principal)];
  });
  return { principals: used, topics: Object.fromEntries(moved) };
}

// Subscriptions are looked into for moments only: few are dropped before they are there.
const DROPS_MAX = 32;

export function dropRoom(
  state: AstroGatewayState,
  topic: string,
  room: string | null,
): AstroGatewayState {
  const drops = [...state.drops, { topic, room, at: state.commands }].slice(-DROPS_MAX);
  return { ...state, drops, rooms: removeSubscription(state.rooms, topic, room) };
}

/** Has a topic been unsubscribed since the command that asked for it? */
export function isDropped(
  { drops }: AstroGatewayState,
  asked: { topic: string; room: string; at: number },
): boolean {
  return drops.some(
    ({ topic, room, at }) =>
      at > asked.at && topic === asked.topic && (room === null || room === asked.room),
  );
}

/** Keeps of a principal only what is needed for one room. */
function cutDown(principal: Principal, room: string): Principal {
  const { kind, credentialId, maker, channels, expiresAt } = principal;
  return {
    kind,
    credentialId,
    scopes: ["events:read"],
    channels: channels?.filter(({ id }) => id === room) ?? null,
    ...omitUndefined({ maker, expiresAt }),
  };
}
