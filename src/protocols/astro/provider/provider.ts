import { z } from "zod";

import { formatConnectionId } from "../../../event/ids.ts";
import { classifyRefusal, type SocketProviderAdapter } from "../../provider.ts";
import { DEFAULT_URL } from "../wire/frames.ts";
import { readReconnectToken } from "./reconnect-token.ts";
import { openSession } from "./session.ts";

// A topic a tenth of a second: 50 are asked for well within the time a session has to get ready.
const MAX_TOPICS = 50;

/** A topic is dotted small letters; which there are, only StreamElements knows. */
const TopicName = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$/, "must be a topic, for example channel.activities");

export const Target = z
  .strictObject({
    topics: z
      .array(TopicName)
      .min(1)
      .max(MAX_TOPICS)
      .refine((topics) => new Set(topics).size === topics.length, "must not name a topic twice"),
    /** Absent: the room of the token's channel. */
    room: z
      .string()
      .regex(/^[\w-]{1,100}$/, "must be the id of a StreamElements channel")
      .optional(),
  })
  .describe("`{topics, room?}`");

export const Credentials = z
  .strictObject({
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, "must be printable ASCII")
      .max(4096),
    tokenType: z.enum(["jwt", "apikey", "oauth", "oauth2"]),
  })
  .describe("`{token, tokenType}`");

/** Dials StreamElements' Astro gateway and hears the topics of one room. */
export const provider: SocketProviderAdapter = {
  protocol: "astro",
  Target,
  Credentials,
  defaultUrl: DEFAULT_URL,
  // Without a room, which one it is Astro tells with its first answer.
  claims: (target) => {
    const { room } = Target.parse(target);
    return room === undefined ? [] : [formatConnectionId("astro", room)];
  },
  secrets: (credentials) => [Credentials.parse(credentials).token],
  dial(link) {
    const url = new URL(link.url ?? DEFAULT_URL);
    const handOver = readReconnectToken(link.handOver);
    if (handOver !== null) url.searchParams.set("reconnect_token", handOver.token);
    return { url: url.toString(), protocols: [] };
  },
  open(link) {
    const { topics, room } = Target.parse(link.target);
    const { token, tokenType } = Credentials.parse(link.credentials);
    return openSession({
      dialId: link.dialId,
      providerId: link.providerId,
      topics,
      room,
      token,
      // The document's word for what is oauth2 today.
      tokenType: tokenType === "oauth" ? "oauth2" : tokenType,
      handOver: readReconnectToken(link.handOver),
    });
  },
  refused: classifyRefusal,
  closed: ({ code, reason }) => ({
    remedy: "retry",
    reason: "socket_closed",
    detail: `StreamElements closed the socket (${code}${reason === "" ? "" : `, ${reason}`}).`,
  }),
};
