import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import { Topic } from "./subscriptions.ts";

/** The state that a session leaves to the one that replaces it. Never log one: it holds a token. */
export const ReconnectToken = z.object({
  /** With which the server gives the subscriptions back. */
  token: z.string(),
  /** The room its connection goes by, which a welcome does not tell. */
  room: z.string(),
  /** The connection's uuid, to be closed. */
  uuid: z.string(),
  topics: z.array(Topic),
});
export type ReconnectToken = z.infer<typeof ReconnectToken>;

/** Null where there is none, or none that can be read: then the session begins from nothing. */
export function readReconnectToken(text: string | null): ReconnectToken | null {
  if (text === null) return null;
  const decoded = decodeJson(ReconnectToken, text);
  return decoded.ok ? decoded.value : null;
}
