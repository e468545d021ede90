/*
 * Interactive Sync's socket: the server tells of what viewers do, and is told what to show them. Odd
 * on purpose, each line the name of a test in test/protocols/interactive-sync:
 *
 * - the credentials are in the address, whose path is / unless another is set
 * - nothing is sent before the ok
 * - an error is one frame, and then the socket is destroyed: the frame says why
 * - an error is known by how its text begins, with or without its full stop
 * - the reason behind an error's text tells whether it passes
 * - username is null, or Anonymous, for a viewer who has not said who it is
 * - mousedown and mouseup are what the document calls mouse
 * - a mouse event's body may hold anything: the server does not look at it
 * - nothing has an id: two inputs that are alike are two
 * - an answer does not say to what: they come in order, so one is awaited at a time
 * - a time that is too high is one that is too short
 * - an interface with the id of the one before is refused: it goes under another
 * - an empty interface takes away what is shown, and is refused where nothing is
 * - the fifth warning ends the socket: after the fourth nothing more is sent on it
 * - when a socket closes, what is shown is taken away
 * - a transfer that fails is told as a bare reason
 * - an interface whose transfer failed may be the one that is stored
 * - older servers say error where newer ones say warning, and do not count it
 * - numbers and booleans of an interface may come as text
 * - two components without a name have the same name
 * - pings are not seen: a server that has nothing to tell is silent for hours
 * - a frame of a kind we do not know is kept as provider.event
 *
 * And of the same server as we are it, to games and to the pages of their viewers:
 *
 * - a path is part of the first name in the query
 * - a message that is too soon does not move the clock, and one that is refused does
 * - two messages within 100 ms end the connection
 * - the fifth warning is followed by one more message, and then the cut
 * - what is wrong with an interface is told as the real server's validator dumps it
 * - an empty interface is none, and what a closed socket leaves behind is an empty one
 * - any socket's end takes away what is shown, whoever showed it
 * - what is posted is looked at before who posts it
 * - pauses are looked at before what is pressed
 * - a title is pressed as a button is
 * - the mouse is told of whatever its numbers are
 * - what there is not is answered with 200
 */
import { z } from "zod";

/** Any frame of the server: enough to know what it is about. */
export const Frame = z.looseObject({
  status: z.string(),
  context: z.string(),
  message: z.unknown().optional(),
  data: z.unknown().optional(),
});
export type Frame = z.infer<typeof Frame>;

/** The `data` of the `ok` that ends the handshake: whose channel it is. The id is Twitch's. */
export const Channel = z.looseObject({
  channelId: z.union([z.string().min(1).max(100), z.int().nonnegative().transform(String)]),
  displayName: z.string().nullish().catch(null),
});
export type Channel = z.infer<typeof Channel>;

/** The `data` of an `emit`. */
export const Emit = z.looseObject({ type: z.string(), payload: z.unknown().optional() });

/** A Twitch display name, if the viewer shares it. */
const username = z.string().nullish();

/** A component was used. `values` are what was typed or chosen in its window. */
export const InputPayload = z.looseObject({
  id: z.string().min(1),
  view: z.enum(["video_overlay", "panel", "mobile"]),
  values: z.record(z.string(), z.unknown()).nullish(),
  username,
});

/** The mouse was used. `type` is that of the emit, repeated. */
export const MousePayload = z.looseObject({
  clientWidth: z.number(),
  clientHeight: z.number(),
  clientX: z.number(),
  clientY: z.number(),
  username,
});

/** The `type` inside a payload. */
export const Typed = z.looseObject({ type: z.string() });

/**
 * As many UTF-16 units as a frame of ours may have: 2048 for the interface, 46 for what is around
 * it.
 */
export const MAX_FRAME_CHARS = 2094;

/** The only message there is: shows an interface, or with `{}` takes it away. */
export function formatUserInterface(data: object): string {
  return JSON.stringify({ context: "user_interface", data });
}

/**
 * The server's texts, to the letter: the space before the semicolon, the spelling, the full stop.
 */
export const texts = {
  queryMissing: "Query parameters are missing ; connection will be terminated.",
  credentialMissing: "ClientID or accessToken is missing ; connection will be terminated.",
  tokenInvalid: "An error occurred on token validation: invalid access token",
  tokenWrongKind:
    "We cant find user_id with your token. It must be an user access token retrieved with implitit code flow or authorization code flow.",
  userUnknown: "An error occurred to retrieve user details: ",
  connected: "You are well connected with the channel",
  spam: "We have detected spam ; connection will be terminated.",
  tooSoon:
    "The time between your previous message and message received is too high ; message is ignored.",
  tooBig: "Size of the JSON received is too big ; message is ignored.",
  unparsable: "A parsing error occured with the JSON received ; message is ignored.",
  incomplete: "Context or data is missing ; message is ignored.",
  invalid: "JSON received is invalid ; message is ignored.",
  identical: "JSON received has an identical ID than the previous ; message is ignored.",
  channelLost: "For unknown reasons, channelID is undefined ; connection will be terminated.",
  exceeded: "You have exceeded the warning limit ; connection will be terminated.",
  accepted: "Message was well received and transfered to Twitch API.",
} as const;

/** A frame of the server. */
export function answer(
  status: "ok" | "warning" | "error",
  context: "connection" | "message" | "emit",
  message: string | null,
  data: unknown = null,
): string {
  return JSON.stringify({ status, context, message, data });
}

/** The frame that tells a game of what a viewer did. */
export function emit(type: string, payload: unknown): string {
  return answer("ok", "emit", null, { type, payload });
}

/** A credential: printable ASCII (RFC 6749, appendix A). */
export const Secret = z
  .string()
  .regex(/^[\x20-\x7e]+$/, "must be printable ASCII")
  .max(4096);
