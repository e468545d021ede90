import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import type { ProviderEffect } from "../../session.ts";
import type { Account } from "../../twitch-account.ts";
import type { Hearing } from "../codec/envelope.ts";
import { WANTED } from "./wanted.ts";

/** A link to a channel, as its session needs it. */
export interface EventSubLink {
  /** The row's id: a link has one connection, on whichever socket. */
  readonly providerId: string;
  /** The address set by hand, or null for Twitch's own. */
  readonly url: string | null;
  /** The login of the broadcaster. */
  readonly channel: string;
  readonly account: Account;
  readonly handOver: HandOver | null;
  /** Whose the login was when this link last found it; null where it never has. */
  readonly knownId: string | null;
}

/** A type that is wanted, as far as it has got. */
const Place = z.object({
  name: z.string(),
  /** `left`: another type tells of the same. `asked`: its answer has not come. */
  status: z.enum(["left", "pending", "asked", "subscribed", "refused"]),
  /** Twitch's name for the subscription. */
  id: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  /** How often it was asked for in vain. */
  tries: z.int(),
  /** It may be there already, by an answer that somebody else gets. */
  mayBeThere: z.boolean(),
});
export type Place = z.infer<typeof Place>;

const Cost = z.object({ total: z.number(), max: z.number() });
const Holder = z.object({
  userId: z.string(),
  login: z.string(),
  scopes: z.array(z.string()).readonly(),
});

/** State that a session leaves to the one that takes over from it. */
export const HandOver = z.object({
  /** The address that Twitch gave, to be dialled as it is. */
  address: z.string(),
  /** So many sockets in a row were told to go soon after they were opened. */
  hops: z.int(),
  holder: Holder.nullable(),
  broadcasterId: z.string().nullable(),
  places: z.array(Place),
  cost: Cost.nullable(),
  isSettled: z.boolean(),
  live: z.boolean().nullable(),
});
export type HandOver = z.infer<typeof HandOver>;

/** Null where there is none, or none that can be read: then the session begins from nothing. */
export function readHandOver(text: string | null): HandOver | null {
  const decoded = decodeJson(HandOver, text ?? "");
  return decoded.ok && URL.canParse(decoded.value.address) ? decoded.value : null;
}

/** One socket, as far as its conversation has got. */
export interface EventSubState extends Omit<HandOver, "address"> {
  readonly openedAt: number;
  /** Null before the welcome. */
  readonly sessionId: string | null;
  /** How long it may be silent. */
  readonly silenceMs: number;
  readonly account: Account;
  /** New credentials are on their way. */
  readonly isRenewing: boolean;
  /** How often they came. */
  readonly renewals: number;
  /** When the last ones came; null for never. */
  readonly renewedAt: number | null;
  /** The trouble with the account, while what was subscribed goes on; null for none. */
  readonly trouble: string | null;
  /** Why a subscription was taken back last. */
  readonly revoked: string | null;
  /** Nothing is asked for until a timer has fired. */
  readonly isPaused: boolean;
  /** Pauses in a row. */
  readonly pauses: number;
  /** Another socket takes over: it asks for what is left. */
  readonly isLeaving: boolean;
}

export interface Reaction {
  readonly state: EventSubState;
  readonly effects: readonly ProviderEffect[];
}

/** Twitch says how long it may be silent; before that, what we asked for. */
export const SILENCE_FACTOR = 1.5;

export function begin(
  { account, handOver }: EventSubLink,
  keepaliveSeconds: number,
): EventSubState {
  const places = WANTED.map(({ name, insteadOf }): Place => ({
    name,
    status: insteadOf === undefined ? "pending" : "left",
    id: null,
    reason: null,
    detail: null,
    tries: 0,
    mayBeThere: false,
  }));
  const known = handOver ?? {
    hops: 0,
    holder: null,
    broadcasterId: null,
    places,
    cost: null,
    isSettled: false,
    live: null,
  };
  return {
    hops: known.hops,
    holder: known.holder,
    broadcasterId: known.broadcasterId,
    places: known.places.map(leaveOpen),
    cost: known.cost,
    isSettled: known.isSettled,
    live: known.live,
    openedAt: 0,
    sessionId: null,
    silenceMs: keepaliveSeconds * 1000 * SILENCE_FACTOR,
    account,
    isRenewing: false,
    renewals: 0,
    renewedAt: null,
    trouble: null,
    revoked: null,
    isPaused: false,
    pauses: 0,
    isLeaving: false,
  };
}

/** Of what was asked for by another socket the answer is not heard here. */
function leaveOpen(place: Place): Place {
  return place.status === "asked" ? { ...place, status: "pending", mayBeThere: true } : place;
}

export function isSome({ places }: EventSubState, status: Place["status"]): boolean {
  return places.some((each) => each.status === status);
}

/** How it is with a type, by what has become of asking for it. */
export function findHearing({ places }: EventSubState, type: string): Hearing {
  const place = places.find(({ name }) => name === type);
  if (place?.status === "subscribed") return "heard";
  // Of what is not wanted nothing is heard either, nor of what was refused and is asked for again.
  return place?.reason === null ? "unknown" : "refused";
}

/** Changes one place. */
export function setPlace(
  state: EventSubState,
  name: string,
  change: Partial<Place>,
): EventSubState {
  const places = state.places.map((each) => (each.name === name ? { ...each, ...change } : each));
  return { ...state, places };
}

/** Performs one reaction after the other. */
export function join(first: Reaction, next: (state: EventSubState) => Reaction): Reaction {
  const then = next(first.state);
  return { state: then.state, effects: [...first.effects, ...then.effects] };
}

export function react(state: EventSubState, ...effects: ProviderEffect[]): Reaction {
  return { state, effects };
}
