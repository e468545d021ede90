import { z } from "zod";

import { Principal } from "../../../event/principal.ts";
import { sendFrame } from "../../effects.ts";
import type { GatewayEffect } from "../../gateway-session.ts";
import { CAPABILITIES, toFrame, type Told } from "../wire/served.ts";

/** A room that a client has asked for. */
const Room = z.object({
  /** When it was asked for, in milliseconds since 1970; null until its client is in. */
  askedAt: z.number().nullable(),
  /** The id that its lines name; null until its events come. */
  id: z.string().nullable(),
  /** Its name as the client writes it, where that is not the channel's. */
  name: z.string().optional(),
});

/** A text that the client said, for as long as it may come back. */
const Said = z.object({
  request: z.int(),
  at: z.number(),
  /** The room and the words, as a fingerprint. */
  mark: z.string(),
  room: z.string(),
  sendId: z.string().nullable(),
  /** The connections it went to; null as long as that is not known. */
  to: z.array(z.string()).nullable(),
  /** Those that it has come back by. */
  had: z.array(z.string()),
});
export type Said = z.infer<typeof Said>;

/** A message that bits may be told of beside, or bits whose message may be told of. */
const Halved = z.object({ mark: z.string(), at: z.number(), is: z.enum(["words", "bits"]) });
export type Halved = z.infer<typeof Halved>;

/** The memory of a client's socket. Never holds its password. */
export const State = z.object({
  caps: z.array(z.enum(CAPABILITIES)),
  /** It has asked what there is, and has not said that it is done with that. */
  isNegotiating: z.boolean(),
  nick: z.string().nullable(),
  /** The state of what it goes by: not shown, being looked at, refused, or good. */
  proof: z.enum(["none", "asked", "refused", "good"]),
  principal: Principal.nullable(),
  isIn: z.boolean(),
  isOver: z.boolean(),
  rooms: z.record(z.string(), Room),
  said: z.array(Said),
  halved: z.array(Halved),
  requests: z.int(),
  /** When a request would come that keeps the pace exactly. */
  paceAt: z.number(),
});
export type State = z.infer<typeof State>;

export interface Reaction {
  readonly state: State;
  readonly effects: readonly GatewayEffect[];
}

export const NEW: State = {
  caps: [],
  isNegotiating: false,
  nick: null,
  proof: "none",
  principal: null,
  isIn: false,
  isOver: false,
  rooms: {},
  said: [],
  halved: [],
  requests: 0,
  paceAt: 0,
};

/** Tells lines to the client, those that it has asked for. */
export function say({ caps }: State, lines: readonly Told[]): GatewayEffect[] {
  return lines.flatMap((line) => {
    const frame = toFrame(line, caps);
    return frame === null ? [] : [sendFrame(frame)];
  });
}

export function keepState(state: State): Reaction {
  return { state, effects: [] };
}

/** Finds a room. One may be called "constructor", so own keys only. */
export function findRoom({ rooms }: State, channel: string): z.infer<typeof Room> | undefined {
  return Object.hasOwn(rooms, channel) ? rooms[channel] : undefined;
}

/** Names a room as its client does. */
export function nameRoom(state: State, channel: string): string {
  return `#${findRoom(state, channel)?.name ?? channel}`;
}

/** Does the client go by nobody's name? */
export function isNobody({ principal }: State): boolean {
  return principal === null || principal.kind === "anonymous";
}

/** The tags of a client's own state. It has no rights in a room that Twitch would know. */
export function describeOwn({ nick, principal }: State): Record<string, string> {
  return {
    "badge-info": "",
    badges: "",
    color: "",
    "display-name": principal?.name ?? nick ?? "",
    "emote-sets": "0",
    "user-type": "",
  };
}
