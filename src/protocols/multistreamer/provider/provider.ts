import { z } from "zod";

import { classifyRefusal, type SocketProviderAdapter } from "../../provider.ts";
import type { LinkFailure } from "../../session.ts";
import { PROTOCOL } from "../codec/status.ts";
import { sending } from "./sending.ts";
import { openSession } from "./session.ts";

const Target = z
  .strictObject({
    // It is a number, and is written so by most who have one.
    streamId: z.preprocess(
      (id) => (typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? String(id) : id),
      z.string().regex(/^[\w-]{1,100}$/),
    ),
  })
  .describe("`{streamId}`");
const Credentials = z
  .strictObject({
    // It goes into an address: printable ASCII. The server's own are 20 hexadecimal digits.
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, "must be printable ASCII")
      .max(4096),
  })
  .describe("`{token}`");

/** Dials a multistreamer and hears, and speaks in, the chats of one stream. */
export const provider: SocketProviderAdapter = {
  protocol: PROTOCOL,
  Target,
  Credentials,
  // Everybody runs their own.
  defaultUrl: null,
  // Which accounts there are, a status tells.
  claims: () => [],
  secrets: (credentials) => [Credentials.parse(credentials).token],
  dial(link) {
    if (link.url === null) throw new Error("a multistreamer without an address");
    const url = new URL(link.url);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/ws/${Target.parse(link.target).streamId}`;
    url.searchParams.set("token", Credentials.parse(link.credentials).token);
    return { url: url.toString(), protocols: [] };
  },
  open: ({ dialId }) => openSession({ dialId }),
  refused(refusal) {
    const isDenied = refusal.status === 403 && /^\s*not authorized/i.test(refusal.body);
    return isDenied ? NOT_AUTHORIZED : classifyRefusal(refusal);
  },
  closed: ({ code, reason }) => ({
    remedy: "retry",
    reason: "socket_closed",
    detail: `The server closed the socket (${code}${reason === "" ? "" : `, ${reason}`}).`,
  }),
  sending,
};

const NOT_AUTHORIZED: LinkFailure = {
  remedy: "stop",
  reason: "not_authorized",
  detail:
    "The server says Not authorized: the token is not valid, there is no stream with this id, or the token's user may not read its chat.",
};
