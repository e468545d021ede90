import { z } from "zod";

import { formatConnectionId } from "../../../event/ids.ts";
import { decodeJson } from "../../../lib/json.ts";
import type { SocketProviderAdapter } from "../../provider.ts";
import {
  ABOUT_CREDENTIALS,
  listSecrets,
  OptionalCredentials,
  readAccount,
  readRefusal,
  renewal,
  Target,
} from "../../twitch-account.ts";
import { makeDeviceLogIn } from "../../twitch-log-in.ts";
import { sending } from "../../twitch-sending.ts";
import { DEFAULT_URL } from "../wire/frames.ts";
import type { HandOver } from "./connection.ts";
import { readPlace } from "./renaming.ts";
import { openSession } from "./session.ts";

/** Nothing, to read; a user's token and the app that it was given to, to write. */
const Credentials = OptionalCredentials.describe(ABOUT_CREDENTIALS);

const HandedOver: z.ZodType<HandOver> = z.object({
  isRenewed: z.boolean(),
  hops: z.int(),
  writer: z.object({ userId: z.string().nullable(), reason: z.string().nullable() }),
});

// Of more than 20 JOINs in 10 s the rest are not answered.
const DIAL_EVERY_MS = 600;

/** An account is needed to write only. */
const SCOPES = ["user:write:chat"];

/** Dials Twitch's chat and hears one room: without an account, whosever room it is. */
export const provider: SocketProviderAdapter = {
  protocol: "twitch-irc",
  Target,
  Credentials,
  defaultUrl: DEFAULT_URL,
  claims: (target) => [formatConnectionId("twitch-irc", Target.parse(target).channel)],
  secrets: listSecrets,
  dialEveryMs: DIAL_EVERY_MS,
  dial: (link) => ({ url: link.url ?? DEFAULT_URL, protocols: [] }),
  open({ dialId, url, target, credentials, handOver, place }) {
    const left = decodeJson(HandedOver, handOver ?? "");
    const { channel } = Target.parse(target);
    return openSession({
      dialId,
      url,
      channel,
      known: readPlace(channel, place),
      account: readAccount(credentials),
      handOver: left.ok ? left.value : null,
    });
  },
  sending,
  refused: readRefusal,
  closed: ({ code, reason }) => ({
    remedy: "retry",
    reason: "socket_closed",
    detail: `Twitch closed the socket (${code}${reason === "" ? "" : `, ${reason}`}).`,
  }),
  renewal,
  logIn: makeDeviceLogIn(SCOPES),
};
