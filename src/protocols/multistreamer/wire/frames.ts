/*
 * multistreamer's socket, one for each stream: JSON frames with a `type`, and nothing that the client
 * has not asked for until something happens. Odd on purpose, each line the name of a test in
 * test/protocols/multistreamer:
 *
 * - nothing is sent on connecting: the first status has to be asked for
 * - an account is a number in a frame, and text as a key
 * - account 0 is the user's own internal room, and is always there
 * - while nothing is pushed a status lists account 0 alone
 * - an account that a status does not list is gone
 * - the first status tells how things are, not what began
 * - the accounts that are not the stream's never count as ready
 * - an account that a status cannot say is kept as it was
 * - emote is /me, not a picture
 * - /me of Twitch may come between control characters
 * - markdown has the emotes, and the text has the words
 * - a picture whose address somebody typed is no emote
 * - emotes behind letters beyond ASCII are cut in the wrong place
 * - from is somebody with a number, with a text, with a mere name, or missing
 * - a private message has a to, and may have no stream_id
 * - timestamp is milliseconds, or missing
 * - what is beside the point and cannot be read is not there
 * - without a timestamp no two messages are taken for one
 * - what a client sends leaks into what comes back
 * - a frame of a type we do not know is kept as provider.event
 * - a writer is granted, or nothing is said at all
 * - a writerresult may come without being asked for
 * - the stream's own account is echoed without an id
 * - an emote said on YouTube comes back as text between asterisks
 * - /irc and /msg lead to account 0, whichever account was meant
 * - /me is made an emote by who sends it
 * - a private message to nobody is lost without a word
 * - a 403 that says Not authorized is about the token, the stream or the rights
 * - what is said to us without the right to is passed over without a word
 * - a status comes when it is asked for, and when it has changed
 * - a viewcount is answered with what is known
 * - the account to write to may come as text
 * - a private message comes back to who sent it, if there is whom it is for
 * - what is no JSON ends the socket
 */
import { z } from "zod";

/** The longest frame that the server reads, in bytes (lua-resty-websocket's own default). */
export const FRAME_MAX_BYTES = 65_535;

/** Any frame of the server: enough to know which it is. */
export const ServerFrame = z.looseObject({ type: z.string() });
export type ServerFrame = z.infer<typeof ServerFrame>;

/** An account's number as text: what connections are named after. */
export const AccountId = z
  .union([z.int().nonnegative(), z.string().regex(/^(0|[1-9]\d{0,14})$/)])
  .transform(String);

const text = z.string().nullish();
const flag = z.boolean().nullish();

export const Status = z.looseObject({
  status: z.looseObject({ data_incoming: flag, data_pushing: flag, data_pulling: flag }).nullish(),
  accounts: z.record(z.string(), z.unknown()),
});
export type Status = z.infer<typeof Status>;

/** One account of a status, and the key it is under. */
export const ListedAccount = z.tuple([
  AccountId,
  z.looseObject({
    network: z.looseObject({ name: text, displayName: text }).nullish(),
    name: text,
    http_url: text,
    live: flag,
    writable: flag,
    ready: flag,
  }),
]);
export type ListedAccount = z.infer<typeof ListedAccount>;

/** A writer: the right of one account to write to the chat of another. */
export const WriterResult = z.looseObject({
  account_id: AccountId,
  cur_stream_account_id: AccountId,
});

export const ViewCountResult = z.looseObject({
  account_id: AccountId,
  viewer_count: z.int().nonnegative(),
});

const Somebody = z.looseObject({ id: z.union([z.string(), z.number()]).nullish(), name: text });

// No message is thrown away over a field that is beside the point: what cannot be read is not there.
const loose = text.catch(null);

/** The fields of a `text` or an `emote`. To whom it is has to be read: it may be private. */
export const SaidFrame = z.looseObject({
  type: z.enum(["text", "emote"]),
  account_id: AccountId,
  network: loose,
  text: z.string(),
  markdown: loose,
  from: Somebody.extend({ picture: loose }).nullish(),
  to: Somebody.nullish(),
  timestamp: z.number().nullish().catch(null),
});
export type SaidFrame = z.infer<typeof SaidFrame>;

/** Any frame of a client. One of a type that is none is passed over. */
export const ClientFrame = z.looseObject({ type: z.unknown().optional() });

/** The internal room, as an `AccountId`. */
export const INTERNAL_ACCOUNT = "0";

/** Asks for a writer: pages have the second number as a text, as they find it in a list. */
export const WriterRequest = z.looseObject({
  account_id: AccountId,
  cur_stream_account_id: AccountId,
});

/** A client's message. Without an account that it is for, it goes nowhere. */
export const Uttered = z.looseObject({
  type: z.enum(["text", "emote"]),
  account_id: AccountId.optional().catch(undefined),
  cur_stream_account_id: AccountId.optional().catch(undefined),
  text: z.string(),
});
export type Uttered = z.infer<typeof Uttered>;

/** Asks for a `status`. */
export const STATUS_REQUEST = JSON.stringify({ type: "status" });

/**
 * From which account to which account's chat, as numbers: the server finds no writer under a text.
 */
interface Route {
  readonly sender: string;
  readonly target: string;
}

/** Asks for a writer. */
export function formatWriterRequest({ sender, target }: Route): string {
  return JSON.stringify({
    type: "writer",
    account_id: Number(sender),
    cur_stream_account_id: Number(target),
  });
}

/** Says something. */
export function formatChat(
  type: SaidFrame["type"],
  { sender, target }: Route,
  words: string,
): string {
  return JSON.stringify({
    type,
    account_id: Number(sender),
    cur_stream_account_id: Number(target),
    text: words,
  });
}
